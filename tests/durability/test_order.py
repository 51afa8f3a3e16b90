"""Updates that a webhook brings in another order than they happened in: answered as they happened."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select

from bot.library import Library
from bot.telegram.webhook import SECRET_HEADER
from handlers.turn import Turn
from storage import queue
from storage.queue import Claimed
from storage.tables import Transcript
from tests.fake_telegram import Person
from tests.stage import Stage, open_stage

SECRET = "a-secret-of-the-webhook"


@pytest.fixture
async def hooked(database_url: str, tmp_path: Path, library: Library) -> AsyncIterator[Stage]:
    """A house with a webhook, on each kind of database; each test plays the messenger itself."""
    settings = {"telegram_mode": "webhook", "webhook_secret": SECRET, "public_url": "https://example.org"}
    async with open_stage(database_url, tmp_path, library, **settings) as stage:
        yield stage


async def deliver(stage: Stage, *updates: dict[str, Any]) -> None:
    async with aiohttp.ClientSession(headers={SECRET_HEADER: SECRET}) as session:
        for update in updates:
            async with session.post(f"{stage.url}/telegram/webhook", json=update) as response:
                assert response.status == 200


def happened(stage: Stage, person: Person, *words: str) -> list[dict[str, Any]]:
    """Updates for what somebody wrote, taken from Telegram before it can send them by itself."""
    for text in words:
        person.write(text)
    found: list[dict[str, Any]] = list(stage.telegram.updates.waiting)  # type: ignore[arg-type]
    stage.telegram.updates.waiting.clear()
    return found


async def in_another_hand(stage: Stage, person: Person) -> Claimed:
    """Something of this chat that another worker has in hand: what comes next must wait."""

    def take(turn: Turn) -> Claimed:
        payload = {"door": "timer", "kind": "digests", "arguments": {}}
        queue.put(turn.session, key="held", lane=person.address, payload=payload, now=turn.now)
        (held,) = queue.claim(turn.session, now=turn.now, limit=1)
        return held

    return await stage.turn(take)


def said(turn: Turn) -> list[str]:
    rows = select(Transcript.text).where(Transcript.author == "visitor").order_by(Transcript.id)
    return list(turn.session.scalars(rows))


@pytest.mark.fault(17)
async def test_what_waits_is_answered_in_the_order_in_which_it_was_written(hooked: Stage) -> None:
    nadia, zoe = hooked.telegram.person(1001), hooked.telegram.person(1002)
    first, second, third, fourth = happened(hooked, nadia, "bonjour", "merci", "au revoir", "merci")
    (other,) = happened(hooked, zoe, "bonjour")
    held = await in_another_hand(hooked, nadia)
    await deliver(hooked, third, other, first, fourth, second, third)
    await hooked.turn(lambda turn: queue.finish(turn.session, held, now=turn.now))
    await hooked.settle()
    assert await hooked.turn(said) == ["bonjour", "bonjour", "merci", "au revoir", "merci"]
    assert len(nadia.heard()) == 5
    assert len(zoe.heard()) == 2
    # All keys are known still: whatever is sent again changes nothing.
    await deliver(hooked, first, second, third, fourth)
    await hooked.settle()
    assert len(nadia.heard()) == 5


@pytest.mark.fault(17)
async def test_what_comes_after_its_successor_was_answered_is_answered_too(hooked: Stage) -> None:
    nadia = hooked.telegram.person(1001)
    first, second = happened(hooked, nadia, "bonjour", "merci")
    await deliver(hooked, second)
    await hooked.settle()
    await deliver(hooked, first)
    await hooked.settle()
    assert await hooked.turn(said) == ["merci", "bonjour"]
