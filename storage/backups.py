"""Copies of a SQLite database: made while it is in use, proved whole, put in its place.

A copy by `cp` may tear a transaction apart and leaves out what is still in the journal; `VACUUM INTO` reads
one state, without keeping anybody from writing, and leaves out what was erased.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from storage.database import DatabaseUnavailable

BUSY_SECONDS = 30
_BESIDE = ("-wal", "-shm")
"""What SQLite keeps beside a database that is, or was, in use."""


class Damaged(Exception):
    """A file that is no database, or one that is not whole; the message says what SQLite found."""


def copy(source: Path, target: Path) -> None:
    """Writes a whole, proved copy, readable by us alone; `target` is there only once that is so.

    Raises FileExistsError, Damaged (nothing is left behind) or DatabaseUnavailable (disk full, not writable).
    """
    if target.exists():
        raise FileExistsError(target)
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        unfinished.unlink(missing_ok=True)  # of somebody who was killed while copying
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with _opened(source) as connection:
            connection.execute("VACUUM INTO ?", (str(unfinished),))
        prove(unfinished)
        _to_disk(unfinished)
        unfinished.rename(target)
        _to_disk(target.parent)
    except OSError as error:
        raise DatabaseUnavailable(f"{target}: {error.strerror}") from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def prove(path: Path) -> None:
    """Reads every page and index and every reference; raises Damaged."""
    with _opened(path) as connection:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check(5)")]
        broken = connection.execute("PRAGMA foreign_key_check").fetchmany(5)
    if found != ["ok"]:
        raise Damaged(f"{path}: {'; '.join(found)}")
    if broken:
        raise Damaged(f"{path}: rows of {', '.join(sorted({row[0] for row in broken}))} refer to nothing")


def revision_of(path: Path) -> str | None:
    """The schema of a copy; None when it was never a database of ours."""
    with _opened(path) as connection:
        known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if known else None
    return str(row[0]) if row else None


def is_sqlite(file: Path) -> bool:
    """Whether a file begins as SQLite's do."""
    try:
        with file.open("rb") as opened:
            return opened.read(15) == b"SQLite format 3"
    except OSError:
        return False


def put_in_place(new: Path, place: Path, aside: Path) -> bool:
    """Makes `new` the database at `place`; the one that was there, if any, is kept as `aside`.

    At no moment is there no database at `place`: a start after a crash finds the old or the new one.
    Returns whether there was one. Nobody may have either open.
    """
    there = place.exists()
    if there:
        _close_journal(place)
        _keep(place, aside)
    # A journal that could not be closed belongs to the old file: the new one must not meet it.
    for end in _BESIDE:
        with suppress(FileNotFoundError):
            place.with_name(place.name + end).rename(aside.with_name(aside.name + end))
    _close_journal(new)
    _to_disk(new)
    new.replace(place)
    _to_disk(place.parent)
    return there


def _keep(place: Path, aside: Path) -> None:
    try:
        aside.hardlink_to(place)
    except OSError:  # some file systems have no second names
        shutil.copy2(place, aside)


def _close_journal(path: Path) -> None:
    """Moves what is in the journal into the file, as far as the file lets us."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """For reading; a file that SQLite cannot read is Damaged, a disk that is full or away is unavailable."""
    try:
        with closing(_connect(path)) as connection:
            yield connection
    except sqlite3.OperationalError as error:
        raise DatabaseUnavailable(f"{path}: {error}") from error
    except sqlite3.DatabaseError as error:
        raise Damaged(f"{path}: {error}") from error


def _connect(path: Path) -> sqlite3.Connection:
    # Never made if it is not there. Not read-only: that would leave an empty journal behind.
    address = f"{path.resolve().as_uri()}?mode=rw"
    return sqlite3.connect(address, uri=True, isolation_level=None, timeout=BUSY_SECONDS)


def _to_disk(path: Path) -> None:
    """What was written survives a power cut; of a folder: the names in it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
