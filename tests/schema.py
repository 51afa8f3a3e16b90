"""Our schema, laid once per process and then copied: migrating a file anew takes as long as a whole test."""

from pathlib import Path
from tempfile import TemporaryDirectory

from storage import migrations
from storage.database import sqlite_path

_laid: list[bytes] = []


async def lay(url: str) -> None:
    """Brings a database to our schema, as `migrations.migrate` does; a new SQLite file is a copy."""
    if not url.startswith("sqlite") or sqlite_path(url).exists():
        await migrations.migrate(url)
        return
    path = sqlite_path(url)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(await _file())


async def _file() -> bytes:
    """What a migrated file holds, once its last connection is closed."""
    if not _laid:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "souffleur.db"
            await migrations.migrate(f"sqlite:///{path}")
            _laid.append(path.read_bytes())
    return _laid[0]
