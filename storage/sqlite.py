"""SQLite: one writer thread owns the one connection that writes.

`BEGIN IMMEDIATE` and one COMMIT for all turns that wait: the cost of a synchronous commit is shared. When
one of them fails all are run again, each in a SAVEPOINT, so that the failing one rolls back alone. Reads go
to a second thread with its own connection (WAL lets them see the last commit while a write is under way);
those that wait share one view of the database, which is newer than any of them.
"""

import asyncio
import os
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

from storage.database import DatabaseUnavailable
from storage.errands import Errand, Failed, Outcome, Waiting, bring_back, errand, gathered
from storage.sqlite_engine import Held, make_engine
from storage.steady import SteadyClock

T = TypeVar("T")

LARGEST_GROUP = 64
"""Turns that share one COMMIT at most; more would only make the first one wait longer."""

MOMENT = 0.01
"""Seconds that what nobody waits for waits for others to share a COMMIT with."""


class SqliteDatabase:
    """See `storage.database`."""

    dialect = "sqlite"

    def __init__(self, path: Path, clock: SteadyClock | None = None) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseUnavailable(f"{path.parent}: {error.strerror}") from error
        clock = clock or SteadyClock()
        self._writing, self._reading = make_engine(path, clock), make_engine(path, clock)
        self._path = path
        self._for_writes, self._for_reads = Held(self._writing), Held(self._reading, only_reads=True)
        self._file: os.stat_result | None = None
        self._to_write, self._to_read = Waiting(), Waiting()
        self._closed = False
        self._threads = (
            threading.Thread(target=self._write_all, name="sqlite-writer", daemon=True),
            threading.Thread(target=self._read_all, name="sqlite-reader", daemon=True),
        )
        for thread in self._threads:
            thread.start()

    async def write(self, work: Callable[[Session], T], *, soon: bool = True) -> T:
        # The work goes on if the caller is cancelled: a commit cannot be half taken back.
        return await self._done(self._to_write, work, soon=soon)

    async def read(self, work: Callable[[Session], T]) -> T:
        return await self._done(self._to_read, work)

    async def close(self) -> None:
        self._closed = True
        for waiting in (self._to_write, self._to_read):
            waiting.put(None)
        for thread in self._threads:
            await asyncio.to_thread(thread.join)
        for held, engine in ((self._for_reads, self._reading), (self._for_writes, self._writing)):
            held.close()
            engine.dispose()

    async def _done(self, waiting: Waiting, work: Callable[[Session], T], *, soon: bool = True) -> T:
        if self._closed:
            raise DatabaseUnavailable(f"{self._path} is closed")
        one = errand(work, soon=soon)
        waiting.put(one)
        result: T = await one.future
        return result

    def _read_all(self) -> None:
        last = False
        while not last:
            group, last = gathered(self._to_read, LARGEST_GROUP)
            if group:
                self._read_group(group)

    def _read_group(self, group: list[Errand]) -> None:
        left = list(reversed(group))
        try:
            with self._for_reads.begin() as connection:
                while left:
                    outcome = _read(connection, left[-1].work)
                    bring_back([(left.pop(), outcome)])  # a long one must not keep what is done
        except Exception as error:  # handed to whoever waits for it
            bring_back((one, Failed(_translated(error))) for one in left)

    def _write_all(self) -> None:
        last = False
        while not last:
            group, last = gathered(self._to_write, LARGEST_GROUP, moment=MOMENT)
            if group:
                bring_back(self._written(group))
            with suppress(sqlite3.Error):  # a full disk, say: what is written is safe, and it is tried again
                self._for_writes.leave_no_traces()

    def _written(self, group: list[Errand]) -> list[Outcome]:
        """All as one, as nearly always; each apart when one of them has failed."""
        try:
            with self._for_writes.begin() as connection:
                self._require_file()
                results = [_run_plainly(connection, one.work) for one in group]
        except Exception as error:  # handed to whoever waits for it
            return [(group[0], Failed(_translated(error)))] if len(group) == 1 else self._apart(group)
        return list(zip(group, results, strict=True))

    def _apart(self, group: list[Errand]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        try:
            with self._for_writes.begin() as connection:
                self._require_file()
                for one in group:
                    outcome = _run(connection, one.work)
                    if isinstance(outcome, Failed):
                        _require_open(connection, outcome.error)
                        outcome = Failed(_translated(outcome.error))
                    outcomes.append((one, outcome))
        except Exception as error:  # the commit, or the connection itself: none of the group was kept
            failed = {id(one): outcome for one, outcome in outcomes if isinstance(outcome, Failed)}
            lost = Failed(_translated(error))
            return [(one, failed.get(id(one), lost)) for one in group]
        return outcomes

    def _require_file(self) -> None:
        """The open file must still be the one at its path: what is written to a deleted one is lost."""
        try:
            found = self._path.stat()
        except OSError as error:
            raise DatabaseUnavailable(f"{self._path} is gone ({error.strerror})") from error
        self._file = self._file or found
        if not os.path.samestat(found, self._file):
            raise DatabaseUnavailable(f"{self._path} is another file now: start again to use it")


def others_commits(session: Session) -> int:
    """A number of the writing connection that changes when another process commits, never by our own."""
    return int(session.connection().exec_driver_sql("PRAGMA data_version").scalar_one())


def _read(connection: Connection, work: Callable[[Session], T]) -> T | Failed:
    with Session(connection, join_transaction_mode="rollback_only") as session:
        try:
            return work(session)
        except Exception as error:  # handed to whoever waits for this read; its neighbours go on
            return Failed(_translated(error))


def _run_plainly(connection: Connection, work: Callable[[Session], T]) -> T:
    """One turn that takes all others with it when it fails."""
    with Session(connection, join_transaction_mode="rollback_only", expire_on_commit=False) as session:
        result = work(session)
        session.commit()
        return result


def _run(connection: Connection, work: Callable[[Session], T]) -> T | Failed:
    """One turn in its own savepoint."""
    with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
        try:
            result = work(session)
            session.commit()
        except Exception as error:  # handed to whoever waits for this turn; its neighbours go on
            with suppress(DBAPIError):  # on a full disk SQLite has rolled all back, this savepoint too
                session.rollback()
            return Failed(error)
        return result


def _require_open(connection: Connection, error: Exception) -> None:
    """On a full disk SQLite rolls everything back by itself: then the group has failed, not the turn."""
    if not connection.connection.in_transaction:
        raise _first(error)


def _first(error: Exception) -> Exception:
    """What went wrong before SQLAlchemy stumbled over a savepoint that SQLite had taken away."""
    met: list[Exception] = [error]
    while isinstance(before := met[-1].__context__, Exception):
        met.append(before)
    return next(one for one in reversed(met) if isinstance(one, DBAPIError) or one is error)


def _translated(error: Exception) -> Exception:
    """Disk full, read-only, locked and corrupt files are the database's fault, not the turn's."""
    if isinstance(error, (OperationalError, InterfaceError)) or type(error) is DatabaseError:
        translated = DatabaseUnavailable(str(error.orig))
        translated.__cause__ = error
        return translated
    return error
