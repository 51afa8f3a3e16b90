"""Who is told first and who next: the least loaded, the others, their region; then the national desk."""

import pytest

from storage import tickets
from tests.actors import TelegramCitizen
from tests.scenarios.desk import Colleague, appoint, asks_for_a_human, history, said, ticket
from tests.stage import Stage


async def test_the_least_loaded_of_a_territory_is_told_first(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague
) -> None:
    sam = await appoint(stage, "Sam Petit", territories="25")
    first = await asks_for_a_human(nadia_on_telegram, "Besançon")
    assert f"Demande n° {first}" in said(await camille.hears())
    assert await sam.hears() == []
    second = await asks_for_a_human(TelegramCitizen(stage), "Besançon")
    assert f"Demande n° {second}" in said(await sam.hears()), "Camille was told of one already"
    await camille.writes(f"/prendre {first}")
    await sam.writes(f"/prendre {second}")
    await sam.writes(f"/clore {second}")
    await camille.hears()
    third = await asks_for_a_human(TelegramCitizen(stage), "Besançon")
    assert f"Demande n° {third}" in said(await sam.hears())
    assert await camille.hears() == []


@pytest.mark.both_databases
async def test_what_the_first_does_not_take_is_told_to_the_others_and_to_nobody_twice(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague, diane: Colleague
) -> None:
    sam = await appoint(stage, "Sam Petit", territories="25")
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    assert f"Demande n° {number}" in said(await camille.hears())
    await stage.later(minutes=6)
    assert f"Demande n° {number}" in said(await sam.hears())
    await stage.later(minutes=6)
    assert await camille.hears() == []
    assert await diane.hears() == []
    told = [line for line in await history(stage, number) if line.startswith("routed")]
    assert told == ["routed first: Camille Martin", "routed territory: Sam Petit"]


async def test_what_the_first_takes_is_told_to_nobody_else(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague
) -> None:
    sam = await appoint(stage, "Sam Petit", territories="25")
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await camille.writes(f"/prendre {number}")
    await stage.later(minutes=6)
    assert await sam.hears() == []


async def test_the_region_comes_before_the_national_desk_and_may_take(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague, diane: Colleague
) -> None:
    """Nobody gets word in the Jura: the referent of the Doubs, next door, is told, and may act."""
    await appoint(stage, "Lou Bernard", territories="39", telegram=False)
    alix = await appoint(stage, "Alix Morel", territories="75")
    number = await asks_for_a_human(nadia_on_telegram, "le Jura")
    assert f"pas de demande n° {number}" in said(await camille.writes(f"/prendre {number}"))
    await stage.later(minutes=6)
    assert f"Demande n° {number}" in said(await camille.hears())
    assert await diane.hears() == []
    assert f"pas de demande n° {number}" in said(await alix.writes(f"/prendre {number}"))
    assert f"La demande n° {number} est à vous" in said(await camille.presses("Prendre"))


async def test_a_region_that_gets_no_word_either_leaves_it_to_the_national_desk(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague, diane: Colleague
) -> None:
    await appoint(stage, "Lou Bernard", territories="39", telegram=False)
    number = await asks_for_a_human(nadia_on_telegram, "le Jura")
    stage.telegram.chats[camille.person.id].state = "blocked"
    await stage.later(minutes=6)
    assert f"Demande n° {number}" in said(await diane.hears())
    stages = [line.split(":")[0] for line in await history(stage, number) if line.startswith("routed")]
    assert stages == ["routed territory", "routed region", "routed national"]


async def test_who_was_told_before_a_transfer_has_nothing_to_do_with_it_after(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague, diane: Colleague
) -> None:
    await appoint(stage, "Lou Bernard", territories="39", telegram=False)
    number = await asks_for_a_human(nadia_on_telegram, "le Jura")
    await stage.later(minutes=6)
    await diane.writes(f"/transmettre {number} 75")
    assert f"pas de demande n° {number}" in said(await camille.writes(f"/prendre {number}"))


async def test_the_timer_of_an_earlier_round_does_not_hurry_the_next(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague, diane: Colleague
) -> None:
    sam = await appoint(stage, "Sam Petit", territories="25")
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await stage.later(minutes=4)
    await diane.writes(f"/transmettre {number} 25")
    await stage.later(minutes=2)
    assert await sam.hears() == [], "two minutes after the transfer Camille still comes first"
    await stage.later(minutes=4)
    assert f"Demande n° {number}" in said(await sam.hears())
    assert said(await camille.hears()).count(f"Demande n° {number}") == 2


async def test_who_stays_without_word_for_six_minutes_shows_in_the_ticket(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await stage.later(minutes=6)
    found = await ticket(stage, number)
    assert (found.state, found.stage) == ("waiting", "territory")
    assert await stage.turn(lambda turn: len(tickets.waiting_in(turn.session, ["25"]))) == 1
