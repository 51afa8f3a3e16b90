"""The schema's history. Alembic does the work; its configuration is built here, in code.

Rule for several workers: expand, then contract. A release may add what the previous one does not know; it
removes only what the previous release already stopped using.
"""

import asyncio
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import Session

from storage.database import DatabaseUnavailable, sqlite_path
from storage.sqlite_engine import make_engine

HERE = Path(__file__).parent
LOCK = 7_266_833
"""Number of the advisory lock that keeps two `migrate` on PostgreSQL from running at once (any constant)."""

TRIES = 60
"""How often a migration is begun anew because a table is in use."""
PATIENCE_MS = 800
"""Waited for a table at once, while all turns wait behind; PostgreSQL looks for deadlocks after a second."""
_IN_USE = {"55P03", "40P01"}


@cache
def known() -> frozenset[str]:
    """All revisions that this program knows: the numbers with which the files of its history begin."""
    return frozenset(path.name.partition("_")[0] for path in (HERE / "versions").glob("[0-9]*.py"))


@cache
def head() -> str:
    """The revision that this program needs."""
    return max(known())


def current(session: Session) -> str | None:
    """The database's revision; None when it is empty."""
    return _revision(session.connection())


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


async def migrate(url: str, to: str = "head") -> None:
    """Brings the database to `head()`, or to an older revision on its way there.

    Raises DatabaseUnavailable when it cannot be reached or written.
    """
    try:
        if url.startswith("sqlite"):
            await asyncio.to_thread(_migrate_sqlite, sqlite_path(url), to)
        else:
            await _migrate_postgresql(url, to)
    except (DBAPIError, OSError) as error:
        raise DatabaseUnavailable(str(getattr(error, "orig", error))) from error


def upgrade(connection: Connection, to: str = "head") -> None:
    """Runs the missing revisions on an open connection."""
    if to == "head" and _revision(connection) == head():
        return
    # Most starts find nothing to do: they need not wait for Alembic.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _migrate_sqlite(path: Path, to: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = make_engine(path)
    try:
        with engine.connect() as connection, connection.begin():
            upgrade(connection, to)
    finally:
        engine.dispose()


async def _migrate_postgresql(url: str, to: str) -> None:
    engine = create_async_engine(url, connect_args={"timeout": 5})
    try:
        for tries_left in reversed(range(TRIES)):
            try:
                async with engine.begin() as connection:
                    await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
                    # Processes that run need the tables in another order: let them go first, and try again.
                    await connection.execute(text(f"SET LOCAL lock_timeout = {PATIENCE_MS}"))
                    await connection.run_sync(upgrade, to)
                    return
            except DBAPIError as error:
                if not tries_left or getattr(error.orig, "sqlstate", None) not in _IN_USE:
                    raise
                await asyncio.sleep(PATIENCE_MS / 1000)
    finally:
        await engine.dispose()
