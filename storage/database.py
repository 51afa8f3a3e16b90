"""One way to run a transaction, on SQLite and on PostgreSQL alike.

`write(work)` runs `work(session)` in one transaction; `read(work)` runs it on a connection of its own that
must change nothing. Both raise `DatabaseUnavailable` when the database cannot be reached or cannot write,
and whatever `work` raised otherwise; in both cases nothing of `work` was kept.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy.orm import Session

T = TypeVar("T")
Work = Callable[[Session], T]


class DatabaseUnavailable(Exception):
    """The database is away, full, read-only or locked; what was asked can be asked again later."""


class Spoilt(Exception):
    """A statement failed in a turn that went on all the same: nothing of the turn is kept."""


class Overtaken(Exception):
    """Another transaction took away what this one stands on; run again as a whole, it sees what is left."""


class Database(Protocol):
    """What the rest of the program may do with a database."""

    dialect: str

    async def write(self, work: Work[T], *, soon: bool = True) -> T:
        """Not `soon`: nobody waits for it, and it may wait a moment for others to be committed with."""
        ...

    async def read(self, work: Work[T]) -> T: ...

    async def close(self) -> None: ...


def open_database(url: str) -> Database:
    """Opens `sqlite:///path`, `sqlite+aiosqlite:///path` (the same) or `postgresql+asyncpg://…`.

    Nothing is created but SQLite's folder and file; the schema is `storage.migrations`' business.
    """
    from storage.postgresql import PostgresqlDatabase
    from storage.sqlite import SqliteDatabase

    if url.startswith("sqlite"):
        return SqliteDatabase(sqlite_path(url))
    return PostgresqlDatabase(url)


def sqlite_path(url: str) -> Path:
    """The file behind a SQLite URL."""
    return Path(url.split(":///", 1)[1])
