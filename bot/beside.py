"""Matching in a process beside, so that it takes no time from everything else: Python does one thing at once.

    asked ──▶ the process of the version in use ──▶ answered, in order
      │         │ it ends, or keeps somebody waiting too long: who waits is told, the next one starts another
      ▼         ▼
    threads of this process: where no process was asked for, or none can be had

A text that ends the process ends nothing else; its item is tried again alone, as after any failure.
"""

import asyncio
import os
import sys
from collections import deque
from typing import cast

import structlog

from bot.finding import Finder
from bot.library import Edition, Library
from bot.matching import READY, MatchingFailed, answered, asked
from knowledge.entries import Audience
from knowledge.outcomes import Match

log = structlog.get_logger(__name__)

LONGEST = 15.0
"""Seconds after which a process that does not answer is ended: it matches in milliseconds."""
_SEVERAL = 2
"""Cores that it takes for a process beside to be worth its while."""


class Beside:
    """Looks texts up for the loop: by threads, and from `begin` on by a process for each version in use."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._threads = Finder(library.find)
        self._begun = False
        self._process: _Process | None = None
        self._without: str | None = None
        """The version for which no process could be had."""
        self._starting = asyncio.Lock()

    async def begin(self) -> None:
        """Learns the content, if nobody has, and starts the process. Raises StudyStopped."""
        self._begun = await asyncio.to_thread(self._library.share) and (os.cpu_count() or 1) >= _SEVERAL
        await self("", None, None)

    async def __call__(self, text: str, audience: Audience | None, previous: str | None) -> Match:
        """Raises MatchingFailed, or what the matcher of this process raises."""
        process = self._process if self._serves(self._process) else await self._another()
        if process is None:
            return await self._threads(text, audience, previous)
        return await process.ask(text, audience, previous)

    async def aclose(self) -> None:
        """What was asked is still answered."""
        self._threads.close()
        self._begun = False
        if self._process is not None:
            await self._process.retire()

    def _serves(self, process: "_Process | None") -> bool:
        return process is not None and process.alive and process.version == self._library.base.hash

    async def _another(self) -> "_Process | None":
        async with self._starting:
            edition = self._library.edition
            if not self._begun or self._without == edition.base.hash:
                return None
            if not self._serves(self._process):
                before, self._process = self._process, await self._started(edition)
                if before is not None:
                    await before.retire()
            return self._process

    async def _started(self, edition: Edition) -> "_Process | None":
        command = [sys.executable, "-m", "bot.matching", *self._library.places, edition.base.hash]
        process = _Process(edition.base.hash)
        try:
            await process.start(command, edition.added.to_json())
        except (OSError, MatchingFailed, TimeoutError) as error:
            log.warning("matching_here", hash=edition.base.hash, reason=str(error) or type(error).__name__)
            self._without = edition.base.hash
            return None
        return process


class _Process(asyncio.SubprocessProtocol):
    """One process, and who waits for its answers, in order."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.alive = False
        self._gone = asyncio.Event()
        self._waiting: deque[asyncio.Future[bytes]] = deque()
        self._rest = b""

    async def start(self, command: list[str], accepted: str) -> None:
        """Raises OSError, MatchingFailed, TimeoutError."""
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.subprocess_exec(lambda: self, *command, stderr=None)
        self._questions = cast(asyncio.WriteTransport, self._transport.get_pipe_transport(0))
        self.alive = True
        if await self._answer_to(accepted.encode() + b"\n") != READY:
            raise MatchingFailed("it did not say that it is ready")

    async def ask(self, text: str, audience: Audience | None, previous: str | None) -> Match:
        return answered(await self._answer_to(asked(text, audience, previous)))

    async def retire(self) -> None:
        """Waits until it has answered what was asked, and ends it."""
        self.alive = False
        self._questions.close()
        try:
            async with asyncio.timeout(LONGEST):
                await self._gone.wait()
        except TimeoutError:
            self._end()

    async def _answer_to(self, line: bytes) -> bytes:
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        try:
            self._questions.write(line)
        except RuntimeError as error:  # uvloop's word for a pipe that is closed: it ended a moment ago
            raise MatchingFailed("it ended") from error
        self._waiting.append(answer)
        try:
            async with asyncio.timeout(LONGEST):
                return await answer
        except TimeoutError:
            self._end()
            raise MatchingFailed("it does not answer") from None

    def _end(self) -> None:
        self.alive = False
        self._transport.kill()

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            answer = self._waiting.popleft()
            if not answer.done():  # else whoever asked gave up
                answer.set_result(line)

    def process_exited(self) -> None:
        log.info("matching_ended", code=self._transport.get_returncode(), waiting=len(self._waiting))

    def connection_lost(self, error: Exception | None) -> None:
        self.alive = False
        self._transport.close()
        self._gone.set()
        for answer in self._waiting:
            if not answer.done():
                answer.set_exception(MatchingFailed("it ended"))
        self._waiting.clear()
