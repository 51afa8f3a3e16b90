"""Reminders and escalations over kill -9: each is decided once, and everybody who must know does."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.app import utc_now
from bot.library import Library
from bot.telegram import render
from handlers import escalation
from handlers.talk import Talk
from handlers.turn import Turn, World
from storage import contacts, directory, migrations, tickets
from storage.database import open_database
from storage.tables import InboxItem, Referent
from tests.durability.crew import crew
from tests.durability.ledger import left_over, settled
from tests.durability.subjects import Subjects
from tests.fake_telegram import FakeTelegram
from tests.postgres import Postgres
from tests.shelf import SHELF
from tests.storage.passing import time_passes

DEMANDS = 6
KILLED_AFTER = 3
"""Messages that have gone when the process dies."""
LOU, SAM, DIANE = 500_001, 500_002, 500_003
AGO = timedelta(days=16)


@pytest.mark.fault(63)
@pytest.mark.postgres
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_each_reminder_is_told_whenever_the_process_is_killed(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, telegram: FakeTelegram, subjects: Subjects
) -> None:
    url = f"sqlite:///{tmp_path / 'house' / 'souffleur.db'}"
    (tmp_path / "house").mkdir()
    if kind == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        url = server.create("killed_deadlines")
    await migrations.migrate(url)
    database = open_database(url)
    numbers = await database.write(_an_old_desk(Library(subjects.folder, SHELF)))
    for account in (LOU, SAM, DIANE):
        telegram.chats[account].state = "open"
    settings = {
        "BOT_DATABASE_URL": url,
        "BOT_TELEGRAM_API_URL": telegram.url,
        "BOT_KNOWLEDGE_DIR": str(subjects.folder),
    }
    async with crew(tmp_path / "house", "run", **settings) as house:
        await house.start()
        for _ in range(KILLED_AFTER):
            await asyncio.wait_for(telegram.something_sent(), 30)
        await house.kill()
        if kind == "postgresql":  # its leases run on; on a file they are void at the next start
            await database.write(lambda session: time_passes(session, seconds=61))
        await house.start()
        await settled(database, telegram)
        assert {code for code, _ in await house.stop()} == {0}, house.errors()[-3000:]
    for number in numbers:
        history = await database.read(partial(_history, number=number))
        assert history.count("late") == 1
        assert f"La demande n° {number} attend votre réponse" in _heard(telegram, LOU)
        for account in (SAM, DIANE):
            assert f"La demande n° {number} attend une réponse depuis 16 jours" in _heard(telegram, account)
    assert await database.read(_all_done) == DEMANDS
    assert await left_over(database) == {"parked": 0, "failed": 0}
    await database.close()


def _an_old_desk(library: Library) -> Callable[[Session], list[int]]:
    """Demands of sixteen days ago in hands of somebody who never replied; nothing ran since."""
    world = World(
        knowledge=library.base,
        timezone=ZoneInfo("Europe/Paris"),
        public_url="http://127.0.0.1",
        pages={"telegram": lambda text, markup: render.pages(text, light_markdown=markup)},
    )

    def work(session: Session) -> list[int]:
        turn = Turn(session=session, now=utc_now() - AGO, world=world)
        sam = _hire(turn, "Sam Petit", SAM)
        _hire(turn, "Diane Roux", DIANE, role="admin", national=True)
        lou = _hire(turn, "Lou Bernard", LOU)
        lou.deputy_id = sam.id
        directory.assign(session, lou, ["39"])
        numbers = [_handed_over(turn, f"web:{number}") for number in range(DEMANDS)]
        session.flush()
        # What was told then is no matter of this test.
        session.execute(update(InboxItem).where(InboxItem.key.startswith("notice:")).values(status="done"))
        return numbers

    return work


def _hire(turn: Turn, name: str, account: int, *, role: str = "referent", national: bool = False) -> Referent:
    added = directory.add(turn.session, name=name, role=role, national=national, email=None, now=turn.now)
    added.telegram_id = account
    return added


def _handed_over(turn: Turn, address: str) -> int:
    contact = contacts.at(turn.session, address, now=turn.now)
    contact.territory = "39"
    return escalation.hand_over(turn, contact, Talk.of(contact), question_id=None, theme=None).number


def _history(session: Session, number: int) -> list[str]:
    return [one.what for one in tickets.history(session, number)]


def _all_done(session: Session) -> int:
    """How many of the late marks' timers are done."""
    late = InboxItem.key.startswith("late:")
    return session.query(InboxItem).where(late, InboxItem.status == "done").count()


def _heard(telegram: FakeTelegram, account: int) -> str:
    return "\n".join(one.text for one in telegram.person(account).heard())
