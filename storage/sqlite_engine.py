"""SQLite's connections: what each is told when it opens, and the one that a thread keeps."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from storage import traces
from storage.steady import SteadyClock

_WAITS = 5
"""Seconds that a connection waits for others."""
_PRAGMAS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    f"PRAGMA busy_timeout = {1000 * _WAITS}",
    # What is erased is overwritten: a copy of the file must not hold what people had erased.
    "PRAGMA secure_delete = ON",
)


def make_engine(path: Path, clock: SteadyClock | None = None) -> Engine:
    """An engine whose transactions take SQLite's write lock at once, and whose clock does not jump.

    A transaction that reads before it writes would fail at once, busy_timeout or not, when somebody else
    wrote in between; taking the lock first makes it wait instead.
    """
    now = clock or SteadyClock()
    engine = create_engine(
        f"sqlite:///{path}",
        connect_args={"check_same_thread": False},
        pool_size=1,
        max_overflow=0,
        hide_parameters=True,  # errors are logged, and parameters hold what people wrote
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        _turn_to_wal(connection)
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        # `deterministic`: asked once in a statement, as every database does with its own clock.
        connection.create_function("steady_now", 0, now, deterministic=True)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        deferred = connection.get_execution_options().get("only_reads", False)
        statement = "BEGIN" if deferred else "BEGIN IMMEDIATE"
        try:
            _bare(connection).execute(statement)  # SQLAlchemy takes longer over it than all else it does here
        except sqlite3.Error as error:
            raise DBAPIError.instance(
                statement, (), error, sqlite3.Error, dialect=connection.dialect
            ) from error

    return engine


def _bare(connection: Connection) -> sqlite3.Connection:
    return cast(sqlite3.Connection, connection.connection.dbapi_connection)


def _turn_to_wal(connection: sqlite3.Connection) -> None:
    """Of a new file: SQLite does not wait here, as it does elsewhere, for others who do it in that moment."""
    end = time.monotonic() + _WAITS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(0.01)
        else:
            return


class Held:
    """The one connection of a thread, kept from one transaction to the next: to fetch it from its pool and to
    give it back costs nearly twice what a transaction does. After a failure it is fetched anew.
    """

    def __init__(self, engine: Engine, *, only_reads: bool = False) -> None:
        self._engine, self._only_reads = engine, only_reads
        self._connection: Connection | None = None

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        if self._connection is None:
            self._connection = self._engine.connect().execution_options(only_reads=self._only_reads)
        try:
            with self._connection.begin() as transaction:
                yield self._connection
                if self._only_reads:  # and nothing is committed: reading changes nothing
                    transaction.rollback()
        except BaseException:
            self.close()
            raise

    def leave_no_traces(self) -> None:
        """Empties the journal if something was erased; once more after the next commit if somebody reads."""
        if self._connection is None or not traces.due(self._connection):
            return
        bare = _bare(self._connection)
        bare.execute("PRAGMA busy_timeout = 0")
        try:
            busy, *_ = bare.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            bare.execute(f"PRAGMA busy_timeout = {1000 * _WAITS}")
        if not busy:
            traces.removed(self._connection)

    def close(self) -> None:
        held, self._connection = self._connection, None
        if held is not None:
            held.close()
