"""Stopping as a supervisor does it: SIGTERM, ten seconds, exit 0, and nothing is lost by it."""

from pathlib import Path

import pytest

from storage import migrations
from storage.database import open_database
from tests.durability.crew import crew
from tests.durability.ledger import left_over, settled
from tests.durability.subjects import Subjects, things_to_say, without_copies
from tests.fake_telegram import FakeTelegram

GRACE = 10.0


@pytest.mark.fault(7)
async def test_stopped_in_the_middle_of_everything_it_ends_in_time_and_loses_nothing(
    tmp_path: Path, telegram: FakeTelegram, subjects: Subjects
) -> None:
    people = [telegram.person(1001 + number) for number in range(6)]
    settings = {"BOT_TELEGRAM_API_URL": telegram.url, "BOT_KNOWLEDGE_DIR": str(subjects.folder)}
    async with crew(tmp_path / "house", "run", **settings) as house:
        await house.start()
        for person in people:
            for text in things_to_say(6):
                person.write(text)
        await telegram.something_sent()
        # The sends that are under way now will not be answered before it has to be gone.
        telegram.fail("sendMessage", "slow", value=18, times=3)
        await telegram.something_sent()
        ((code, seconds),) = await house.stop()
        assert code == 0, house.errors()[-3000:]
        assert seconds < GRACE
        telegram.mend()
        url = f"sqlite:///{tmp_path / 'house' / 'data' / 'souffleur.db'}"
        await migrations.migrate(url)
        database = open_database(url)
        await house.start()
        await settled(database, telegram)
        for person in people:
            outcomes = subjects.outcomes([message.text for message in person.heard()])
            assert without_copies(outcomes) == things_to_say(6)
            assert len(outcomes) <= 6 + 1, "a copy only of what was under way"
        assert await left_over(database) == {"parked": 0, "failed": 0}
        await database.close()


async def test_stopped_while_telegram_does_not_answer_at_all_it_ends_in_time(
    tmp_path: Path, telegram: FakeTelegram, subjects: Subjects
) -> None:
    telegram.fail("*", "slow", value=18, times=None)
    settings = {"BOT_TELEGRAM_API_URL": telegram.url, "BOT_KNOWLEDGE_DIR": str(subjects.folder)}
    async with crew(tmp_path / "house", "run", **settings) as house:
        await house.start()
        ((code, seconds),) = await house.stop()
        assert code == 0, house.errors()[-3000:]
        assert seconds < GRACE
