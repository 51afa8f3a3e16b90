"""What befalls the workers themselves: no memory, a matcher that is stuck, a crowd, a colleague that died."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot.app import House
from bot.library import Library
from handlers.turn import Turn
from knowledge.entries import Audience
from knowledge.outcomes import Match
from storage import outbox, queue
from storage.database import open_database
from storage.queue import LeaseLost
from storage.tables import Transcript
from tests.actors import TelegramCitizen, WebCitizen, texts
from tests.postgres import Postgres
from tests.shelf import SHELF
from tests.stage import PATIENCE, Stage, open_stage
from tests.storage.passing import gates_open, time_passes

HEAVY = "raconte-moi tout le pass culture d'un coup"


class Moody(Library):
    """A matcher that does something else first when it is asked the heavy question."""

    def __init__(self, first: Callable[[], None]) -> None:
        super().__init__(None, SHELF)
        self._first = first

    def find(self, text: str, audience: Audience | None, previous: str | None) -> Match:
        if HEAVY in text:
            self._first()
        return super().find(text, audience, previous)


def _waits_for_the_next_try(session: Session) -> None:
    """Not while one is in hand: on a busy machine its lease would run out."""
    if not queue.unfinished(session)["leased"]:
        time_passes(session, seconds=10)


@pytest.mark.fault(10)
async def test_without_memory_a_message_is_tried_again_and_the_others_are_answered(tmp_path: Path) -> None:
    tries = iter(range(1, 100))

    def starve() -> None:
        if next(tries) < 3:
            bytearray(1 << 62)

    url = f"sqlite:///{tmp_path / 'souffleur.db'}"
    async with open_stage(url, tmp_path, Moody(starve)) as stage:
        nadia, zoe = TelegramCitizen(stage), TelegramCitizen(stage)
        nadia.person.write(HEAVY)
        zoe.person.write("bonjour")
        async with asyncio.timeout(PATIENCE):
            while not nadia.person.heard():
                await stage.house.database.write(_waits_for_the_next_try)
                stage.house.worker.inbox_wake()
                await asyncio.sleep(0.02)
        assert "robot" in texts(await zoe.hears())
        assert await nadia.hears()
        assert next(tries) == 4
        counted = stage.house.metrics.registry.get_sample_value
        assert counted("souffleur_turns_total", {"outcome": "failed"}) == 2


@pytest.mark.fault(11)
async def test_while_the_matcher_is_busy_everybody_else_is_served(tmp_path: Path) -> None:
    entered, free = threading.Event(), threading.Event()

    def stuck() -> None:
        entered.set()
        free.wait(PATIENCE)

    url = f"sqlite:///{tmp_path / 'souffleur.db'}"
    async with open_stage(url, tmp_path, Moody(stuck)) as stage:
        nadia, zoe, anne = TelegramCitizen(stage), TelegramCitizen(stage), WebCitizen(stage)
        nadia.person.write(HEAVY)
        assert await asyncio.to_thread(entered.wait, PATIENCE)
        zoe.person.write("bonjour")
        first = await zoe.person.next_message(PATIENCE)
        assert first.text
        session = await anne.call("POST", "/api/chat/sessions", {})
        assert session["session"]
        async with aiohttp.ClientSession(stage.url) as client, client.get("/readyz") as ready:
            assert ready.status == 200
        assert nadia.person.heard() == []
        free.set()
        assert await nadia.hears()


@pytest.fixture
async def shared(database_url: str, tmp_path: Path, library: Library) -> AsyncIterator[Stage]:
    """A house on each kind of database."""
    async with open_stage(database_url, tmp_path, library) as stage:
        yield stage


@pytest.mark.postgres
async def test_what_the_database_refuses_to_read_ahead_is_accepted_all_the_same(
    postgres: Postgres, tmp_path: Path, library: Library
) -> None:
    """PostgreSQL would call a transaction committed of which it has kept nothing."""

    def rename(turn: Turn, old: str, new: str) -> None:
        turn.session.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))

    async with open_stage(postgres.create("refused"), tmp_path, library) as stage:
        counted = stage.house.metrics.registry.get_sample_value
        await stage.turn(lambda turn: rename(turn, "proposals", "elsewhere"))
        nadia = stage.telegram.person(1001)
        nadia.write("bonjour")
        async with asyncio.timeout(PATIENCE):
            while not counted("souffleur_turns_total", {"outcome": "failed"}):  # noqa: ASYNC110 (a figure)
                await asyncio.sleep(0.02)
        await stage.turn(lambda turn: rename(turn, "elsewhere", "proposals"))
        async with asyncio.timeout(PATIENCE):
            while not nadia.heard():
                await stage.house.database.write(_waits_for_the_next_try)
                stage.house.worker.inbox_wake()
                await asyncio.sleep(0.02)


# Several workers on one database


@asynccontextmanager
async def more_workers(stage: Stage, number: int) -> AsyncIterator[None]:
    """Other processes' workers, as far as the database can tell."""
    settings = stage.house.settings
    houses = [
        House(
            settings=settings,
            database=open_database(settings.database),
            library=stage.house.library,
            clock=stage.clock,
        )
        for _ in range(number)
    ]
    working = [asyncio.create_task(house.worker.run()) for house in houses]
    try:
        yield
    finally:
        for house in houses:
            house.worker.stop()
        await asyncio.gather(*working)
        for house in houses:
            assert house.bot is not None
            await house.bot.request.shutdown()
            await house.database.close()


