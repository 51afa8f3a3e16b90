"""A database goes from release to release with people's data in it, while processes of both work on it."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.config import load_settings
from bot.schema import CannotStart, require
from bot.serving import worker_only
from storage import migrations
from storage.database import Database, open_database
from tests.actors import TelegramCitizen, WebCitizen, texts
from tests.postgres import Postgres
from tests.scenarios.desk import Colleague, appoint, asks_for_a_human
from tests.stage import Stage
from tests.storage.rows import Row, fill, missing

LATER = (
    "ALTER TABLE tickets ADD COLUMN urgency VARCHAR(10)",
    "ALTER TABLE contacts ADD COLUMN visits INTEGER NOT NULL DEFAULT 0",
    "CREATE TABLE badges (id INTEGER PRIMARY KEY, ticket_number INTEGER NOT NULL)",
    "UPDATE alembic_version SET version_num = '9999'",
)
"""What a later release may add while processes of this one run."""


def revisions() -> list[str]:
    """All that were ever released, the oldest first."""
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent)).walk_revisions()
    return [script.revision for script in scripts][::-1]


async def test_rows_of_every_revision_are_all_there_in_the_end(database_url: str) -> None:
    rows: list[Row] = []
    for number, revision in enumerate(revisions(), start=1):
        await migrations.migrate(database_url, to=revision)
        database = open_database(database_url)
        rows += await database.write(partial(_fill, number=number))
        await database.close()
    database = open_database(database_url)
    assert await database.read(migrations.current) == migrations.head()
    assert {"contacts", "tickets", "inbox", "outbox", "holds", "proposals"} <= {name for name, *_ in rows}
    assert await database.read(lambda session: missing(session.connection(), rows)) == []
    await database.close()


@pytest.mark.fault(15)
@pytest.mark.both_databases
async def test_what_runs_goes_on_while_a_later_release_expands_the_schema(stage: Stage) -> None:
    camille = await appoint(stage, "Camille Martin", territories="25", role="admin", national=True)
    nadia = TelegramCitizen(stage)
    number = await asks_for_a_human(nadia, "25")
    await stage.house.database.write(_expand)
    assert "robot" in texts(await WebCitizen(stage).says("bonjour"))
    await _dialogue(nadia, camille, number)
    assert (await stage.house.probe()).ready, "or a balancer would take out all old processes at once"


async def _dialogue(nadia: TelegramCitizen, camille: Colleague, number: int) -> None:
    notice = await camille.notice(number)
    await camille.writes("Voici la marche à suivre.", reply_to=notice)
    assert "Voici la marche à suivre." in texts(await nadia.hears())


@pytest.fixture
async def expanded(postgresql_url: str) -> AsyncIterator[Database]:
    """A database of the next release."""
    database = open_database(postgresql_url)
    await database.write(_expand)
    yield database
    await database.close()


@pytest.mark.fault(15)
@pytest.mark.postgres
async def test_a_process_of_this_release_starts_on_an_expanded_schema(expanded: Database) -> None:
    await require(expanded)


@pytest.mark.fault(15)
@pytest.mark.postgres
@pytest.mark.parametrize(
    "contracted",
    [
        "ALTER TABLE tickets DROP COLUMN theme",
        "DROP TABLE holds",
        "ALTER TABLE contacts ADD COLUMN consent BOOLEAN NOT NULL",
    ],
)
async def test_but_not_on_one_that_lacks_what_it_needs(
    contracted: str, expanded: Database, postgresql_url: str
) -> None:
    await expanded.write(lambda session: session.execute(text(contracted)))
    with pytest.raises(CannotStart, match="schema 9999, which a later release made"):
        await worker_only(load_settings(database_url=postgresql_url, ops_port=0))


@pytest.mark.fault(15)
@pytest.mark.postgres
async def test_a_migration_waits_for_another_one_from_its_beginning_to_its_end(postgres: Postgres) -> None:
    url = postgres.create("locked_migration")
    database = open_database(url)
    beside = open_database(url)
    free = asyncio.Event()
    loop = asyncio.get_running_loop()

    def hold(session: Session) -> None:
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": migrations.LOCK})
        loop.call_soon(free.set)
        session.execute(text("SELECT pg_sleep(1)"))
        assert migrations.current(session) is None, "nobody migrates while the lock is held"

    holding = asyncio.create_task(database.write(hold))
    await free.wait()
    migrating = asyncio.create_task(migrations.migrate(url))
    while not await beside.read(_somebody_waits):
        assert not migrating.done()
    await holding
    await migrating
    assert await beside.read(migrations.current) == migrations.head()
    await database.close()
    await beside.close()


def _fill(session: Session, number: int) -> list[Row]:
    return fill(session.connection(), number)


def _expand(session: Session) -> None:
    for statement in LATER:
        session.execute(text(statement))


def _somebody_waits(session: Session) -> bool:
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = :key AND NOT granted"
    return bool(session.scalar(text(waiting), {"key": migrations.LOCK}))


@pytest.mark.fault(15)
@pytest.mark.postgres
async def test_a_migration_lets_the_turns_that_run_go_first(postgres: Postgres) -> None:
    url = postgres.create("in_use")
    await migrations.migrate(url, to="0001")
    database = open_database(url)
    begun, loop = asyncio.Event(), asyncio.get_running_loop()

    def turn(session: Session) -> None:
        session.execute(text("SELECT 1 FROM tickets"))
        loop.call_soon(begun.set)
        session.execute(text("SELECT pg_sleep(2)"))
        session.execute(text("SELECT 1 FROM contacts, outbox, inbox, referents, transcript"))

    running = asyncio.create_task(database.write(turn))
    await begun.wait()
    await asyncio.gather(running, migrations.migrate(url))
    assert await database.read(migrations.current) == migrations.head()
    await database.close()
