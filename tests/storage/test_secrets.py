"""Tokens: given away once, used once, kept as hashes only. On both databases."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from storage import directory, secrets
from storage.database import Database
from storage.tables import Secret
from tests.storage.passing import NOW

HOUR = timedelta(hours=1)


async def make(database: Database, kind: str = "login") -> str:
    return await database.write(lambda s: secrets.new(s, kind, now=NOW, lasts=HOUR))


async def use(database: Database, token: str, *, kind: str = "login", at: timedelta = timedelta()) -> bool:
    return await database.write(lambda s: secrets.use(s, kind, token, now=NOW + at) is not None)


@pytest.mark.fault(70)
async def test_of_many_who_use_a_one_time_token_at_once_one_gets_in(database: Database) -> None:
    token = await make(database)
    assert sorted(await asyncio.gather(*(use(database, token) for _ in range(6)))) == [False] * 5 + [True]
    assert not await use(database, token)


@pytest.mark.fault(70)
async def test_a_token_is_refused_after_its_time_and_for_another_purpose(database: Database) -> None:
    token = await make(database)
    assert not await use(database, token, kind="invitation")
    assert not await use(database, token, at=HOUR)
    assert await use(database, token, at=HOUR - timedelta(seconds=1))


async def test_a_double_click_on_a_form_counts_once(database: Database) -> None:
    def referent(session: Session) -> int:
        return directory.add(session, name="Alice", role="referent", national=False, email=None, now=NOW).id

    alice = await database.write(referent)

    async def click() -> bool:
        return await database.write(
            lambda s: secrets.first_use(s, "form", "form-1", now=NOW, lasts=HOUR, referent_id=alice)
        )

    assert sorted(await asyncio.gather(*(click() for _ in range(4)))) == [False, False, False, True]


async def test_a_stolen_database_holds_no_token(database: Database) -> None:
    token = await make(database)
    hashes = await database.read(lambda s: list(s.scalars(select(Secret.hash))))
    assert len(hashes) == 1
    assert token not in hashes
    assert hashes[0] == secrets.hashed(token)


async def test_what_has_expired_is_forgotten(database: Database) -> None:
    token = await make(database)
    await database.write(lambda s: secrets.forget_expired(s, before=NOW))
    assert await database.read(lambda s: secrets.find(s, "login", token, now=NOW) is not None)
    await database.write(lambda s: secrets.forget_expired(s, before=NOW + 2 * HOUR))
    assert await database.read(lambda s: s.scalar(select(Secret.hash))) is None
