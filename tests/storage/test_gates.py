"""A role for one process at a time, measured by the database's clock. On both databases."""

import asyncio

import pytest

from storage import gates
from storage.database import Database
from tests.storage.passing import time_passes

ROLE = "telegram!polling"


async def hold(database: Database, holder: str, *, seconds: int = 45) -> bool:
    return await database.write(lambda s: gates.hold(s, ROLE, holder, for_ms=seconds * 1000))


@pytest.mark.fault(14)
async def test_of_two_processes_with_one_token_one_polls(database: Database) -> None:
    held = await asyncio.gather(*(hold(database, f"process {number}") for number in range(4)))
    assert sorted(held) == [False, False, False, True]


async def test_the_holder_renews_and_nobody_else_gets_in_between(database: Database) -> None:
    assert await hold(database, "first")
    for _ in range(3):
        await database.write(lambda s: time_passes(s, seconds=30))
        assert not await hold(database, "second")
        assert await hold(database, "first")


@pytest.mark.fault(9)
async def test_a_role_whose_holder_died_is_free_after_its_lease(database: Database) -> None:
    assert await hold(database, "dead")
    await database.write(lambda s: time_passes(s, seconds=46))
    assert await hold(database, "alive")
    assert not await hold(database, "dead")


async def test_a_role_let_go_or_taken_away_is_free_at_once(database: Database) -> None:
    assert await hold(database, "first")
    await database.write(lambda s: gates.let_go(s, ROLE, "somebody else"))
    assert not await hold(database, "second")
    await database.write(lambda s: gates.let_go(s, ROLE, "first"))
    assert await hold(database, "second")
    await database.write(lambda s: gates.forget(s, ROLE))
    assert await hold(database, "third")
