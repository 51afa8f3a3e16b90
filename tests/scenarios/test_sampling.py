"""When a week is over its sample is drawn: once, the same whoever draws, after a downtime and a death too."""

from datetime import UTC, datetime

import pytest

from handlers import sampling, timers
from handlers.turn import Turn
from handlers.week import Week
from storage import contacts, directory, questions, queue
from storage import quality as stored
from tests.actors import TelegramCitizen
from tests.scenarios.desk import Colleague
from tests.scenarios.test_quality import ASKED, ENTRY, OVER, WEEK, figures, until
from tests.stage import Stage


@pytest.fixture(autouse=True)
async def _begun(stage: Stage) -> None:
    await stage.turn(timers.begin)


async def samples(stage: Stage) -> list[str]:
    return await stage.turn(lambda turn: list(stored.weeks(turn.session)))


async def test_drawn_once_even_when_empty_and_late_after_a_downtime(stage: Stage, diane: Colleague) -> None:
    """None of before anything was asked: a house that nobody has visited measures nothing."""
    await TelegramCitizen(stage).says(ASKED)
    await until(stage, OVER.replace(hour=22, minute=59))
    assert await samples(stage) == []
    await until(stage, OVER)
    assert await samples(stage) == ["2026-W48"]

    def twice(turn: Turn) -> None:
        queue.put_timer(
            turn.session,
            key="sample:again",
            lane="timer:again",
            kind="sample",
            now=turn.now,
            due_at=turn.now,
            week=WEEK.id,
        )

    await stage.turn(twice)
    await until(stage, datetime(2026, 12, 16, 14, tzinfo=UTC))
    await stage.turn(timers.begin)
    await stage.later(minutes=1)
    assert (await samples(stage))[:2] == ["2026-W50", "2026-W49"]
    found = (await figures(stage, Week(2026, 50))).weeks
    assert [one.drawn for one in found] == [0, 0, 1]


async def test_week_53_and_the_first_of_the_year(stage: Stage) -> None:
    await TelegramCitizen(stage).says(ASKED)
    await until(stage, datetime(2027, 1, 3, 23, tzinfo=UTC))
    assert (await samples(stage))[0] == "2026-W53"
    await until(stage, datetime(2027, 1, 10, 23, tzinfo=UTC))
    assert (await samples(stage))[:2] == ["2027-W01", "2026-W53"]
    found = await figures(stage, Week(2027, 1))
    assert [one.week.id for one in found.weeks][:2] == ["2027-W01", "2026-W53"]


async def test_what_is_drawn_depends_on_the_week_alone(stage: Stage) -> None:
    def draw(turn: Turn) -> list[int]:
        start = WEEK.begins(turn.world.timezone)
        for number in range(200):
            contact = contacts.at(turn.session, f"web:{number}", now=turn.now)
            questions.log(
                turn.session,
                contact,
                at=start,
                text="a" if number % 2 else None,
                outcome="answer" if number % 4 != 3 else "propose",
                candidates=[],
                entry_id=ENTRY,
                knowledge_hash="0",
            )
        sampling.draw(turn, WEEK.id)
        diane = directory.add(
            turn.session, name="D", role="national", national=True, email=None, now=turn.now
        )
        return [one.question.id for one in stored.of_week(turn.session, diane, WEEK.id)]

    drawn = await stage.turn(draw)
    assert len(set(drawn)) == sampling.SIZE
    assert all(number % 4 == 2 for number in drawn), "answers of which the words are there"
    assert drawn != sorted(drawn)
    assert drawn[:3] == DRAWN
    assert (await figures(stage)).weeks[0].answers == 150


DRAWN = [190, 70, 102]
"""The first of week 48: another release must draw the same."""


async def test_what_was_rolled_back_is_drawn_all_the_same(stage: Stage) -> None:
    """The process dies after it was drawn and before the commit."""

    class Killed(Exception):
        pass

    def die(turn: Turn) -> None:
        sampling.draw(turn, WEEK.id)
        raise Killed

    await TelegramCitizen(stage).says(ASKED)
    with pytest.raises(Killed):
        await stage.turn(die)
    assert await samples(stage) == []
    await until(stage, OVER)
    assert (await figures(stage)).weeks[0].drawn == 1
