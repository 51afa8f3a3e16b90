"""A demonstration lives like a real service, and never writes to anybody by itself."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.library import Library
from handlers import timers
from handlers.demo.scene import Plan
from handlers.demo.seeding import Made, seed
from storage import outbox
from tests.mail.server import MailServer
from tests.scenarios.desk import appoint
from tests.scenarios.test_weekly import OPENING, PACK, packs, until
from tests.stage import Stage, open_stage


@pytest.fixture
async def stage(tmp_path: Path, library: Library, server: MailServer) -> AsyncIterator[Stage]:
    url = f"sqlite:///{tmp_path}/souffleur.db"
    async with open_stage(url, tmp_path, library, **server.settings) as stage:
        made = await stage.turn(lambda turn: seed(turn, Plan(weeks=4, scale=0.4)))
        assert isinstance(made, Made)
        yield stage


async def test_a_week_passes_and_nobody_is_written_to(stage: Stage, server: MailServer) -> None:
    """Digests, packs, alerts about what blocks, the nightly purge: their moments come."""
    await stage.turn(timers.begin)
    for _ in range(9):
        await stage.later(days=1)
    assert await stage.turn(lambda turn: outbox.counts(turn.session)) == {}
    assert stage.telegram.calls("sendMessage") + stage.telegram.calls("sendPhoto") == []
    assert server.mails == []


async def test_a_referent_who_is_added_reads_what_it_is(stage: Stage) -> None:
    real = await appoint(stage, "Camille Martin", territories="25")
    await stage.turn(timers.begin)
    await until(stage, OPENING)
    (text,) = packs(await real.hears())
    assert text.splitlines()[2].endswith("Données de démonstration : tout est inventé.")
    assert PACK in text
