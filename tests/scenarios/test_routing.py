"""Who is told: the territory, its deputies, the national desk. Nobody is ever handed to nobody."""

from datetime import timedelta

import pytest

from handlers import absence, staff
from handlers.errors import Refused
from handlers.turn import Turn
from storage import directory
from tests.actors import TelegramCitizen, texts
from tests.scenarios.desk import Colleague, appoint, asks_for_a_human, history, said, ticket
from tests.stage import Stage


async def is_away(stage: Stage, who: Colleague, *, replacement: Colleague | None = None) -> None:
    def work(turn: Turn) -> None:
        referent = directory.get(turn.session, who.id)
        assert referent is not None
        first, stand_in = turn.today, directory.get(turn.session, replacement.id) if replacement else None
        outcome = absence.between(
            turn, referent, first, first + timedelta(days=7), by=referent, replacement=stand_in
        )
        assert not isinstance(outcome, Refused)

    await stage.turn(work)


async def test_the_territory_is_told_and_nobody_else(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague, diane: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    assert f"Demande n° {number}" in said(await camille.hears())
    await stage.later(minutes=6)
    assert await diane.hears() == []
    assert (await ticket(stage, number)).stage == "territory"


@pytest.mark.fault(62)
async def test_the_replacement_of_an_absence_is_told(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague
) -> None:
    sam = await appoint(stage, "Sam Petit", territories="90")
    await is_away(stage, camille, replacement=sam)
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    assert f"Demande n° {number}" in said(await sam.hears())
    assert await camille.hears() == []
    assert f"n° {number} (en attente)" in said(await sam.writes("/demandes"))
    assert f"La demande n° {number} est à vous" in said(await sam.presses("Prendre"))


async def test_who_stands_in_hears_of_a_message_to_a_demand_in_the_hands_of_the_absent(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague
) -> None:
    sam = await appoint(stage, "Sam Petit", territories="90")
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await camille.writes(f"/prendre {number}")
    await is_away(stage, camille, replacement=sam)
    await nadia_on_telegram.says("il y a urgence")
    assert f"Nouveau message sur la demande n° {number}" in said(await sam.hears())
    assert f"Nouveau message sur la demande n° {number}" in said(await camille.hears())
    assert "Reprendre la demande" in (await sam.writes(f"/prendre {number}"))[-1].buttons


async def test_the_standing_deputy_is_told_when_no_replacement_is_named(
    stage: Stage, nadia_on_telegram: TelegramCitizen, diane: Colleague
) -> None:
    sam = await appoint(stage, "Sam Petit", territories="90")
    lou = await appoint(stage, "Lou Bernard", territories="39", deputy="Sam Petit")
    await is_away(stage, lou)
    number = await asks_for_a_human(nadia_on_telegram, "le Jura")
    assert f"Demande n° {number}" in said(await sam.hears())
    assert "part vers la personne" in said(await sam.writes(f"/repondre {number} Bonjour"))


async def test_a_standing_deputy_sees_a_demand_once_it_is_widened(
    stage: Stage, nadia_on_telegram: TelegramCitizen, diane: Colleague
) -> None:
    sam = await appoint(stage, "Sam Petit", territories="90")
    await appoint(stage, "Lou Bernard", territories="39", deputy="Sam Petit", telegram=False)
    number = await asks_for_a_human(nadia_on_telegram, "le Jura")
    assert f"pas de demande n° {number}" in said(await sam.writes(f"/prendre {number}"))
    await stage.later(minutes=6)
    assert f"La demande n° {number} est à vous" in said(await sam.writes(f"/prendre {number}"))


async def test_a_replacement_sees_nothing_of_what_came_before_or_after(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague
) -> None:
    sam = await appoint(stage, "Sam Petit", territories="90")
    before = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await camille.writes(f"/clore {before}")
    await stage.later(days=1)
    await is_away(stage, camille, replacement=sam)
    assert f"pas de demande n° {before}" in said(await sam.writes(f"/prendre {before}"))
    await stage.later(days=9)
    after = await asks_for_a_human(TelegramCitizen(stage), "Besançon")
    assert f"pas de demande n° {after}" in said(await sam.writes(f"/prendre {after}"))


async def test_without_deputy_it_is_the_national_desk(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague, diane: Colleague
) -> None:
    await is_away(stage, camille)
    heard = await nadia_on_telegram.says("/referent") + await nadia_on_telegram.says("Besançon")
    assert "référent national" in texts(heard)
    assert "Demande n° " in said(await diane.hears())


@pytest.mark.fault(62)
async def test_a_territory_that_nobody_serves_is_the_national_desks(
    stage: Stage, nadia_on_telegram: TelegramCitizen, diane: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Quimper")
    assert "Finistère (29)" in (await diane.notice(number)).text


async def test_without_national_desk_the_administrators_are_told(
    stage: Stage, nadia_on_telegram: TelegramCitizen
) -> None:
    admin = await appoint(stage, "Ada Min", role="admin")
    number = await asks_for_a_human(nadia_on_telegram, "Quimper")
    assert f"Demande n° {number}" in said(await admin.hears())


@pytest.mark.fault(57)
async def test_a_notice_that_nobody_gets_within_five_minutes_goes_on(
    stage: Stage, nadia_on_telegram: TelegramCitizen, diane: Colleague
) -> None:
    sam = await appoint(stage, "Sam Petit", territories="90")
    await appoint(stage, "Lou Bernard", territories="39", deputy="Sam Petit", telegram=False)
    number = await asks_for_a_human(nadia_on_telegram, "le Jura")
    assert await sam.hears() == []
    await stage.later(minutes=6)
    assert f"Demande n° {number}" in said(await sam.hears())
    assert "notice_undelivered territory" in await history(stage, number)
    assert await diane.hears() == []


@pytest.mark.fault(57)
async def test_a_referent_who_blocked_the_bot_is_skipped_at_once(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague, diane: Colleague
) -> None:
    stage.telegram.chats[camille.person.id].state = "blocked"
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    assert f"Demande n° {number}" in said(await diane.hears())


async def test_one_of_two_who_gets_it_is_enough(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague, diane: Colleague
) -> None:
    sam = await appoint(stage, "Sam Petit", territories="25")
    stage.telegram.chats[camille.person.id].state = "blocked"
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await stage.later(minutes=6)
    assert f"Demande n° {number}" in said(await sam.hears())
    assert await diane.hears() == []


async def test_a_notice_delivered_elsewhere_before_does_not_count_after_a_transfer(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague, diane: Colleague
) -> None:
    await appoint(stage, "Lou Bernard", territories="39", telegram=False)
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await stage.later(minutes=1)
    await camille.writes(f"/transmettre {number} 39")
    await camille.hears()
    await stage.later(minutes=6)
    assert f"Demande n° {number}" in said(await camille.hears()), "as one of the region"
    assert await diane.hears() == []


async def test_who_leaves_office_leaves_no_demand_behind(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague, diane: Colleague
) -> None:
    taken = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await camille.writes(f"/prendre {taken}")
    zoe = TelegramCitizen(stage)
    waiting = await asks_for_a_human(zoe, "Besançon")
    assert await diane.hears() == []

    def leaves(turn: Turn) -> None:
        referent = directory.get(turn.session, camille.id)
        assert referent is not None
        assert staff.remove(turn, referent) is None

    await stage.turn(leaves)
    heard = said(await diane.hears())
    assert f"Demande n° {taken}" in heard
    assert f"Demande n° {waiting}" in heard
    await camille.hears()
    assert "plus valable" in said(await camille.presses("Prendre"))
    assert "Je ne connais pas la commande" in said(await camille.writes("/demandes"))
    assert (await ticket(stage, waiting)).referent_id is None
