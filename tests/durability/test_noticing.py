"""Programs that write into the file of a running house are noticed: here nobody ever looks by themselves."""

import asyncio
from functools import partial
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy.orm import Session

from bot import app, noticing, worker
from bot.library import Library
from storage import contacts, migrations, transcript
from storage.database import open_database
from storage.signals import EVERYTHING, Signal
from storage.sqlite import others_commits
from tests.durability.beside import hears, until
from tests.stage import PATIENCE, open_stage
from tests.storage.passing import NOW
from tests.web.office import SAME_ORIGIN
from tests.web.visitor import begin, read


@pytest.fixture(autouse=True)
def _nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "LOOK_AGAIN", 3600.0)
    monkeypatch.setattr(app, "CONNECTED", 3600.0)
    monkeypatch.setattr(noticing, "LOOK_AGAIN", 0.02)


def say(session: Session, address: str) -> None:
    contact = contacts.at(session, address, now=NOW)
    transcript.add(session, contact, author="referent", text="Me voici.", at=NOW)


class Listener:
    """Hears, and remembers."""

    def __init__(self) -> None:
        self.heard_of: list[Signal] = []
        self.hears = False

    def heard(self, signal: Signal) -> None:
        self.heard_of.append(signal)

    def connected(self, connected: bool) -> None:
        self.hears = connected


async def test_a_visitor_who_waits_gets_what_another_program_wrote(tmp_path: Path, library: Library) -> None:
    url = f"sqlite:///{tmp_path / 'house.db'}"
    async with (
        open_stage(url, tmp_path, library) as stage,
        noticing.noticing(stage.house.database, stage.house),
        aiohttp.ClientSession(
            stage.url, cookie_jar=aiohttp.CookieJar(unsafe=True), headers=SAME_ORIGIN
        ) as visitor,
    ):
        await until(lambda: hears(stage.house))
        address = f"web:{await begin(visitor)}"
        contact = await stage.turn(lambda turn: contacts.at(turn.session, address, now=NOW).id)
        waiting = asyncio.create_task(read(visitor, 0, 25))
        await until(lambda: stage.house.changes.watching(contact) > 0)
        other = open_database(url)
        await other.write(partial(say, address=address))
        await other.close()
        (message,) = await asyncio.wait_for(waiting, PATIENCE)
    assert message["text"] == "Me voici."


async def test_only_what_others_write_is_news(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'house.db'}"
    await migrations.migrate(url)
    ours, theirs, listener = open_database(url), open_database(url), Listener()
    async with noticing.noticing(ours, listener):
        await until(lambda: listener.hears)
        before = await ours.write(others_commits)
        for number in range(5):
            await ours.write(partial(say, address=f"web:{number}"))
        assert await ours.write(others_commits) == before
        assert listener.heard_of == []
        await theirs.write(partial(say, address="web:6"))
        await until(lambda: listener.heard_of != [])
    assert listener.heard_of == [EVERYTHING]
    await until(lambda: not listener.hears)
    await ours.close()
    await theirs.close()
