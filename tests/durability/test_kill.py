"""kill -9 at any moment: nothing accepted is lost, order is kept, copies are few."""

import asyncio
import random
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.hands import AT_ONCE
from knowledge.markup import plain
from storage import migrations
from storage.database import Database, open_database
from tests.durability.crew import Crew, crew
from tests.durability.ledger import conversation, left_over, settled
from tests.durability.subjects import Subjects, things_to_say, without_copies
from tests.durability.visitor import Visitor
from tests.fake_telegram import FakeTelegram, Person
from tests.postgres import Postgres
from tests.storage.passing import time_passes

KILLS = 2
PEOPLE = 8
VISITORS = 3
LONGEST_WAIT = 5.0
"""Seconds until a kill that waits for messages to be sent comes anyway."""
EACH_TIME = 4
"""Things that everybody says between two kills."""


@dataclass(frozen=True)
class Case:
    """How the program is run, and which of its processes are killed at a time."""

    mode: str
    database: str
    commands: tuple[str, ...]
    killed: tuple[tuple[str, ...], ...]
    seed: int

    def __str__(self) -> str:
        return f"{self.mode}-{self.database}-{'-'.join(self.commands)}"


RUN = ("run",)
CASES = (
    Case("polling", "sqlite", RUN, (RUN, RUN), 11),
    Case("webhook", "sqlite", RUN, (RUN, RUN), 12),
    Case("webhook", "postgresql", RUN, (RUN, RUN), 13),
    Case("webhook", "postgresql", ("web", "worker"), (("worker",), ("web", "worker")), 14),
)


@pytest.mark.fault(67)
@pytest.mark.postgres
@pytest.mark.fault(1)
@pytest.mark.fault(2)
@pytest.mark.fault(3)
@pytest.mark.fault(4)
@pytest.mark.fault(5)
@pytest.mark.fault(6)
@pytest.mark.parametrize("case", CASES, ids=str)
async def test_nothing_accepted_is_lost_whenever_the_process_is_killed(
    case: Case, request: pytest.FixtureRequest, tmp_path: Path, telegram: FakeTelegram, subjects: Subjects
) -> None:
    url = f"sqlite:///{tmp_path / 'house' / 'souffleur.db'}"
    if case.database == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        url = server.create(f"killed_{case.seed}")
    await migrations.migrate(url)
    database = open_database(url)
    people = [telegram.person(1001 + number) for number in range(PEOPLE)]
    said = {person.id: list[str]() for person in people}
    settings = {
        "BOT_DATABASE_URL": url,
        "BOT_TELEGRAM_API_URL": telegram.url,
        "BOT_TELEGRAM_MODE": case.mode,
        "BOT_KNOWLEDGE_DIR": str(subjects.folder),
        "BOT_WEBHOOK_SECRET": "a-secret-of-the-webhook",
    }
    async with crew(tmp_path / "house", *case.commands, **settings) as house:
        house.set("BOT_PUBLIC_URL", house.url)
        await house.start()
        visitors = [await Visitor(house.url).__aenter__() for _ in range(VISITORS)]
        try:
            talking = [asyncio.create_task(_talk(visitor)) for visitor in visitors]
            await _killed_again_and_again(case, house, telegram, database, people, said)
            await asyncio.gather(*talking)
            await settled(database, telegram)
            heard_on_the_web = [await visitor.reads() for visitor in visitors]
        finally:
            for visitor in visitors:
                await visitor.__aexit__()
        assert {code for code, _ in await house.stop()} == {0}, house.errors()[-3000:]
    copies = 0
    for person in people:
        outcomes = subjects.outcomes([message.text for message in person.heard()])
        assert without_copies(outcomes) == said[person.id]
        copies += len(outcomes) - len(said[person.id])
        kept = await conversation(database, person.address)
        assert kept.by_visitor == [text for text in said[person.id] if not text.startswith("/")]
        assert subjects.outcomes([plain(text) for text in kept.by_bot]) == said[person.id]
    for visitor, heard in zip(visitors, heard_on_the_web, strict=True):
        assert subjects.outcomes(heard) == visitor.accepted
        assert (await conversation(database, visitor.address)).by_visitor == visitor.accepted
    assert copies <= KILLS * AT_ONCE
    assert await left_over(database) == {"parked": 0, "failed": 0}
    await database.close()


async def _killed_again_and_again(
    case: Case,
    house: Crew,
    telegram: FakeTelegram,
    database: Database,
    people: list[Person],
    said: dict[int, list[str]],
) -> None:
    chance = random.Random(case.seed)
    to_say = things_to_say((KILLS + 1) * EACH_TIME)
    for turn, killed in enumerate((*case.killed, ())):
        for person in people:
            for text in to_say[turn * EACH_TIME : (turn + 1) * EACH_TIME]:
                person.write(text)
                said[person.id].append(text)
        if not killed:
            return
        # Several may be sent at once, and all of them before we look: then it is killed at rest.
        with suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_WAIT):
                for _ in range(chance.randint(1, 15)):
                    await telegram.something_sent()
        await asyncio.sleep(chance.random() * 0.02)
        await house.kill(*killed)
        # PostgreSQL's leases run on; on a file they are void at the next start.
        if case.database == "postgresql":
            await database.write(lambda session: time_passes(session, seconds=61))
        await house.start()


async def _talk(visitor: Visitor) -> None:
    for text in things_to_say(2 * EACH_TIME):
        await visitor.says(text)
