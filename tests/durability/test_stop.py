"""Stopping as a supervisor does it: SIGTERM, exit 0 before a slow answer comes, and nothing is lost by it.

A busy machine makes everything late, so no time is measured here: Telegram takes nearly as long as we wait
for an answer at most, several times what is in hand has when we stop, and nobody may have stayed for it.
"""

from pathlib import Path

import pytest

from storage import migrations
from storage.database import open_database
from tests.durability.crew import crew
from tests.durability.ledger import left_over, settled
from tests.durability.subjects import Subjects, things_to_say, without_copies
from tests.fake_telegram import FakeTelegram

SLOW = 19.0
"""Seconds; calls are given up after twenty."""


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
        telegram.fail("sendMessage", "slow", value=SLOW, times=3)
        await telegram.something_sent()
        ((code, _),) = await house.stop()
        assert code == 0, house.errors()[-3000:]
        assert telegram.waited_for == 0
        telegram.mend()
        url = f"sqlite:///{tmp_path / 'house' / 'data' / 'souffleur.db'}"
        await migrations.migrate(url)
        database = open_database(url)
        await house.start()
        await settled(database, telegram)
        for person in people:
            outcomes = subjects.outcomes(person.texts())
            assert without_copies(outcomes) == things_to_say(6)
            assert len(outcomes) <= 6 + 1, "a copy only of what was under way"
        assert await left_over(database) == {"parked": 0, "failed": 0}
        await database.close()


async def test_stopped_while_telegram_does_not_answer_at_all_it_ends_in_time(
    tmp_path: Path, telegram: FakeTelegram, subjects: Subjects
) -> None:
    telegram.fail("*", "slow", value=SLOW, times=None)
    settings = {"BOT_TELEGRAM_API_URL": telegram.url, "BOT_KNOWLEDGE_DIR": str(subjects.folder)}
    async with crew(tmp_path / "house", "run", **settings) as house:
        await house.start()
        ((code, _),) = await house.stop()
        assert code == 0, house.errors()[-3000:]
        assert telegram.waited_for == 0