@pytest.mark.fault(39)
async def test_of_three_workers_none_goes_on_when_one_was_told_to_wait(shared: Stage) -> None:
    people = [shared.telegram.person(1001 + number) for number in range(12)]
    async with more_workers(shared, 2):
        shared.telegram.fail("sendMessage", "429", value=1)
        for person in people:
            person.write("bonjour")
        async with asyncio.timeout(PATIENCE):
            while not any(call.status == 429 for call in shared.telegram.calls("sendMessage")):
                await shared.telegram.something_sent()
        await shared.settle()
    calls = shared.telegram.calls("sendMessage")
    told_at = next(call.at for call in calls if call.status == 429)
    # What was under way when we were told could not be called back.
    later = [call.at - told_at for call in calls if call.at > told_at]
    assert all(gap < 0.5 or gap > 0.95 for gap in later)
    assert max(later) > 0.95
    assert {len(person.heard()) for person in people} == {2}


@pytest.mark.fault(16)
async def test_an_update_that_reaches_several_workers_is_answered_once(shared: Stage) -> None:
    nadia = shared.telegram.person(1001)
    nadia.write("bonjour")
    copies = list(shared.telegram.updates.waiting)
    async with more_workers(shared, 2):
        for copy in copies * 4:
            shared.telegram.inject(copy)
        await shared.settle()
    assert len(nadia.heard()) == 2
    rows = select(Transcript.text).where(Transcript.author == "visitor")
    assert await shared.turn(lambda turn: list(turn.session.scalars(rows))) == ["bonjour"]


@pytest.mark.fault(8)
@pytest.mark.fault(9)
async def test_what_a_dead_worker_had_in_hand_is_done_by_another_and_by_nobody_twice(shared: Stage) -> None:
    nadia = shared.telegram.person(1001)
    nadia.write("bonjour")
    (update,) = list(shared.telegram.updates.waiting)
    shared.telegram.updates.waiting.clear()

    def take(turn: Turn) -> tuple[queue.Claimed, outbox.Parcel]:
        """Another worker takes the message and something that was to be said, and is heard of no more."""
        payload = {"door": "telegram", "update": update}
        queue.put(turn.session, key="telegram:1", lane=nadia.address, payload=payload, now=turn.now)
        said = {"kind": "message", "text": "Avant la panne.", "markup": False, "choices": []}
        outbox.put(turn.session, lane="telegram:1002", payload=said, now=turn.now)
        (item,) = queue.claim(turn.session, now=turn.now, limit=1)
        (parcel,) = outbox.claim(turn.session, "telegram", limit=1)
        return item, parcel

    shared.telegram.chats[1002].state = "open"
    item, parcel = await shared.turn(take)
    assert nadia.heard() == []
    await shared.house.database.write(lambda session: time_passes(session, seconds=61))
    await shared.settle()
    assert len(nadia.heard()) == 2
    (said,) = shared.telegram.person(1002).heard()
    assert said.raw.get("disable_notification") is not False
    with pytest.raises(LeaseLost):  # the dead one was only asleep
        await shared.turn(lambda turn: queue.finish(turn.session, item, now=turn.now))
    assert not await shared.turn(
        lambda turn: outbox.sent(turn.session, [outbox.Delivered(parcel, "999")], now=turn.now)
    )
    asleep = replace(parcel, taken_at=parcel.taken_at - 61)
    await shared.house.worker.turning.delivering.deliver(asleep)
    assert len(shared.telegram.person(1002).heard()) == 1
    await shared.settle()
    assert len(nadia.heard()) == 2


@pytest.mark.fault(32)
async def test_who_writes_faster_than_answers_may_leave_is_told_once(
    tmp_path: Path, library: Library
) -> None:
    url = f"sqlite:///{tmp_path / 'souffleur.db'}"
    async with open_stage(url, tmp_path, library, telegram_pacing=True) as stage:
        nadia = stage.telegram.person(1001)
        words = [("bonjour", "merci")[number % 2] for number in range(20)]
        for text in words:
            nadia.write(text)
        async with asyncio.timeout(PATIENCE):
            while bool(stage.telegram.updates.waiting) or await stage.turn(_unhandled):  # noqa: ASYNC110
                await asyncio.sleep(0.02)  # until all of it has been handled
        assert len(nadia.heard()) < 10, "one a second in a chat"
        async with asyncio.timeout(PATIENCE):
            while await stage.turn(_unsent):
                await stage.house.database.write(gates_open)
                stage.house.worker.outbox_wake()
                await asyncio.sleep(0.005)  # until the next one was sent
        heard = [one.text for one in nadia.heard()]
        assert len(heard) == 22, "the notice, twenty answers, and a word about the pace"
        assert sum("Un instant" in text for text in heard) == 1
        assert ["Un instant" in text for text in heard].index(True) < 12


def _unhandled(turn: Turn) -> bool:
    return queue.oldest(turn.session, now=turn.now) is not None


def _unsent(turn: Turn) -> bool:
    return outbox.oldest(turn.session) is not None
