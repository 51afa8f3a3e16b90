"""SQLite: one writer thread owns the one connection that writes.

`BEGIN IMMEDIATE` and one COMMIT for all turns that wait: the cost of a synchronous commit is shared. When
one of them fails all are run again, each in a SAVEPOINT, so that the failing one rolls back alone. Reads go
to a second thread with its own connection (WAL lets them see the last commit while a write is under way).
"""

import asyncio
import os
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

from storage.database import DatabaseUnavailable
from storage.steady import SteadyClock

T = TypeVar("T")
Job = tuple[Callable[[Session], Any], "Future[Any]"]

LARGEST_GROUP = 64
"""Turns that share one COMMIT at most; more would only make the first one wait longer."""

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 5000",
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
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        # `deterministic`: asked once in a statement, as every database does with its own clock.
        connection.create_function("steady_now", 0, now, deterministic=True)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        deferred = connection.get_execution_options().get("only_reads", False)
        connection.exec_driver_sql("BEGIN" if deferred else "BEGIN IMMEDIATE")

    return engine


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
        self._file: os.stat_result | None = None
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._readers = ThreadPoolExecutor(1, thread_name_prefix="sqlite-reader")
        self._writer = threading.Thread(target=self._write_all, name="sqlite-writer", daemon=True)
        self._writer.start()

    async def write(self, work: Callable[[Session], T]) -> T:
        future: Future[T] = Future()
        self._jobs.put((work, future))
        # The work goes on if the caller is cancelled: a commit cannot be half taken back.
        return await asyncio.shield(asyncio.wrap_future(future))

    async def read(self, work: Callable[[Session], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, work)

    async def close(self) -> None:
        self._jobs.put(None)
        await asyncio.to_thread(self._writer.join)
        self._readers.shutdown(wait=True)
        self._reading.dispose()
        self._writing.dispose()

    def _read(self, work: Callable[[Session], T]) -> T:
        try:
            connection = self._reading.connect().execution_options(only_reads=True)
            with connection, Session(connection) as session:
                return work(session)
        except DBAPIError as error:
            raise _translated(error) from error

    def _write_all(self) -> None:
        while (first := self._jobs.get()) is not None:
            group, last = self._waiting_with(first)
            self._write_group(group)
            if last:
                return

    def _waiting_with(self, first: Job) -> tuple[list[Job], bool]:
        group = [first]
        while len(group) < LARGEST_GROUP:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return group, True
            group.append(job)
        return group, False

    def _write_group(self, group: list[Job]) -> None:
        """All as one, as nearly always; each apart when one of them has failed."""
        try:
            with self._writing.connect() as connection, connection.begin():
                self._require_file()
                results = [_run_plainly(connection, work) for work, _ in group]
        except Exception as error:  # handed to whoever waits for it
            if len(group) == 1:
                group[0][1].set_exception(_translated(error))
            else:
                self._write_apart(group)
            return
        for (_, future), result in zip(group, results, strict=True):
            future.set_result(result)

    def _write_apart(self, group: list[Job]) -> None:
        done: list[tuple[Future[Any], Any]] = []
        try:
            with self._writing.connect() as connection, connection.begin():
                self._require_file()
                for work, future in group:
                    outcome = _run(connection, work)
                    if isinstance(outcome, _Failed):
                        _require_open(connection, outcome.error)
                        future.set_exception(_translated(outcome.error))
                    else:
                        done.append((future, outcome))
        except Exception as error:  # the commit, or the connection itself: none of the group was kept
            for _, future in group:
                if not future.done():
                    future.set_exception(_translated(error))
            return
        for future, outcome in done:
            future.set_result(outcome)

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


def _run_plainly(connection: Connection, work: Callable[[Session], T]) -> T:
    """One turn that takes all others with it when it fails."""
    with Session(connection, join_transaction_mode="rollback_only", expire_on_commit=False) as session:
        result = work(session)
        session.commit()
        return result


class _Failed:
    def __init__(self, error: Exception) -> None:
        self.error = error


def _run(connection: Connection, work: Callable[[Session], T]) -> T | _Failed:
    """One turn in its own savepoint."""
    with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
        try:
            result = work(session)
            session.commit()
        except Exception as error:  # handed to whoever waits for this turn; its neighbours go on
            with suppress(DBAPIError):  # on a full disk SQLite has rolled all back, this savepoint too
                session.rollback()
            return _Failed(error)
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
