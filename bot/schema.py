"""Whether a process may start on the database's schema, and what to type when not."""

from typing import assert_never

import structlog

from storage import migrations
from storage.database import Database, DatabaseUnavailable, open_database
from storage.schema import fit

log = structlog.get_logger(__name__)


class CannotStart(Exception):
    """Why the program does not start, and what to do; said without a trace."""


async def prepare(url: str) -> None:
    """Brings the database to our schema; one from a later release is left alone."""
    try:
        revision = await _revision(url)
    except DatabaseUnavailable as error:
        raise CannotStart(f"BOT_DATABASE_URL: the database cannot be opened ({error})") from None
    if revision is not None and revision not in migrations.known():
        raise CannotStart(_later(revision))
    try:
        await migrations.migrate(url)
    except DatabaseUnavailable as error:
        raise CannotStart(f"BOT_DATABASE_URL: the database cannot be written ({error})") from None


def _later(revision: str | None) -> str:
    return (
        f"The database has schema {revision}, which a later release made; this one knows up to "
        f"{migrations.head()}. Install that release again, or restore a backup."
    )


async def _revision(url: str) -> str | None:
    database = open_database(url)
    try:
        return await database.read(migrations.current)
    finally:
        await database.close()


async def require(database: Database) -> None:
    """Ours, or what a later release has made of it: while that one is rolled out, both run side by side."""
    try:
        revision = await database.read(migrations.current)
        found = await database.read(fit)
    except DatabaseUnavailable as error:
        raise CannotStart(f"BOT_DATABASE_URL: the database cannot be reached ({error})") from None
    match found:
        case "expanded":
            log.warning("schema_of_a_later_release", revision=revision, ours=migrations.head())
        case "older":
            raise CannotStart(
                f"The database has schema {revision}; this release needs {migrations.head()}. "
                "Type: python -m bot migrate"
            )
        case "other":
            raise CannotStart(_later(revision))
        case "ours":
            pass
        case _:
            assert_never(found)
