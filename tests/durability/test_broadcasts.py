"""The program dies again and again while news go out: each reader is sent them once, and it ends."""

import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from handlers import broadcasting
from storage import broadcasts, contacts, directory, queue, subscriptions
from storage.database import open_database
from storage.tables import OutboxItem
from tests.durability.crew import crew
from tests.durability.ledger import left_over, settled
from tests.durability.subjects import Subjects
from tests.fake_telegram import FakeTelegram, Person
from tests.schema import lay

READERS = range(800_001, 800_061)
KILLS = 3
NEWS = "Le rendez-vous de décembre est à Besançon."


def noon() -> str:
    """A time zone in which nobody is asleep now."""
    return f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"


def send(session: Session) -> None:
    """Everybody agreed, and somebody has just pressed « Envoyer »."""
    now = datetime.now(UTC)
    author = directory.add(session, name="Camille", role="national", national=True, email=None, now=now)
    for account in READERS:
        reader = contacts.at(session, f"telegram:{account}", now=now)
        subscriptions.give(
            session, reader.id, "pro", territory=None, wording="Oui ?", act="telegram", now=now
        )
    news = broadcasts.add(session, subject="pro", territories=None, text=NEWS, by_id=author.id, now=now)
    assert broadcasts.start(session, news, now=now) == len(READERS)
    queue.put_timer(
        session,
        key=f"broadcast:{news.id}:1",
        lane=f"timer:broadcast:{news.id}",
        kind="broadcast",
        now=now,
        due_at=now,
        number=news.id,
        step=1,
    )


def decided(session: Session) -> Counter[str]:
    """How often they were queued, by reader."""
    sent = select(OutboxItem.lane, func.count()).where(OutboxItem.purpose == broadcasting.PURPOSE)
    return Counter({lane: times for lane, times in session.execute(sent.group_by(OutboxItem.lane))})  # noqa: C416


def news_of(person: Person) -> list[str]:
    return [one.text for one in person.heard() if NEWS in one.text]


@pytest.mark.skipif("SOUFFLEUR_CHAOS" not in os.environ, reason="half a minute: make chaos")
@pytest.mark.timeout(600)
async def test_killed_again_and_again_while_news_go_out(
    tmp_path: Path, telegram: FakeTelegram, subjects: Subjects
) -> None:
    url = f"sqlite:///{tmp_path / 'house' / 'data' / 'souffleur.db'}"
    await lay(url)
    database = open_database(url)
    await database.write(send)
    people = [telegram.person(account) for account in READERS]
    for account in READERS:
        telegram.chats[account].state = "open"
    settings = {
        "BOT_TELEGRAM_API_URL": telegram.url,
        "BOT_KNOWLEDGE_DIR": str(subjects.folder),
        "BOT_TIMEZONE": noon(),
    }
    async with crew(tmp_path / "house", "run", **settings) as house:
        for kill in range(1, KILLS + 1):
            await house.start()
            while sum(bool(news_of(person)) for person in people) < 15 * kill:
                await telegram.something_sent()
            await house.kill()
        await house.start()
        while not all(news_of(person) for person in people):
            await telegram.something_sent()
        await settled(database, telegram)
        assert await database.read(decided) == {person.address: 1 for person in people}
        for person in people:
            heard = news_of(person)
            assert len(set(heard)) == 1, "a copy is the same"
            assert len(heard) <= 1 + KILLS, "a copy only of what was under way"
        assert await left_over(database) == {"parked": 0, "failed": 0}
        await database.close()
