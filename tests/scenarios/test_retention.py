"""Time passes, and what was promised to be gone is gone."""

import pytest

from handlers import retention
from tests.actors import TelegramCitizen
from tests.scenarios.desk import Colleague, asks_for_a_human, ticket
from tests.scenarios.traces import traces
from tests.stage import Stage

SECRET = "mon chapeau xylophone est bloqué sur le pass culture"


async def nightly(stage: Stage) -> None:
    """The purge is asked for once, at the start of the process; then it asks for the next by itself."""
    await stage.turn(retention.schedule)


@pytest.mark.both_databases
async def test_a_conversation_is_gone_after_thirty_days(
    nadia_on_telegram: TelegramCitizen, stage: Stage
) -> None:
    await nightly(stage)
    await nadia_on_telegram.says_and_waits(SECRET)
    await stage.later(days=29)
    assert [line for line in traces(stage, "xylophone") if line.startswith("transcript.")]
    await stage.later(days=2)
    left = traces(stage, "xylophone")
    assert [line.split(":")[0] for line in left] == ["questions.text"]
    assert traces(stage, f"telegram:{nadia_on_telegram.person.id}") == []
    await stage.later(days=333)
    assert [line.split(":")[0] for line in traces(stage, "xylophone")] == ["questions.text"]
    await stage.later(days=2)
    assert traces(stage, "xylophone") == []


@pytest.mark.both_databases
async def test_a_demand_is_gone_six_months_after_its_closing(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    await nightly(stage)
    await nadia_on_telegram.says_and_waits(SECRET)
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await nadia_on_telegram.says("encore un mot de xylophone")
    await stage.later(days=60)
    assert len([line for line in traces(stage, "xylophone") if line.startswith("transcript.")]) == 2
    await camille.writes(f"/repondre {number} Voici votre xylophone")
    await camille.writes(f"/clore {number}")
    await stage.later(days=182)
    assert [line for line in traces(stage, "xylophone") if line.startswith("transcript.")]
    await stage.later(days=3)
    assert {line.split(":")[0] for line in traces(stage, "xylophone")} <= {"questions.text"}
    found = await ticket(stage, number)
    assert (found.contact_id, found.question_id) == (None, None)
    assert found.erased_at is not None
    await stage.later(days=9)
    assert traces(stage, f"telegram:{nadia_on_telegram.person.id}") == []


async def test_words_of_distress_are_gone_after_seven_days(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    await nightly(stage)
    await nadia_on_telegram.says("j'ai envie de mourir avec mon xylophone")
    await nadia_on_telegram.presses("Parler à une personne")
    await nadia_on_telegram.says("Besançon")
    await nadia_on_telegram.says("je veux mourir, xylophone")
    await stage.later(days=6)
    assert len(traces(stage, "xylophone")) == 2
    await stage.later(days=2)
    assert traces(stage, "xylophone") == []


async def test_words_of_distress_that_were_edited_are_gone_after_seven_days(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    await nightly(stage)
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await camille.writes(f"/prendre {number}")
    message = nadia_on_telegram.person.write("je veux mourir, xylophone")
    await nadia_on_telegram.hears()
    nadia_on_telegram.person.edit(message, "je veux mourir avec mon xylophone")
    await nadia_on_telegram.hears()
    await camille.hears()
    assert traces(stage, "xylophone") != []
    await stage.later(days=8)
    assert traces(stage, "xylophone") == []


async def test_what_a_referent_wrote_and_sent_nowhere_is_gone_at_night(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    await nightly(stage)
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await camille.writes(f"/prendre {number}")
    await camille.writes("dites à Jeanne que son xylophone est là")
    assert [line for line in traces(stage, "xylophone") if line.startswith("referents.awaiting")]
    await stage.later(days=1)
    assert not [line for line in traces(stage, "xylophone") if line.startswith("referents.awaiting")]


async def test_the_purge_comes_every_night(stage: Stage) -> None:
    await nightly(stage)
    for _ in range(3):
        await stage.later(days=1)
    waiting = [line for line in traces(stage, "purge:2026") if line.startswith("inbox.key")]
    assert len(waiting) == 4
