"""Connections to PostgreSQL that died while nobody used them: whoever comes next notices nothing."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from storage import postgresql
from storage.database import open_database

pytestmark = pytest.mark.postgres

EVERYBODY_ELSE = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid != pg_backend_pid()"
)


def backend(session: Session) -> Any:
    return session.scalar(text("SELECT pg_backend_pid()"))


@pytest.mark.parametrize("how", ["write", "read"])
async def test_what_was_hung_up_on_during_a_rest_is_replaced(
    postgresql_url: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "RESTED", 0.0)
    ours, other = open_database(postgresql_url), open_database(postgresql_url)
    run = getattr(ours, how)
    before = set(await asyncio.gather(*(run(backend) for _ in range(4))))
    assert await other.write(lambda session: session.scalar(text(EVERYBODY_ELSE))) == len(before)
    after = set(await asyncio.gather(*(run(backend) for _ in range(4))))
    assert not before & after
    await ours.close()
    await other.close()


async def test_what_was_used_a_moment_ago_is_used_again(postgresql_url: str) -> None:
    database = open_database(postgresql_url)
    first = await database.write(backend)
    assert [await database.read(backend), await database.write(backend)] == [first, first]
    await database.close()
