"""A new release goes in under load: two webs behind a balancer and two workers, one after the other."""

import asyncio
import os
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from knowledge.markup import plain
from storage import contacts, transcript
from storage.database import Database, open_database
from tests.durability.balancer import balancer
from tests.durability.crew import PATIENCE, Crew, by_webhook, crew
from tests.durability.ledger import left_over, settled
from tests.durability.subjects import Subjects, things_to_say
from tests.durability.visitor import Visitor
from tests.fake_telegram import FakeTelegram, Person
from tests.storage.test_upgrading import LATER

ROUNDS = 10 if os.environ.get("SOUFFLEUR_CHAOS") else 1
PEOPLE, VISITORS = 6, 3
PAUSE = 0.5
"""Seconds between two things that somebody says."""


@pytest.mark.fault(7)
@pytest.mark.fault(15)
@pytest.mark.fault(67)
@pytest.mark.postgres
@pytest.mark.timeout(300 + 120 * ROUNDS)
async def test_restarted_one_after_the_other_under_load_nothing_is_lost_or_doubled(
    postgresql_url: str, tmp_path: Path, telegram: FakeTelegram, subjects: Subjects
) -> None:
    settings = by_webhook(postgresql_url, telegram.url, subjects.folder)
    database = open_database(postgresql_url)
    over = asyncio.Event()
    async with (
        crew(tmp_path / "a", "web", "worker", **settings) as one,
        crew(tmp_path / "b", "web", "worker", **settings) as other,
        balancer([one.port, other.port]) as gate,
    ):
        for house in (one, other):
            house.set("BOT_PUBLIC_URL", gate.url)
        await asyncio.gather(one.start(), other.start())
        people = [telegram.person(1001 + number) for number in range(PEOPLE)]
        visitors = [await Visitor(gate.url).__aenter__() for _ in range(VISITORS)]
        try:
            talking = [asyncio.create_task(_writes(person, over)) for person in people]
            talking += [asyncio.create_task(_chats(visitor, over)) for visitor in visitors]
            await _heard(people)
            for _ in range(ROUNDS - 1):
                await _restart(one, people)
                await _restart(other, people)
            await _restart(one, people)
            # A release that is rolled out has expanded the schema: old processes may still come back.
            for statement in LATER:
                await database.write(partial(_do, statement))
            await _restart(other, people)
            over.set()
            said = await asyncio.gather(*talking)
            await settled(database, telegram)
            read = [await visitor.reads() for visitor in visitors]
        finally:
            over.set()
            for visitor in visitors:
                await visitor.__aexit__()
        ends = await one.stop() + await other.stop()
        assert {code for code, _ in ends} == {0}, one.errors()[-3000:] + other.errors()[-3000:]
    for person, words in zip(people, said[:PEOPLE], strict=True):
        assert subjects.outcomes(person.texts()) == words
        asked, answered = await _kept(database, person.address)
        assert asked == [one for one in words if not one.startswith("/")]
        assert subjects.outcomes(answered) == words
    for visitor, heard, words in zip(visitors, read, said[PEOPLE:], strict=True):
        assert subjects.outcomes(heard) == words
        assert (await _kept(database, visitor.address))[0] == words
    assert min(gate.served.values()) > 0, "both webs had their share"
    assert await left_over(database) == {"parked": 0, "failed": 0}
    await database.close()


async def _kept(database: Database, address: str) -> tuple[list[str], list[str]]:
    """What somebody said, and what the bot said to them, as the transcript has it."""

    def read(session: Session) -> tuple[list[str], list[str]]:
        contact = contacts.by_address(session, address)
        assert contact is not None
        rows = transcript.after(session, contact.id, 0, limit=100_000)
        assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
        return (
            [row.text for row in rows if row.author == "visitor"],
            [plain(row.text) for row in rows if row.author == "bot"],
        )

    return await database.read(read)


def _do(statement: str, session: Session) -> None:
    session.execute(text(statement))


async def _restart(house: Crew, people: list[Person]) -> None:
    """One machine after the other: its web and its worker end what they have in hand, and begin anew."""
    assert {code for code, _ in await house.stop()} == {0}, house.errors()[-3000:]
    await house.start()
    await _heard(people)


async def _heard(people: list[Person]) -> None:
    """Waits until everybody has heard something new."""
    before = [len(person.heard()) for person in people]
    async with asyncio.timeout(PATIENCE):
        while not all(len(one.heard()) > count for one, count in zip(people, before, strict=True)):  # noqa: ASYNC110
            await asyncio.sleep(0.05)  # other processes work: they tell us nothing


async def _writes(person: Person, over: asyncio.Event) -> list[str]:
    said = []
    for words in things_to_say(10_000):
        person.write(words)
        said.append(words)
        await asyncio.sleep(PAUSE)  # as people do
        if over.is_set():
            break
    return said


async def _chats(visitor: Visitor, over: asyncio.Event) -> list[str]:
    """On the web small talk only, slower than the limit for a session."""
    said = []
    for words in ("bonjour", "merci", "au revoir") * 10_000:
        await visitor.says(words)
        said.append(words)
        await asyncio.sleep(8 * PAUSE)
        if over.is_set():
            break
    return said
