"""A whole house in this process: the real worker, web server and polling, against a strict fake Telegram."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
from aiohttp import web

from bot.app import House
from bot.config import load_settings
from bot.library import Library
from bot.telegram.polling import poll
from bot.web.app import make_runner
from handlers.turn import Turn
from storage import outbox, queue
from storage.database import open_database
from tests.clock import Clock
from tests.fake_telegram import TOKEN, FakeTelegram
from tests.schema import lay

T = TypeVar("T")
PATIENCE = 15.0
"""Seconds of real time until a test gives up waiting."""
LOOKS_EVERY = 0.01


class Stage:
    """The house, its clock and the world around it."""

    def __init__(self, house: House, clock: Clock, telegram: FakeTelegram, url: str) -> None:
        self.house = house
        self.clock = clock
        self.telegram = telegram
        self.url = url

    async def turn(self, work: Callable[[Turn], T]) -> T:
        """Looks into the house, or arranges something in it."""
        return await self.house.turn(work)

    async def settle(self) -> None:
        """Waits until everything that happened has been handled and everything said was delivered."""
        # Looks are counted, not seconds: a machine that stood still meanwhile has not been waited for.
        for _ in range(round(PATIENCE / LOOKS_EVERY)):
            if await self._quiet():
                return
            await asyncio.sleep(LOOKS_EVERY)
        raise AssertionError(f"the house does not come to rest: {await self.turn(_state)}")

    async def later(self, **by: float) -> None:
        """Time passes, and what was waiting for it happens."""
        await self.settle()
        self.clock.advance(**by)
        self.house.worker.inbox_wake()
        await self.settle()

    async def _quiet(self) -> bool:
        if self.telegram.updates.waiting:
            return False
        return await self.turn(_nothing_waits)


@asynccontextmanager
async def open_stage(url: str, folder: Path, library: Library, **settings: Any) -> AsyncIterator[Stage]:
    """Opens the house on a migrated database; everything is stopped and closed at the end."""
    await lay(url)
    clock = Clock()
    async with FakeTelegram() as telegram:
        values = {
            "telegram_token": TOKEN,
            "telegram_api_url": telegram.url,
            "telegram_pacing": False,
            "database_url": url,
            "data_dir": folder,
            "web_port": 0,
            "ops_port": 0,
        }
        house = House(
            settings=load_settings(**(values | settings)),
            database=open_database(url),
            library=library,
            clock=clock,
        )
        house.telegram_name = "souffleur_bot"
        runner = make_runner(house.web_app())
        await runner.setup()
        async with _running(house):
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            try:
                yield Stage(house, clock, telegram, f"http://127.0.0.1:{runner.addresses[0][1]}")
            finally:
                await runner.cleanup()


@asynccontextmanager
async def _running(house: House) -> AsyncIterator[None]:
    stop = asyncio.Event()
    assert house.bot is not None
    assert house.telegram is not None
    working = asyncio.create_task(house.worker.run())
    polling = asyncio.create_task(
        poll(
            house.bot,
            house.put,
            stop,
            house.telegram,
            inline=house.inline,
            timeout=5,
            first_pause=0.05,
        )
    )
    try:
        yield
    finally:
        stop.set()
        house.worker.stop()
        await polling
        await working
        await house.bot.request.shutdown()
        await house.database.close()


def _nothing_waits(turn: Turn) -> bool:
    inbox = queue.oldest(turn.session, now=turn.now)
    return inbox is None and outbox.oldest(turn.session) is None


def _state(turn: Turn) -> str:
    return json.dumps({"inbox": queue.counts(turn.session), "outbox": outbox.counts(turn.session)})


async def get(stage: Stage, path: str) -> tuple[int, str]:
    """A page or file as a stranger gets it."""
    async with aiohttp.ClientSession() as session, session.get(stage.url + path) as response:
        return response.status, await response.text()
