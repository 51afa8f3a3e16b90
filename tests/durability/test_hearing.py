"""Processes on one PostgreSQL wake each other: here nobody ever looks by themselves."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import text

from bot import app, worker
from bot.app import House
from bot.library import Library
from handlers import login
from handlers.turn import Turn
from storage import directory
from storage.database import open_database
from tests.durability.beside import hears, serving, until, working
from tests.scenarios.desk import Colleague, appoint
from tests.stage import PATIENCE, Stage
from tests.web.test_events import messages
from tests.web.visitor import begin, new_id, post, read

pytestmark = pytest.mark.postgres


@pytest.fixture(autouse=True)
def _nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "LOOK_AGAIN", 3600.0)
    monkeypatch.setattr(app, "CONNECTED", 3600.0)


@pytest.fixture
async def stage(postgresql_url: str, tmp_path: Path, library: Library) -> AsyncIterator[Stage]:
    """The worker, before its Telegram."""
    async with working(postgresql_url, tmp_path, library) as stage:
        yield stage


async def hears_next(client: aiohttp.ClientSession, after: int) -> list[str]:
    """What the bot says next, as soon as it is said."""
    async with asyncio.timeout(PATIENCE):
        while not (found := [one for one in await read(client, after, 25) if one["from"] != "visitor"]):
            pass
    return [one["text"] for one in found]


async def test_a_question_goes_in_at_one_web_and_the_answer_comes_out_at_another(
    stage: Stage, postgresql_url: str
) -> None:
    cookies = aiohttp.CookieJar(unsafe=True)
    async with (
        serving(stage, postgresql_url, cookies) as (_, asking),
        serving(stage, postgresql_url, cookies) as (_, reading),
    ):
        await begin(asking)
        waiting = asyncio.create_task(read(reading, 0, 25))
        assert (await post(asking, {"id": new_id(), "text": "bonjour"}))[0] == 202
        mine = (await asyncio.wait_for(waiting, PATIENCE))[0]
        assert mine["text"] == "bonjour"
        assert any("robot" in said for said in await hears_next(reading, mine["seq"]))


async def test_a_demand_and_its_reply_cross_processes(stage: Stage, postgresql_url: str) -> None:
    camille = await appoint(stage, "Camille Martin", role="national", national=True)
    cookies = aiohttp.CookieJar(unsafe=True)
    async with serving(stage, postgresql_url, aiohttp.CookieJar(unsafe=True)) as (_, desk):
        await desk.post(await stage.turn(lambda turn: _link(turn, camille)), allow_redirects=False)
        before = await _news(desk)
        async with serving(stage, postgresql_url, cookies) as (_, browser):
            await begin(browser)
            await post(browser, {"id": new_id(), "text": "/referent"})
            news = await asyncio.wait_for(_news(desk, before["mark"]), PATIENCE)
            assert news["mark"] != before["mark"]
            await stage.settle()
            await post(browser, {"id": new_id(), "text": "25"})
            await until(lambda: any("n° 1" in one.text for one in camille.person.heard()))
            last = (await read(browser))[-1]["seq"]
            async with browser.get(f"/api/chat/events?after={last}") as stream:
                await desk.post(
                    "/console/demandes/1/reponse", data={"text": "Voici la marche."}, allow_redirects=False
                )
                (reply,) = await asyncio.wait_for(messages(stream, 1), PATIENCE)
    assert (reply["from"], reply["text"]) == ("referent", "Voici la marche.")


async def test_a_reply_written_at_a_web_is_sent_by_the_worker(stage: Stage, postgresql_url: str) -> None:
    camille = await appoint(stage, "Camille Martin", role="national", national=True)
    nadia = stage.telegram.person(1001)
    for said in ("/referent", "25"):
        nadia.write(said)
        await stage.settle()
    async with serving(stage, postgresql_url, aiohttp.CookieJar(unsafe=True)) as (_, desk):
        await desk.post(await stage.turn(lambda turn: _link(turn, camille)), allow_redirects=False)
        await desk.post(
            "/console/demandes/1/reponse", data={"text": "Voici la marche."}, allow_redirects=False
        )
        await until(lambda: "Voici la marche." in nadia.heard()[-1].text)


@pytest.mark.fault(73)
async def test_a_line_that_breaks_is_opened_again_and_what_was_missed_is_found(
    stage: Stage, postgresql_url: str
) -> None:
    cookies = aiohttp.CookieJar(unsafe=True)
    async with serving(stage, postgresql_url, cookies) as (house, browser):
        await begin(browser)
        lost = [_lost(house), _lost(stage.house)]
        await _hang_up(postgresql_url)
        await asyncio.wait_for(asyncio.gather(*lost), PATIENCE)
        await post(browser, {"id": new_id(), "text": "bonjour"})
        assert any("robot" in said for said in await hears_next(browser, 0))
        await until(lambda: hears(house) and hears(stage.house))
        await post(browser, {"id": new_id(), "text": "merci"})
        last = (await read(browser))[-1]["seq"]
        assert await hears_next(browser, last)


def _link(turn: Turn, colleague: Colleague) -> str:
    referent = directory.get(turn.session, colleague.id)
    assert referent is not None
    return login.link(turn, referent).removeprefix(turn.world.public_url)


async def _news(desk: aiohttp.ClientSession, mark: str = "") -> dict[str, str]:
    wait = 25 if mark else 0
    answer = await desk.get(
        f"/console/nouvelles?depuis={mark}&attendre={wait}", headers={"X-Souffleur-Live": "1"}
    )
    assert answer.status == 200, await answer.text()
    found: dict[str, str] = await answer.json()
    return found


async def _lost(house: House) -> None:
    """Returns once the house has noticed that nobody is heard."""
    await until(lambda: not hears(house))


async def _hang_up(url: str) -> None:
    """Ends all lines at the server, as a fail-over does."""
    database = open_database(url)
    lines = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'souffleur-line'"
    here = " AND datname = current_database()"
    await database.write(lambda session: session.execute(text(lines + here)).all())
    await database.close()
