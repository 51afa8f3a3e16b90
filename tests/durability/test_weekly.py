"""The Monday on which the program dies: each referent is given the week's pack once, late and saying so."""

import os
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage import directory
from storage.database import open_database
from storage.tables import OutboxItem
from tests.durability.crew import crew
from tests.durability.ledger import left_over, settled
from tests.durability.subjects import Subjects
from tests.fake_telegram import FakeTelegram, Person
from tests.schema import lay

REFERENTS = range(700_001, 700_007)
KILLS = 3


def appoint(session: Session) -> None:
    """They have been there for months, and the house was down since before Monday."""
    months_ago = datetime.now(UTC) - timedelta(days=90)
    for account in REFERENTS:
        referent = directory.add(
            session, name=f"R {account}", role="referent", national=False, email=None, now=months_ago
        )
        referent.telegram_id = account


def decided(session: Session) -> Counter[str]:
    """How often a pack was queued, by whose it is."""
    packs = select(OutboxItem.lane, func.count()).where(OutboxItem.purpose == "week")
    return Counter({lane: times for lane, times in session.execute(packs.group_by(OutboxItem.lane))})  # noqa: C416


def packs(person: Person) -> list[str]:
    return [one.text for one in person.heard() if one.text.startswith("Point de la semaine")]


@pytest.mark.skipif("SOUFFLEUR_CHAOS" not in os.environ, reason="half a minute: make chaos")
@pytest.mark.timeout(600)
async def test_killed_again_and_again_while_packs_go_out(
    tmp_path: Path, telegram: FakeTelegram, subjects: Subjects
) -> None:
    url = f"sqlite:///{tmp_path / 'house' / 'data' / 'souffleur.db'}"
    await lay(url)
    database = open_database(url)
    await database.write(appoint)
    people = [telegram.person(account) for account in REFERENTS]
    for account in REFERENTS:
        telegram.chats[account].state = "open"
    settings = {"BOT_TELEGRAM_API_URL": telegram.url, "BOT_KNOWLEDGE_DIR": str(subjects.folder)}
    async with crew(tmp_path / "house", "run", **settings) as house:
        for kill in range(KILLS):
            await house.start()
            while sum(bool(packs(person)) for person in people) <= kill:
                await telegram.something_sent()
            await house.kill()
        await house.start()
        await settled(database, telegram)
        assert await database.read(decided) == {person.address: 1 for person in people}
        for person in people:
            heard = packs(person)
            assert len(set(heard)) == 1, "a copy is the same"
            assert len(heard) <= 1 + KILLS, "a copy only of what was under way"
            assert "Ce point part en retard" in heard[0]
        assert await left_over(database) == {"parked": 0, "failed": 0}
        await database.close()
