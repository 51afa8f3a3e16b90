"""What is measured: processes of their own, started as their users start them."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from storage import migrations
from tests.bench.throughput import cpu
from tests.bench.throughput.people import SECRET
from tests.bench.throughput.telegram import Telegram
from tests.bench.throughput.wire import Client
from tests.durability.crew import free_port
from tests.environment import bare
from tests.fake_telegram import TOKEN
from tests.postgres import Postgres
from tests.processes import family, matching_for

CONNECTIONS = 40
"""As many as Telegram opens to a webhook by default."""
_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Program:
    """One way to answer the same updates."""

    name: str
    port: int
    processes: Mapping[str, Callable[[], Sequence[int]]]
    """Whose processor time is counted: process ids by what they are."""

    def door(self, most: int = CONNECTIONS) -> Client:
        return Client(self.port, most)

    def ids(self) -> list[int]:
        """Of all of them, its database's included."""
        return [process for ids in self.processes.values() for process in ids()]

    def spent(self) -> dict[str, float]:
        """Seconds of processor time so far."""
        return {name: cpu.seconds(ids()) for name, ids in self.processes.items()}


@asynccontextmanager
async def echo(name: str, transport: str, telegram: Telegram, folder: Path) -> AsyncIterator[Program]:
    port = free_port()
    api = f"http://127.0.0.1:{telegram.port}"
    module = "tests.bench.throughput.echo"
    async with _process(folder / f"{transport}.log", module, transport, api, str(port), SECRET) as process:
        await _answers(port)
        yield Program(name, port, {"bot": lambda: [process]})


@asynccontextmanager
async def on_sqlite(telegram: Telegram, folder: Path) -> AsyncIterator[Program]:
    """`run`: everything in one process."""
    port, settings = _settings(telegram, folder / "sqlite")
    async with _process(folder / "sqlite.log", "bot", "run", **settings) as process:
        await _answers(port)
        yield Program(
            "Souffleur, SQLite", port, {"run": lambda: [process], "matching": lambda: matching_for(process)}
        )


@asynccontextmanager
async def on_postgres(
    telegram: Telegram, folder: Path, postgres: Postgres, workers: int
) -> AsyncIterator[Program]:
    """`web` and so many `worker`s."""
    url = postgres.create(f"workers_{workers}")
    await migrations.migrate(url)
    port, settings = _settings(telegram, folder / f"postgres{workers}", BOT_DATABASE_URL=url)
    async with AsyncExitStack() as stack:
        started = [
            await stack.enter_async_context(
                _process(folder / f"{workers}-{number}.log", "bot", command, **settings)
            )
            for number, command in enumerate(["web", *["worker"] * workers])
        ]
        await _answers(port)
        processes: dict[str, Callable[[], Sequence[int]]] = {
            "web": lambda: started[:1],
            "workers": lambda: started[1:],
            "matching": lambda: [one for worker in started[1:] for one in matching_for(worker)],
            "PostgreSQL": lambda: family(postgres.pid),
        }
        name = f"Souffleur, PostgreSQL, {workers} worker{'s' * (workers > 1)}"
        yield Program(name, port, processes)


def _settings(telegram: Telegram, data: Path, **more: str) -> tuple[int, dict[str, str]]:
    port = free_port()
    return port, {
        "BOT_TELEGRAM_TOKEN": TOKEN,
        "BOT_TELEGRAM_API_URL": f"http://127.0.0.1:{telegram.port}",
        "BOT_TELEGRAM_MODE": "webhook",
        "BOT_TELEGRAM_PACING": "false",
        "BOT_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "BOT_WEBHOOK_SECRET": SECRET,
        "BOT_TRUSTED_PROXIES": "127.0.0.1",
        "BOT_DATA_DIR": str(data),
        "BOT_WEB_PORT": str(port),
        "BOT_OPS_PORT": "0",
        **more,
    }


@asynccontextmanager
async def _process(log: Path, module: str, *arguments: str, **settings: str) -> AsyncIterator[int]:
    """Its process id; it is stopped at the end."""
    with log.open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", module, *arguments, env=bare() | settings, stdout=errors, stderr=errors
        )
    try:
        yield process.pid
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), _PATIENCE)
        finally:
            if process.returncode is None:
                os.kill(process.pid, 9)


async def _answers(port: int) -> None:
    """Waits until somebody listens."""
    async with asyncio.timeout(_PATIENCE):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)  # another process starts: it tells us nothing
            else:
                writer.close()
                return
