"""Putting a backup back: everything is tried on a copy first, then the copy takes the database's place."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from bot.app import House
from bot.config import Settings
from bot.library import Library
from bot.register import Register, Row, register_of
from handlers import restoring
from handlers.restoring import Mended
from handlers.turn import Turn
from storage import backups, directory, erasures, migrations, moving, queue
from storage.backups import Damaged
from storage.database import DatabaseUnavailable, open_database, sqlite_path


class NotRestored(Exception):
    """Why, and what to do; the database is as it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What the operator should know."""

    mended: Mended
    newest: datetime | None
    """When the last event was accepted that the copy knows."""
    aside: Path | None = None
    """Where the database before is kept, if there was one."""


@dataclass(slots=True)
class _Replaced:
    """What the database before still tells, if it can be read."""

    erased: list[Row] = field(default_factory=list)
    removed: dict[int, str] = field(default_factory=dict)


async def restore(settings: Settings, file: Path, registers: Sequence[Path], *, now: datetime) -> Restored:
    """Replaces the SQLite database by a backup, made fit to serve; to be called alone on the file.

    Raises NotRestored before anything was touched.
    """
    place = sqlite_path(settings.database)
    place.parent.mkdir(parents=True, exist_ok=True)
    work = place.with_name(f".{place.name}.restoring")
    _discard(work)
    try:
        _prove(file)
        backups.copy(file, work)
        before = await _read_replaced(settings) if place.exists() else _Replaced()
        on_copy = settings.model_copy(update={"database_url": SecretStr(f"sqlite:///{work}")})
        done = await make_fit(on_copy, registers, before=before, oldest=_oldest(settings, now))
        aside = place.with_name(f"{place.name}.replaced-{now:%Y%m%dT%H%M%SZ}")
        was_there = backups.put_in_place(work, place, aside)
    except (Damaged, DatabaseUnavailable, OSError) as error:
        raise NotRestored(f"{file} cannot be restored: {error}") from error
    finally:
        _discard(work)
    return replace(done, aside=aside if was_there else None)


async def move(settings: Settings, file: Path, registers: Sequence[Path], *, now: datetime) -> Restored:
    """Fills an empty PostgreSQL database from a SQLite one, a backup or the one that was used until now.

    Raises NotRestored before anything was written.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    work = settings.data_dir / f".{file.name}.moving"
    _discard(work)
    try:
        _prove(file)
        backups.copy(file, work)
        await migrations.migrate(f"sqlite:///{work}")
        await migrations.migrate(settings.database)
        await _fill(settings, work)
        return await make_fit(settings, registers, oldest=_oldest(settings, now))
    except (Damaged, DatabaseUnavailable, OSError) as error:
        raise NotRestored(f"{file} cannot be moved: {error}") from error
    finally:
        _discard(work)


async def _fill(settings: Settings, work: Path) -> None:
    database = open_database(settings.database)
    try:
        if filled := await database.read(moving.filled):
            raise NotRestored(f"The database is not empty: there is something in {', '.join(filled)}.")
        await database.write(lambda session: moving.copy_all(work, session))
    finally:
        await database.close()


async def make_fit(
    settings: Settings,
    registers: Sequence[Path],
    *,
    before: _Replaced | None = None,
    oldest: datetime | None = None,
) -> Restored:
    """Migrates the database of these settings and does what `handlers.restoring` says, in one transaction."""
    before = before or _Replaced()
    await migrations.migrate(settings.database)
    rows = [row for path in registers for row in Register(path).rows()] + before.erased
    database = open_database(settings.database)
    try:
        newest = await database.read(queue.newest)
        if oldest is not None and newest is not None and newest < oldest:
            raise NotRestored(_TOO_OLD.format(newest=newest, days=settings.keep_backup_days))
        house = House(
            settings=settings, database=database, library=Library(settings.knowledge_dir, settings.shelf)
        )
        mended = await house.turn(lambda turn: _mend(turn, rows, before.removed))
    finally:
        await database.close()
    register_of(settings).add_missing(rows)
    return Restored(mended=mended, newest=newest)


_TOO_OLD = (
    "Its last event is of {newest:%Y-%m-%d}: who was erased is remembered for BOT_KEEP_BACKUP_DAYS ({days}) "
    "only, and would come back. If it must be restored nevertheless, raise that setting for this command."
)


def folder_of(settings: Settings) -> Path:
    return settings.data_dir / "backups"


def outdated(settings: Settings, *, keep: int | None, now: datetime) -> list[Path]:
    """Copies that nobody may restore any more, or that are more than `keep`; set-aside databases, too."""
    copies = sorted(folder_of(settings).glob("souffleur-*Z.db"))
    beyond = set(copies[:-keep]) if keep is not None else set()
    place = sqlite_path(settings.database)
    aside = place.parent.glob(f"{place.name}.replaced-*")
    oldest = _oldest(settings, now).timestamp()
    return sorted(beyond | {path for path in [*copies, *aside] if path.stat().st_mtime < oldest})


def _prove(file: Path) -> None:
    if not file.is_file():
        raise NotRestored(f"There is no file {file}.")
    backups.prove(file)
    revision = backups.revision_of(file)
    if revision is None:
        raise NotRestored(f"{file} is a database, but not one of Souffleur's.")
    if revision not in migrations.known():
        raise NotRestored(
            f"{file} has schema {revision}, which a later release made; this one knows up to "
            f"{migrations.head()}. Restore it with that release."
        )


async def _read_replaced(settings: Settings) -> _Replaced:
    """The erasures and the directory of the database that goes; nothing when it is broken."""
    database = open_database(settings.database)
    try:
        found = _Replaced()
        with suppress(DatabaseUnavailable):  # that may be the reason why a backup is restored
            found.removed = await database.read(directory.removed)
            found.erased = await database.read(erasures.since)
        return found
    finally:
        await database.close()


def _mend(turn: Turn, rows: Sequence[Row], removed: dict[int, str]) -> Mended:
    erasures.join(turn.session, rows)
    return restoring.after_restore(turn, erasures.register_of(rows), removed)


def _oldest(settings: Settings, now: datetime) -> datetime:
    return now - timedelta(days=settings.keep_backup_days)


def _discard(work: Path) -> None:
    for end in ("", "-wal", "-shm"):
        work.with_name(work.name + end).unlink(missing_ok=True)
