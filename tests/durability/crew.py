"""Real processes of the program, on one database: started, killed, stopped, started again."""

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiohttp

from tests.environment import bare
from tests.fake_telegram import TOKEN
from tests.processes import matching_for

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 60.0
"""Seconds until a test gives up on a process."""


class EndedAtStart(AssertionError):
    """A process was gone before the web answered."""


class Process:
    """One `python -m bot COMMAND`. Only its own process id is ever signalled."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self._process = process
        self._log = log
        self._said_before = log.stat().st_size

    @classmethod
    async def start(cls, command: str, settings: dict[str, str], log: Path, *arguments: str) -> "Process":
        given = bare()
        with log.open("ab") as errors:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                command,
                *arguments,
                cwd=ROOT,
                env=given | settings,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
            )
        return cls(process, log)

    @property
    def id(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    def errors(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    @property
    def refused_to_start(self) -> bool:
        """Whether it ended since the database was away when it started, and said so: it is started again."""
        said = self._log.read_bytes()[self._said_before :].decode(errors="replace")
        return self._process.returncode == 1 and "BOT_DATABASE_URL: the database cannot be" in said

    async def said(self, beginning: str) -> str:
        """Waits for the line of the standard output that begins like that."""
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            async for line in self._process.stdout:
                if line.decode().startswith(beginning):
                    return line.decode().strip()
        raise AssertionError(f"the process ended without a word of {beginning!r}: {self.errors()[-3000:]}")

    async def kill(self) -> None:
        """kill -9."""
        if self.alive:
            self._process.kill()
        await self.ended()

    def kill_matching(self) -> None:
        """kill -9 of the process that matches for this one, if it has one by now."""
        for child in matching_for(self.id):
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)

    def freeze(self) -> None:
        """SIGSTOP: it is there, and does nothing."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    async def stop(self) -> tuple[int, float]:
        """SIGTERM; the exit code and how long it took."""
        began = time.monotonic()
        self._process.send_signal(signal.SIGTERM)
        return await self.ended(), time.monotonic() - began

    async def ended(self) -> int:
        """Waits for the end; the exit code."""
        async with asyncio.timeout(PATIENCE):
            await self._process.communicate()
        code = self._process.returncode
        assert code is not None
        return code


class Crew:
    """The processes of one installation: a list of commands that run side by side.

    Each is known by its command; a second one of the same, by `worker-2`.
    """

    def __init__(self, folder: Path, commands: tuple[str, ...], **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._commands = dict(_named(commands))
        self._settings = {
            "BOT_TELEGRAM_TOKEN": TOKEN,
            "BOT_TELEGRAM_PACING": "false",
            "BOT_DATA_DIR": str(folder / "data"),
            "BOT_WEB_PORT": str(self.port),
            "BOT_OPS_PORT": "0",
        } | settings
        self._running: dict[str, Process] = {}

    def set(self, name: str, value: str) -> None:
        """For the processes that start from now on."""
        self._settings[name] = value

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._commands)

    @property
    def running(self) -> dict[str, Process]:
        """By name, those that were started and not ended by us."""
        return dict(self._running)

    async def start(self) -> None:
        """Starts what does not run, and waits until the web answers."""
        await self.begin()
        await self._answers()

    async def revive(self) -> list[int]:
        """Starts what does not run, as a supervisor does: again if it ends. Exit codes of what ended."""
        ended = await self.bury()
        while True:
            await self.begin()
            try:
                await self._answers()
            except EndedAtStart:
                ended += await self.bury()
            else:
                return ended

    async def begin(self) -> None:
        """Starts what does not run, and waits for nothing."""
        for name, command in self._commands.items():
            if name not in self._running:
                self._running[name] = await self._start(name, command)

    async def kill(self, *names: str) -> None:
        """kill -9, for all of them when none is named."""
        killed = [self._running.pop(name) for name in names or tuple(self._running)]
        await asyncio.gather(*(process.kill() for process in killed))

    async def bury(self) -> list[int]:
        """Takes leave of processes that ended by themselves; exit codes of those that had started."""
        ended = [self._running.pop(name) for name, process in self.running.items() if not process.alive]
        return [await process.ended() for process in ended if not process.refused_to_start]

    async def stop(self, *names: str) -> list[tuple[int, float]]:
        """SIGTERM, for all of them when none is named; the exit codes and times."""
        stopped = [self._running.pop(name) for name in names or tuple(self._running)]
        return await asyncio.gather(*(process.stop() for process in stopped))

    async def types(self, command: str, *arguments: str, **settings: str) -> Process:
        """A command that an operator types beside the running house; whoever asks for it ends it."""
        log = self._folder / f"{command}.log"
        return await Process.start(command, self._settings | settings, log, *arguments)

    def errors(self) -> str:
        return "\n".join(path.read_text(errors="replace") for path in sorted(self._folder.glob("*.log")))

    async def _start(self, name: str, command: str) -> Process:
        return await Process.start(command, self._settings, self._folder / f"{name}.log")

    async def _answers(self) -> None:
        async with aiohttp.ClientSession() as session, asyncio.timeout(PATIENCE):
            while True:
                if not all(process.alive for process in self._running.values()):
                    raise EndedAtStart(f"a process ended at its start: {self.errors()[-3000:]}")
                try:
                    async with session.get(f"{self.url}/healthz") as response:
                        response.raise_for_status()
                        return
                except aiohttp.ClientError:
                    await asyncio.sleep(0.05)  # nobody listens yet: there is nothing to wait on


def by_webhook(url: str, telegram_url: str, content: Path) -> dict[str, str]:
    """The settings of a house to which Telegram brings its updates; its own address comes when known."""
    return {
        "BOT_DATABASE_URL": url,
        "BOT_TELEGRAM_API_URL": telegram_url,
        "BOT_TELEGRAM_MODE": "webhook",
        "BOT_KNOWLEDGE_DIR": str(content),
        "BOT_WEBHOOK_SECRET": "a-secret-of-the-webhook",
    }


@asynccontextmanager
async def crew(folder: Path, *commands: str, **settings: str) -> AsyncIterator[Crew]:
    """A crew not started yet; whatever of it runs at the end is killed."""
    found = Crew(folder, commands, **settings)
    try:
        yield found
    finally:
        await found.kill()


def _named(commands: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for place, command in enumerate(commands):
        before = commands[:place].count(command)
        yield (f"{command}-{before + 1}" if before else command), command


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
