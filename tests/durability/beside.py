"""Houses in this process that share one PostgreSQL, as `web` and `worker` processes do."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiohttp
from aiohttp import web

from bot.app import House
from bot.config import load_settings
from bot.library import Library
from bot.listening import connected
from bot.web.app import make_runner
from bot.web.changes import ALONE
from storage.database import open_database
from tests.stage import PATIENCE, Stage, open_stage
from tests.web.office import SAME_ORIGIN


def hears(house: House) -> bool:
    """Whether the house is told by the others."""
    return house.changes.look_again != ALONE


async def until(condition: Callable[[], bool]) -> None:
    """Waits for what tells nobody that it happened."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@asynccontextmanager
async def working(url: str, folder: Path, library: Library) -> AsyncIterator[Stage]:
    """A house that works through the queues, before a fake Telegram."""
    async with (
        open_stage(url, folder, library) as stage,
        connected(url, stage.house, works=True, serves=False) as stage.house.switchboard,
    ):
        await until(lambda: hears(stage.house))
        yield stage


@asynccontextmanager
async def serving(
    stage: Stage, url: str, cookies: aiohttp.CookieJar
) -> AsyncIterator[tuple[House, aiohttp.ClientSession]]:
    """Another house that serves the web only, and a browser there; its cookies may be used elsewhere too."""
    settings = load_settings(database_url=url, data_dir=stage.house.settings.data_dir, web_port=0, ops_port=0)
    house = House(
        settings=settings, database=open_database(url), library=stage.house.library, clock=stage.clock
    )
    runner = make_runner(house.web_app())
    async with AsyncExitStack() as stack:
        stack.push_async_callback(house.database.close)
        house.switchboard = await stack.enter_async_context(connected(url, house, works=False, serves=True))
        stack.push_async_callback(runner.cleanup)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        await until(lambda: hears(house))
        browser = aiohttp.ClientSession(
            f"http://127.0.0.1:{runner.addresses[0][1]}",
            cookie_jar=cookies,
            headers=SAME_ORIGIN,
        )
        yield house, await stack.enter_async_context(browser)
