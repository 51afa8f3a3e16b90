"""On PostgreSQL a turn that bears the failure of a statement has kept nothing, and must not seem done."""

from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from storage import queue
from storage.database import Database, DatabaseUnavailable, Spoilt, open_database
from tests.storage.passing import NOW

pytestmark = pytest.mark.postgres
REFUSED = "SELECT nothing FROM nowhere"


@pytest.fixture
async def on_server(postgresql_url: str) -> AsyncIterator[Database]:
    database = open_database(postgresql_url)
    yield database
    await database.close()


def put(session: Session, key: str) -> bool:
    return queue.put(session, key=key, lane="telegram:1", payload={}, now=NOW)


def bear(session: Session, statement: str) -> None:
    put(session, "lost")
    with suppress(DBAPIError):
        session.execute(text(statement))


@pytest.mark.fault(73)
@pytest.mark.parametrize(
    ("statement", "told"),
    [
        pytest.param(REFUSED, Spoilt, id="refused"),
        pytest.param("SELECT pg_terminate_backend(pg_backend_pid())", DatabaseUnavailable, id="cut off"),
    ],
)
async def test_it_is_told_and_the_next_one_is_done(
    on_server: Database, statement: str, told: type[Exception]
) -> None:
    with pytest.raises(told):
        await on_server.write(lambda session: bear(session, statement))
    assert await on_server.read(queue.counts) == {}
    assert await on_server.write(lambda session: put(session, "next"))
    assert await on_server.read(queue.counts) == {"new": 1}


async def test_what_failed_in_a_savepoint_is_mended(on_server: Database) -> None:
    def mend(session: Session) -> bool:
        with suppress(DBAPIError), session.begin_nested():
            session.execute(text(REFUSED))
        return put(session, "kept")

    assert await on_server.write(mend)
    assert await on_server.read(queue.counts) == {"new": 1}
