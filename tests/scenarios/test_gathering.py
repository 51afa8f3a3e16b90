"""What is not sure waits a moment: one message costs one turn, several are one thought, nothing is passed."""

import pytest
from sqlalchemy import select

from handlers.turn import Turn
from storage.tables import Question, Transcript
from tests.actors import TelegramCitizen
from tests.scenarios.desk import Colleague
from tests.stage import Stage

NOT_SURE, MORE = "sur le remboursement", "et pour mon frère"


@pytest.fixture
async def nadia(nadia_on_telegram: TelegramCitizen) -> TelegramCitizen:
    """Somebody who knows who we are."""
    await nadia_on_telegram.says("/start")
    return nadia_on_telegram


def asked(turn: Turn) -> list[str]:
    return list(turn.session.scalars(select(Question.text).order_by(Question.id)))


def written(turn: Turn) -> list[str]:
    rows = select(Transcript.text).where(Transcript.author == "visitor").order_by(Transcript.seq)
    return list(turn.session.scalars(rows))


def turns(stage: Stage, outcome: str) -> float:
    counted = stage.house.metrics.registry.get_sample_value
    return counted("souffleur_turns_total", {"outcome": outcome}) or 0


@pytest.mark.both_databases
async def test_one_message_is_put_off_and_then_decided_in_one_turn(
    stage: Stage, nadia: TelegramCitizen
) -> None:
    before = turns(stage, "done")
    assert await nadia.says(NOT_SURE) == []
    assert await stage.turn(asked) == []
    assert turns(stage, "put_off") == 1
    assert turns(stage, "done") == before
    await stage.later(seconds=3)
    (heard,) = await nadia.hears()
    assert "Aucune de ces réponses" in heard.buttons
    assert turns(stage, "done") == before + 1
    assert await stage.turn(written) == [NOT_SURE]
    assert await stage.turn(asked) == [NOT_SURE]


@pytest.mark.both_databases
async def test_what_follows_is_part_of_the_same_thought(stage: Stage, nadia: TelegramCitizen) -> None:
    assert await nadia.says(NOT_SURE) == []
    assert await nadia.says(MORE) == []
    assert await stage.turn(written) == [NOT_SURE, MORE]
    await stage.later(seconds=3)
    assert len(await nadia.hears()) == 1
    assert await stage.turn(asked) == [f"{NOT_SURE}\n{MORE}"]


async def test_what_is_sure_answers_the_whole_thought_at_once(stage: Stage, nadia: TelegramCitizen) -> None:
    assert await nadia.says(NOT_SURE) == []
    assert await nadia.says("je veux parler à quelqu'un")
    assert await stage.turn(written) == [NOT_SURE, "je veux parler à quelqu'un"]
    await stage.later(seconds=3)
    assert await nadia.hears() == []


async def test_a_command_that_follows_is_not_handled_before_it(stage: Stage, nadia: TelegramCitizen) -> None:
    assert await nadia.says(NOT_SURE) == []
    assert len(await nadia.says("/aide")) == 1
    assert await stage.turn(written) == [NOT_SURE]
    await stage.later(seconds=3)
    assert len(await nadia.hears()) == 1
    assert await stage.turn(asked) == [NOT_SURE]


async def test_an_edit_while_it_waits_changes_what_is_decided_on(
    stage: Stage, nadia: TelegramCitizen
) -> None:
    message = nadia.person.write(MORE)
    assert await nadia.hears() == []
    nadia.person.edit(message, NOT_SURE)
    assert await nadia.hears() == []
    assert await stage.turn(written) == [NOT_SURE]
    await stage.later(seconds=3)
    assert len(await nadia.hears()) == 1
    assert await stage.turn(asked) == [NOT_SURE]


async def test_a_stranger_learns_at_once_who_we_are(stage: Stage) -> None:
    zoe = TelegramCitizen(stage)
    (notice,) = await zoe.says(NOT_SURE)
    assert "robot" in notice.text
    assert turns(stage, "put_off") == 0
    await stage.later(seconds=3)
    assert len(await zoe.hears()) == 1


async def test_a_referent_waits_for_nothing_when_they_reply(stage: Stage, camille: Colleague) -> None:
    await camille.writes("/start")
    await camille.writes(NOT_SURE)
    assert turns(stage, "put_off") == 0
