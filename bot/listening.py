"""Processes that hear each other: what one commits wakes the others at once, on PostgreSQL.

A `web` tells of filled queues and hears what was said to its visitors; a `worker` does the opposite. Who
works through the queues tells nobody of what it filled itself. What was missed while the line was down is
looked for.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Protocol

import structlog

from storage import signals
from storage.database import DatabaseUnavailable
from storage.line import Line, open_line
from storage.signals import EVERYTHING, Signal

log = structlog.get_logger(__name__)

WORK, NEWS = "souffleur_work", "souffleur_news"
BREATH = 0.01
"""Seconds between two tellings: under load what is committed meanwhile goes in one."""
CHECK = 5.0
"""Seconds of silence until the server is asked whether it is still there."""
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0
MOST_CONTACTS = 500
"""In one telling; PostgreSQL takes 8,000 bytes. Beyond, everybody looks."""


class Listener(Protocol):
    """Whom a switchboard wakes."""

    def heard(self, signal: Signal) -> None: ...

    def connected(self, connected: bool) -> None:
        """Whether others are heard from now on."""


@asynccontextmanager
async def connected(
    url: str, listener: Listener, *, works: bool, serves: bool
) -> AsyncIterator["Switchboard"]:
    """Keeps a line open until left, and tells what there was to tell."""
    board = Switchboard(url, listener, works=works, serves=serves)
    running = asyncio.create_task(board.run())
    try:
        yield board
    finally:
        board.close()
        await running


class Switchboard:
    """Tells other processes, and hears them. All methods must be called from the event loop."""

    def __init__(self, url: str, listener: Listener, *, works: bool, serves: bool) -> None:
        self._url = url
        self._listener = listener
        self._works = works
        self._channels = [name for name, listens in ((WORK, works), (NEWS, serves)) if listens]
        self._pending = Signal()
        self._something = asyncio.Event()
        self._closing = False

    def tell(self, signal: Signal) -> None:
        """Something was committed here."""
        self._pending |= signal.news if self._works else signal
        if self._pending:
            self._something.set()

    def retire(self) -> None:
        """From now on others have to do what is put into the queues."""
        self._works = False

    def close(self) -> None:
        """Ends `run`, once what was told has gone."""
        self._closing = True
        self._something.set()

    async def run(self) -> None:
        """Keeps the line open until `close`."""
        pause = FIRST_PAUSE
        while not self._closing:
            try:
                async with open_line(
                    self._url, self._channels, hear=self._heard, lost=self._something.set
                ) as line:
                    self._is_up(True)
                    pause = FIRST_PAUSE
                    await self._serve(line)
                    return
            except DatabaseUnavailable as error:
                log.warning("line_lost", reason=str(error))
            except Exception:  # the border: without a line everybody looks by themselves, and nothing is lost
                log.exception("line_failed")
            self._is_up(False)
            await self._rest(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _serve(self, line: Line) -> None:
        while not self._closing or self._pending:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._something.wait(), CHECK)
            self._something.clear()
            if line.broken:
                raise DatabaseUnavailable("the server hung up")
            if self._pending:
                await self._tell_all(line)
                await asyncio.sleep(BREATH)
            else:
                await line.check()

    async def _tell_all(self, line: Line) -> None:
        signal, self._pending = self._pending, Signal()
        try:
            for channel, part in ((WORK, signal.work), (NEWS, _bounded(signal.news))):
                if part:
                    await line.tell(channel, signals.written(part))
        except BaseException:
            self._pending |= signal
            raise

    def _heard(self, words: str) -> None:
        self._listener.heard(signals.read(words))

    def _is_up(self, connected: bool) -> None:
        self._listener.connected(connected)
        self._listener.heard(EVERYTHING)

    async def _rest(self, seconds: float) -> None:
        """A pause of which `close` is the end, and no other signal."""
        deadline = asyncio.get_running_loop().time() + seconds * random.uniform(0.5, 1.0)  # noqa: S311  # no secret
        while not self._closing and (left := deadline - asyncio.get_running_loop().time()) > 0:
            self._something.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._something.wait(), left)


def _bounded(signal: Signal) -> Signal:
    return signal if len(signal.contacts) <= MOST_CONTACTS else Signal(desk=signal.desk, anybody=True)
