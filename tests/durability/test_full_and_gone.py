"""The file under the database fails, seen from outside: nothing is confirmed that was not written down."""

import asyncio
import sqlite3
import uuid
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bot import serving
from bot.config import load_settings
from storage import queue
from storage.database import DatabaseUnavailable
from tests.actors import TelegramCitizen, WebCitizen, texts
from tests.durability.subjects import Subjects
from tests.fake_telegram import TOKEN, FakeTelegram
from tests.stage import PATIENCE, Stage
from tests.storage.passing import NOW


async def writes(visitor: WebCitizen, words: str) -> tuple[int, dict[str, Any]]:
    """Status and body of the answer to a message, whatever it is."""
    headers, url = {"Sec-Fetch-Site": "same-origin"}, f"{visitor.stage.url}/api/chat/messages"
    body = {"id": str(uuid.uuid4()), "text": words}
    async with (
        aiohttp.ClientSession(cookie_jar=visitor._jar, headers=headers) as session,
        session.post(url, json=body) as response,
    ):
        return response.status, await response.json()


async def in_trouble(stage: Stage) -> None:
    """Waits until Telegram's messages cannot be taken in."""
    telegram = stage.house.telegram
    assert telegram is not None
    async with asyncio.timeout(PATIENCE):
        while not isinstance(telegram.trouble, DatabaseUnavailable):  # noqa: ASYNC110
            await asyncio.sleep(0.01)  # polling has no event for its troubles


def pages(session: Session, most: int) -> None:
    session.execute(text(f"PRAGMA max_page_count = {most}"))


def stuff(session: Session, number: int, size: int) -> None:
    queue.put(session, key=f"{size}:{number}", lane="stuff", payload={"x": "x" * size}, now=NOW)
    session.execute(text("UPDATE inbox SET status = 'done' WHERE lane = 'stuff'"))


async def fill(stage: Stage) -> None:
    """Fills the disk to the last page."""
    await stage.house.database.write(partial(pages, most=1))
    for size in (100_000, 5_000):
        for number in range(1000):
            try:
                await stage.house.database.write(partial(stuff, number=number, size=size))
            except DatabaseUnavailable:
                break


async def make_room(stage: Stage) -> None:
    """Again until it has a commit of its own: what does not fit takes down whoever shares one with it."""
    made = False
    while not made:
        with suppress(DatabaseUnavailable):
            await stage.house.database.write(partial(pages, most=1_000_000))
            made = True


@pytest.mark.fault(12)
async def test_on_a_full_disk_nothing_is_confirmed_and_all_goes_on_when_there_is_room(stage: Stage) -> None:
    nadia, zoe = TelegramCitizen(stage), WebCitizen(stage)
    await nadia.says("bonjour")
    await zoe.says("bonjour")
    await fill(stage)
    # As long as a message may be, with a field of years to come: it needs pages that are not there.
    nadia.person.write("merci")
    waiting = stage.telegram.updates.waiting
    waiting[-1]["message"]["novelty"] = "é" * 20_000  # type: ignore[index]
    status, said = await writes(zoe, "é" * 4096)
    assert status == 503
    assert "momentanément indisponible" in said["error"]["message"]
    await in_trouble(stage)
    assert len(waiting) == 1, "Telegram keeps what we did not confirm"
    probe = await stage.house.probe()
    assert "full" in str(probe.details["telegram_trouble"])
    await make_room(stage)
    assert len(await nadia.hears()) == 1
    assert (await stage.house.probe()).details["telegram_trouble"] is None
    assert await zoe.says("merci")


@pytest.mark.fault(76)
async def test_a_file_that_is_moved_away_takes_nothing_with_it(stage: Stage) -> None:
    nadia, zoe = TelegramCitizen(stage), WebCitizen(stage)
    await nadia.says("bonjour")
    await zoe.says("bonjour")
    file = stage.house.settings.data_dir / "souffleur.db"
    file.rename(file.with_suffix(".away"))
    nadia.person.write("merci")
    await in_trouble(stage)
    file.touch()
    status, said = await writes(zoe, "merci")
    assert status == 503
    assert "réessayez" in said["error"]["message"]
    file.with_suffix(".away").rename(file)
    assert len(await nadia.hears()) == 1
    assert "robot" not in texts(nadia.last)


@pytest.mark.fault(12)
async def test_a_database_that_goes_just_after_the_start_is_waited_for(
    telegram: FakeTelegram, subjects: Subjects, tmp_path: Path
) -> None:
    other = sqlite3.connect(tmp_path / "souffleur.db")

    def say(line: str) -> None:
        if line.startswith("console:"):  # the pages are there, the first turns are not
            other.execute("BEGIN EXCLUSIVE")

    settings = load_settings(
        telegram_token=TOKEN,
        telegram_api_url=telegram.url,
        data_dir=tmp_path,
        knowledge_dir=subjects.folder,
        web_port=0,
        ops_port=0,
    )
    nadia = telegram.person(1001)
    nadia.write("bonjour")
    with capture_logs() as logs:
        running = asyncio.create_task(serving.run(settings, say))
        async with asyncio.timeout(PATIENCE):
            while not any(line.get("loop") == "start" for line in logs):  # noqa: ASYNC110  # nothing tells us
                await asyncio.sleep(0.05)
        other.close()
        assert (await nadia.next_message(PATIENCE)).text
        running.cancel()
        await asyncio.wait((running,))
