"""Noticing what other programs write beside `run` into the one SQLite file: a command, a restored copy.

One look a second does for everybody who waits here: the file counts by itself what others have committed.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from bot.listening import Listener
from storage.database import Database, DatabaseUnavailable
from storage.signals import EVERYTHING
from storage.sqlite import others_commits

log = structlog.get_logger(__name__)

LOOK_AGAIN = 1.0
"""Seconds between two looks."""


@asynccontextmanager
async def noticing(database: Database, listener: Listener) -> AsyncIterator[None]:
    """Until left, whatever another process commits is heard within a second."""
    looking = asyncio.create_task(_look(database, listener))
    # Whatever ends it: whoever waits looks by themselves again.
    looking.add_done_callback(lambda _: listener.connected(False))
    try:
        yield
    finally:
        looking.cancel()
        await asyncio.wait((looking,))


async def _look(database: Database, listener: Listener) -> None:
    known = await _commits(database)
    listener.connected(True)
    while True:
        await asyncio.sleep(LOOK_AGAIN)
        found = await _commits(database)
        if found is None or found != known:
            listener.heard(EVERYTHING)
        known = found


async def _commits(database: Database) -> int | None:
    """None while the file cannot be asked: then nobody knows what was missed."""
    try:
        return await database.write(others_commits)
    except DatabaseUnavailable as error:
        log.debug("file_not_asked", reason=str(error)[:200])
        return None
