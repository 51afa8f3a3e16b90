"""The schema's history: from nothing to the tables of `storage.tables`, on both databases."""

import asyncio
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.config import load_settings
from bot.schema import CannotStart
from bot.serving import run, worker_only
from storage import migrations
from storage.database import Database, open_database
from storage.tables import Table


def _is_ours(_object: object, name: str | None, kind: str, *_: object) -> bool:
    """What only one of the databases has stands in no model: the full-text index and its parts."""
    index_of_words = (name or "").startswith("ticket_words_index") or name == "ix_ticket_words_words"
    return not (index_of_words or (kind == "column" and name == "words"))


def _differences(session: Session) -> list[object]:
    options = {"compare_type": True, "include_object": _is_ours}
    context = MigrationContext.configure(session.connection(), opts=options)
    return list(compare_metadata(context, Table.metadata))


async def test_the_migrations_make_exactly_the_tables_that_the_code_expects(database: Database) -> None:
    assert await database.read(_differences) == []
    assert await database.read(migrations.current) == migrations.head()


def test_files_are_named_by_their_revisions_in_their_order() -> None:
    """So that a start knows them without Alembic."""
    config = Config()
    config.set_main_option("script_location", str(migrations.HERE))
    history = ScriptDirectory.from_config(config)
    assert migrations.known() == {script.revision for script in history.walk_revisions()}
    assert migrations.head() == history.get_current_head()


async def test_an_empty_database_has_no_revision(database_url: str) -> None:
    database = open_database(database_url)
    assert await database.read(migrations.current) is None
    await database.close()


@pytest.mark.fault(15)
async def test_several_who_migrate_at_once_migrate_once(database_url: str) -> None:
    await asyncio.gather(*(migrations.migrate(database_url) for _ in range(3)))
    database = open_database(database_url)
    assert await database.read(_differences) == []
    await database.close()


@pytest.mark.fault(76)
async def test_the_database_of_a_later_release_is_left_alone(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    await database.write(lambda s: s.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    settings = load_settings(database_url=database_url, data_dir=tmp_path, ops_port=0, web_port=0)
    with pytest.raises(CannotStart, match="schema 9999, which a later release made"):
        await run(settings, print)
    assert await database.read(migrations.current) == "9999"


@pytest.mark.fault(15)
@pytest.mark.postgres
async def test_web_and_worker_say_how_to_get_the_schema(database_url: str) -> None:
    expected = "need PostgreSQL" if database_url.startswith("sqlite") else "python -m bot migrate"
    with pytest.raises(CannotStart, match=expected):
        await worker_only(load_settings(database_url=database_url, ops_port=0))
