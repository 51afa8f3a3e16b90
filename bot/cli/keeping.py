"""`backup` and `restore`: copies of the database, and what makes an old one fit to serve again."""

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr
from sqlalchemy.engine import make_url

from bot import restoring
from bot.cli.console import err, fail, out, ready_settings
from bot.config import Settings
from bot.register import register_of
from bot.restoring import NotRestored, Restored
from bot.serving import only_one
from storage import backups
from storage.database import sqlite_path

Keep = Annotated[int | None, typer.Option(min=1, help="Delete all but the newest N of the default folder.")]
Registers = Annotated[
    list[Path] | None, typer.Option("--register", help="Another erasures.log to heed; may be repeated.")
]
Reapply = Annotated[
    bool, typer.Option("--reapply-erasures", help="The database was put back by other means: make it fit.")
]


def backup(
    file: Annotated[Path | None, typer.Argument(help="By default a dated name in data/backups.")] = None,
    keep: Keep = None,
) -> None:
    """Copy the SQLite database while it is in use; the copy is proved whole. Prints its name."""
    settings = ready_settings()
    if not settings.database.startswith("sqlite"):
        raise typer.Exit(_say_how(settings, "pg_dump copies it", _DUMP))
    source, target = sqlite_path(settings.database), file or _default(settings)
    if not source.exists():
        raise typer.Exit(fail(f"There is no database at {source}.", [], code=1))
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    began = time.monotonic()
    try:
        backups.copy(source, target)
    except FileExistsError:
        raise typer.Exit(fail(f"{target} is there already and is not replaced.", [], code=1)) from None
    except backups.Damaged as error:
        raise typer.Exit(fail("The copy is not whole and was deleted:", [str(error)], code=1)) from None
    size, seconds = target.stat().st_size / 1e6, time.monotonic() - began
    err.print(f"Copied and proved whole: {size:.1f} MB in {seconds:.1f} s.", markup=False)
    out.print(str(target), markup=False)
    for old in restoring.outdated(settings, keep=keep, now=datetime.now(UTC)):
        old.unlink()
        err.print(f"Deleted {old}.", markup=False)


def restore(
    file: Annotated[Path | None, typer.Argument(help="A file that `backup` made.")] = None,
    reapply: Reapply = False,
    register: Registers = None,
) -> None:
    """Put a backup back: proved first, people erased since are erased again, the database before is kept."""
    settings = ready_settings()
    if (file is None) is not reapply:
        raise typer.Exit(fail("Name a file that `backup` made, or give --reapply-erasures.", [], code=2))
    registers = [register_of(settings).path, *(register or ())]
    missing = [str(path) for path in registers[1:] if not path.is_file()]
    if missing:
        raise typer.Exit(fail("There is no register of erasures at:", missing, code=1))
    shared = not settings.database.startswith("sqlite")
    if shared and file is not None and not backups.is_sqlite(file):
        raise typer.Exit(_say_how(settings, "stop every process, then pg_restore puts a copy back", _RESTORE))
    with only_one(_of_file(settings, file) if shared and file is not None else settings):
        try:
            done = asyncio.run(_restore(settings, file, registers))
        except NotRestored as error:
            raise typer.Exit(fail(str(error), ["Nothing was changed."], code=1)) from None
    _report(done)


async def _restore(settings: Settings, file: Path | None, registers: list[Path]) -> Restored:
    if file is None:
        return await restoring.make_fit(settings, registers)
    put_back = restoring.restore if settings.database.startswith("sqlite") else restoring.move
    return await put_back(settings, file, registers, now=datetime.now(UTC))


def _of_file(settings: Settings, file: Path) -> Settings:
    """Those of whoever may still be running on the SQLite database that is moved."""
    url = SecretStr(f"sqlite:///{file}")
    return settings.model_copy(update={"database_url": url, "data_dir": file.parent})


def _report(done: Restored) -> None:
    mended = done.mended
    err.print(f"Erased again: {mended.people} person(s), {mended.tickets} ticket(s).")
    if mended.removed:
        err.print(f"Removed from the desk again: {', '.join(mended.removed)}.", markup=False)
    if mended.in_office:
        err.print(f"Removed since, but needed at the desk: {', '.join(mended.in_office)}.", markup=False)
    err.print("Referents log in anew; invitations that were not used yet must be made again.")
    if done.newest is not None:
        err.print(f"The last event that it knows was accepted on {done.newest:%Y-%m-%d at %H:%M} UTC.")
    if done.aside is not None:
        err.print(f"The database before is kept as {done.aside}; delete it when all is well.", markup=False)


def _default(settings: Settings) -> Path:
    return restoring.folder_of(settings) / f"souffleur-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.db"


_DUMP = (
    "pg_dump --format=custom --no-owner --file=souffleur.dump '{url}'",
    "cp {register} .    # what was erased after the copy must stay erased",
)
_RESTORE = (
    "pg_restore --clean --if-exists --no-owner --single-transaction --dbname='{url}' souffleur.dump",
    "python -m bot restore --reapply-erasures",
)


def _say_how(settings: Settings, what: str, lines: tuple[str, ...]) -> int:
    url = make_url(settings.database)._replace(drivername="postgresql", password=None)
    shown = [line.format(url=url.render_as_string(), register=register_of(settings).path) for line in lines]
    return fail(f"The database is PostgreSQL's: {what}. Type:", shown, code=1)
