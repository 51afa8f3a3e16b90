"""PostgreSQL goes away and comes back: every door says so plainly, and nobody has to do anything."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from bot.library import Library
from handlers import login
from handlers.turn import Turn
from storage import directory, migrations
from tests.durability.beside import hears, serving, until, working
from tests.memory import memory
from tests.postgres import Postgres
from tests.scenarios.desk import appoint
from tests.stage import PATIENCE, Stage
from tests.web.office import words
from tests.web.visitor import begin, new_id, post, read

AWAY = "Le service est momentanément indisponible. Rien de ce qui a été accepté n'est perdu : réessayez."
LIVE = {"X-Souffleur-Live": "1"}


@pytest.fixture
def own_server() -> Iterator[Postgres]:
    """A server that may be stopped: the session's is needed by others."""
    server = Postgres(within=memory())
    yield server
    server.close()


@pytest.fixture
async def url(own_server: Postgres) -> str:
    url = own_server.create("outage")
    await migrations.migrate(url)
    return url


@pytest.fixture
async def stage(url: str, tmp_path: Path, library: Library) -> AsyncIterator[Stage]:
    async with working(url, tmp_path, library) as stage:
        yield stage


@pytest.mark.fault(73)
@pytest.mark.postgres
async def test_every_door_says_that_the_database_is_away_and_all_goes_on_when_it_is_back(
    own_server: Postgres, stage: Stage, url: str
) -> None:
    await appoint(stage, "Camille Martin", role="national", national=True)
    nadia = stage.telegram.person(1001)
    async with (
        serving(stage, url, aiohttp.CookieJar(unsafe=True)) as (house, browser),
        serving(stage, url, aiohttp.CookieJar(unsafe=True)) as (_, desk),
    ):
        await begin(browser)
        await desk.post(await stage.turn(_link), allow_redirects=False)
        waiting = asyncio.create_task(browser.get("/api/chat/messages?after=0&wait=25"))
        mark = (await (await desk.get("/console/nouvelles", headers=LIVE)).json())["mark"]
        news = asyncio.create_task(desk.get(f"/console/nouvelles?depuis={mark}&attendre=25", headers=LIVE))
        await asyncio.to_thread(own_server.stop)
        await until(lambda: not hears(house))
        for answer in await asyncio.wait_for(asyncio.gather(waiting, news), PATIENCE):
            assert answer.status == 503, "who waits is told at once"
        status, body = await post(browser, {"id": new_id(), "text": "bonjour"})
        assert (status, body["error"]["message"]) == (503, AWAY)
        form = await browser.post("/chat", data={"id": new_id(), "text": "bonjour"}, allow_redirects=False)
        for page in (form, await browser.get("/"), await desk.get("/console", allow_redirects=False)):
            assert page.status == 503
            assert page.headers["Retry-After"]
            assert AWAY.replace("'", "’") in await _said(page)
        assert (await browser.get("/healthz")).status == 200
        assert (await browser.get("/readyz")).status == 503
        nadia.write("bonjour")
        await asyncio.to_thread(own_server.start)
        await until(lambda: hears(house) and hears(stage.house))
        assert (await post(browser, {"id": new_id(), "text": "bonjour"}))[0] == 202
        await stage.settle()
        assert any("robot" in one["text"] for one in await read(browser))
        assert len(nadia.heard()) == 2
        assert (await desk.get("/console", allow_redirects=False)).status == 200


def _link(turn: Turn) -> str:
    (referent,) = directory.everyone(turn.session)
    return login.link(turn, referent).removeprefix(turn.world.public_url)


async def _said(page: aiohttp.ClientResponse) -> str:
    return words(await page.text()).replace("'", "’")
