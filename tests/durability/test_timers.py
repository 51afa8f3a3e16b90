"""A timer that is due soon goes off by itself: nobody has to look for it."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot import worker
from bot.app import House
from bot.config import load_settings
from bot.library import Library
from handlers.turn import Turn
from storage import migrations, queue
from storage.database import open_database
from tests.stage import PATIENCE


async def test_a_timer_of_a_moment_goes_off_though_nobody_looks(
    tmp_path: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "LOOK_AGAIN", 3600.0)
    url = f"sqlite:///{tmp_path / 'souffleur.db'}"
    await migrations.migrate(url)
    settings = load_settings(database_url=url, data_dir=tmp_path, web_port=0, ops_port=0)
    house = House(settings=settings, database=open_database(url), library=library)
    working = asyncio.create_task(house.worker.run())
    await house.turn(_ask_for_digests)
    async with asyncio.timeout(PATIENCE):
        while await house.turn(lambda turn: queue.counts(turn.session).get("done", 0)) == 0:  # noqa: ASYNC110
            await asyncio.sleep(0.02)  # the worker tells nobody that it is done
    house.worker.stop()
    await working
    await house.database.close()


def _ask_for_digests(turn: Turn) -> None:
    due_at = turn.now + timedelta(seconds=0.3)
    queue.put_timer(
        turn.session, key="soon", lane="timer:digests", kind="digests", now=turn.now, due_at=due_at
    )
