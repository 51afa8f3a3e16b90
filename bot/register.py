"""The register of erasures beside the database: a file that outlives it.

The table of erasures goes back in time with the database when a backup is restored; this file does not. Each
process that serves mirrors the table into its own data folder, a second behind.
"""

import asyncio
import os
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from bot.config import Settings
from storage import erasures
from storage.database import Database, DatabaseUnavailable

log = structlog.get_logger(__name__)

EVERY = 1.0
"""Seconds between two looks at the table."""
_OVERLAP = timedelta(hours=1)
"""Looked at again each time: transactions may end in another order than they noted their moment."""

Row = tuple[str, datetime]


class Register:
    """One line for each erasure: its moment, then its subject (see `storage.erasures`)."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def rows(self) -> list[Row]:
        """What the file says, in its order; a line that was torn by a crash is left out."""
        try:
            lines = self.path.read_text(encoding="ascii", errors="replace").splitlines()
        except FileNotFoundError:
            return []
        return [row for line in lines if (row := _row(line)) is not None]

    def add_missing(self, rows: Iterable[Row]) -> None:
        known = set(self.rows())
        self.add(row for row in rows if row not in known)

    def add(self, rows: Iterable[Row]) -> None:
        """Appends rows and waits until they are on the disk."""
        lines = "".join(f"{at.astimezone(UTC).isoformat()} {subject}\n" for subject, at in rows)
        if not lines:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(self.path, os.O_CREAT | os.O_APPEND | os.O_RDWR, 0o600), "r+b") as file:
            if file.seek(0, os.SEEK_END):
                file.seek(-1, os.SEEK_END)
                lines = lines if file.read(1) == b"\n" else f"\n{lines}"
            file.write(lines.encode())
            file.flush()
            os.fsync(file.fileno())

    def drop_older(self, before: datetime) -> None:
        """Writes the file anew without what is too old, if there is such."""
        rows = self.rows()
        kept = [row for row in rows if row[1] >= before]
        if len(kept) == len(rows):
            return
        shorter = Register(self.path.with_name(f"{self.path.name}.new"))
        shorter.path.unlink(missing_ok=True)
        shorter.path.touch(0o600)
        shorter.add(kept)
        shorter.path.replace(self.path)


def register_of(settings: Settings) -> Register:
    return Register(settings.data_dir / "erasures.log")


async def mirror(database: Database, register: Register, since: datetime | None = None) -> None:
    """Adds what the table has and the file has not."""
    rows = await database.read(lambda session: erasures.since(session, since))
    if rows:
        await asyncio.to_thread(register.add_missing, rows)


async def keep_register(settings: Settings, database: Database, stop: asyncio.Event) -> None:
    """Mirrors the table until `stop`, and once more then; what no backup can bring back any more goes."""
    register = register_of(settings)
    since: datetime | None = None
    oldest = datetime.now(UTC) - timedelta(days=settings.keep_backup_days)
    with suppress(OSError):
        await asyncio.to_thread(register.drop_older, oldest)
    while True:
        last = stop.is_set()
        began = datetime.now(UTC)
        try:
            await mirror(database, register, since)
            since = began - _OVERLAP
        except (DatabaseUnavailable, OSError) as error:
            log.warning("erasures_not_mirrored", reason=type(error).__name__)
        if last:
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), EVERY)


def _row(line: str) -> Row | None:
    moment, _, subject = line.partition(" ")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (subject, at) if len(subject) == 64 and at.tzinfo is not None else None
