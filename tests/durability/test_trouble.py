"""What only people can mend is told to those who can: once, in plain words, by every way that is left."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot import heartbeat
from bot.library import Library
from handlers import outage
from storage import gates
from tests.mail.server import MailServer
from tests.scenarios.desk import Colleague, appoint, said
from tests.stage import PATIENCE, Stage, open_stage
from tests.telegram.test_polling import until

ELENE = "elene@exemple.fr"


@pytest.fixture
async def stage(tmp_path: Path, library: Library, server: MailServer) -> AsyncIterator[Stage]:
    url = f"sqlite:///{tmp_path}/souffleur.db"
    async with open_stage(url, tmp_path, library, **server.settings) as stage:
        yield stage


@pytest.fixture
async def basile(stage: Stage) -> Colleague:
    """An administrator, on Telegram."""
    return await appoint(stage, "Basile Petit", role="admin")


@asynccontextmanager
async def watched(stage: Stage) -> AsyncIterator[None]:
    """The house looks after itself as it does when it runs, only more often."""
    stop = asyncio.Event()
    watching = asyncio.create_task(heartbeat.watch(stage.house, stop, every=0.01))
    try:
        yield
    finally:
        stop.set()
        await watching


async def heard(stage: Stage) -> None:
    """Waits until it is noted that Telegram is heard now."""
    async with asyncio.timeout(PATIENCE):
        while await stage.turn(lambda t: gates.stamped(t.session, "telegram!heard")) != stage.clock():  # noqa: ASYNC110
            await asyncio.sleep(0.01)  # nobody is told of it


@pytest.mark.fault(24)
async def test_who_was_deaf_for_more_than_a_day_says_what_is_lost(stage: Stage, basile: Colleague) -> None:
    nadia = stage.telegram.person(1001)
    async with watched(stage):
        nadia.write("bonjour")
        await heard(stage)
    await stage.later(hours=23)
    async with watched(stage):
        nadia.write("merci")
        await heard(stage)
        await stage.settle()
    assert "sont perdus" not in said(await basile.hears())
    await stage.later(hours=30)
    async with watched(stage):
        nadia.write("merci")
        await heard(stage)
        await stage.settle()
    notice = said(await basile.hears())
    assert "du 24/11/2026 à 09:00 au 25/11/2026 à 15:00" in notice
    assert "avant le 24/11/2026 à 15:00 n'arriveront plus" in notice
    assert notice.count("sont perdus") == 1


@pytest.mark.fault(24)
async def test_a_first_start_has_missed_nothing(stage: Stage, basile: Colleague) -> None:
    await stage.turn(outage.hearing)
    await stage.settle()
    assert await basile.hears() == []


@pytest.mark.fault(25)
async def test_a_rejected_token_is_told_by_mail_and_what_waits_is_kept(
    stage: Stage, server: MailServer, basile: Colleague
) -> None:
    await appoint(stage, "Élène Sy", role="admin", email=ELENE, telegram=False)
    nadia = stage.telegram.person(1001)
    nadia.write("bonjour")
    stage.telegram.fail("sendMessage", "401", times=None)
    stage.telegram.fail("getUpdates", "401", times=None)
    async with watched(stage):
        await until(lambda: bool(server.to(ELENE)))
    (mail,) = server.to(ELENE)
    part = mail.get_body(("plain",))
    assert part is not None
    assert "Telegram refuse le jeton du robot" in part.get_content()
    details = (await stage.house.probe()).details
    assert details["telegram_trouble"] == "bot token rejected"
    assert details["gates_closed"] == {"telegram": "bot token rejected"}
    stage.telegram.mend()
    await stage.house.database.write(lambda session: gates.forget(session, "telegram"))
    await stage.settle()
    assert len(nadia.heard()) == 2
    assert "refuse le jeton" in said(await basile.hears())


@pytest.mark.fault(14)
@pytest.mark.fault(26)
async def test_another_receiver_of_the_same_token_is_told(stage: Stage, basile: Colleague) -> None:
    stage.telegram.fail("getUpdates", "409", times=3)
    stage.telegram.person(1001).write("bonjour")
    async with watched(stage):
        await until(lambda: not stage.telegram.updates.waiting)
        await stage.settle()
    assert said(await basile.hears()).count("Un autre programme reçoit") == 1
    assert len(stage.telegram.person(1001).heard()) == 2
