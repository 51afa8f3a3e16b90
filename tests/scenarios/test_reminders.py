"""A reply that does not come: a word in time, then everybody who could help, each once."""

from datetime import timedelta

import pytest

from tests.actors import TelegramCitizen, texts
from tests.scenarios.desk import Colleague, appoint, asks_for_a_human, history, said, ticket
from tests.scenarios.test_routing import is_away
from tests.stage import Stage

NEAR = timedelta(days=1, hours=4, minutes=46)
"""From Monday at ten to just after three quarters of two open days: Tuesday at 14:45."""
LATE = timedelta(days=2, minutes=1)


@pytest.fixture
async def sam(stage: Stage, diane: Colleague) -> Colleague:
    """The deputy of the Doubs."""
    return await appoint(stage, "Sam Petit", territories="90")


@pytest.fixture
async def lou(stage: Stage, sam: Colleague) -> Colleague:
    """The referent of the Jura, whose deputy is Sam."""
    return await appoint(stage, "Lou Bernard", territories="39", deputy="Sam Petit")


@pytest.fixture
async def number(stage: Stage, nadia_on_telegram: TelegramCitizen, lou: Colleague, diane: Colleague) -> int:
    """A demand of Monday at ten in the Jura, of which Lou has been told."""
    found = await asks_for_a_human(nadia_on_telegram, "le Jura")
    for one in (lou, diane):
        await one.hears()
    return found


async def waits(stage: Stage, span: timedelta) -> None:
    await stage.later(seconds=span.total_seconds())


@pytest.mark.both_databases
async def test_near_its_end_those_who_were_told_are_told_again(
    stage: Stage, number: int, lou: Colleague, sam: Colleague, diane: Colleague
) -> None:
    await waits(stage, NEAR)
    (reminder,) = await lou.hears()
    assert f"La demande n° {number} attend votre réponse depuis 1 jour" in reminder.text
    assert "avant le 25/11/2026 à 10:00" in reminder.text
    assert reminder.buttons == ("Prendre", "Répondre")
    assert await sam.hears() == []
    assert await diane.hears() == []


async def test_only_the_holder_is_reminded(stage: Stage, number: int, lou: Colleague) -> None:
    kim = await appoint(stage, "Kim Roy", territories="39")
    await kim.writes(f"/prendre {number}")
    await lou.hears()
    await waits(stage, NEAR)
    assert f"n° {number} attend votre réponse" in said(await kim.hears())
    assert await lou.hears() == []


@pytest.mark.both_databases
@pytest.mark.fault(63)
async def test_at_its_end_deputy_and_national_desk_learn_number_and_age(
    stage: Stage, number: int, lou: Colleague, sam: Colleague, diane: Colleague
) -> None:
    await lou.writes(f"/prendre {number}")
    await waits(stage, NEAR)
    await lou.hears()
    await waits(stage, LATE - NEAR)
    assert "La suppléance et le guichet national sont prévenus" in said(await lou.hears())
    for one in (sam, diane):
        (told,) = await one.hears()
        assert f"La demande n° {number} attend une réponse depuis 2 jours" in told.text
        assert "Jura (39)" in told.text
        assert "Suivie par : Lou Bernard" in told.text
    assert "late Lou Bernard, Sam Petit, Diane Roux" in await history(stage, number)
    assert f"La demande n° {number} est à vous" in said(await sam.writes(f"/prendre {number} quand même"))


@pytest.mark.fault(63)
async def test_each_is_told_once_and_the_desk_once_more(
    stage: Stage, number: int, lou: Colleague, sam: Colleague, diane: Colleague
) -> None:
    await waits(stage, LATE)
    for one in (lou, sam, diane):
        await one.hears()
    await waits(stage, timedelta(hours=20))
    assert await diane.hears() == []
    await waits(stage, timedelta(hours=5))
    assert "attend une réponse depuis 3 jours" in said(await diane.hears())
    assert "attend une réponse depuis 3 jours" in said(await lou.hears())
    await waits(stage, timedelta(days=20))
    assert [await one.hears() for one in (lou, sam, diane)] == [[], [], []]


async def test_a_reply_in_time_silences_all_reminders(
    stage: Stage, number: int, lou: Colleague, sam: Colleague, diane: Colleague
) -> None:
    await lou.writes(f"/repondre {number} Bonjour")
    await waits(stage, timedelta(days=6))
    assert [await one.hears() for one in (lou, sam, diane)] == [[], [], []]
    assert "late" not in " ".join(await history(stage, number))


@pytest.mark.both_databases
async def test_a_transfer_moves_the_reminders(
    stage: Stage, number: int, lou: Colleague, camille: Colleague, diane: Colleague
) -> None:
    await waits(stage, timedelta(hours=5))
    await lou.writes(f"/transmettre {number} 25")
    await camille.hears()
    await waits(stage, LATE - timedelta(hours=4, minutes=40))
    assert "sans réponse" not in said(await diane.hears())
    assert [f"n° {number} attend votre réponse" in one.text for one in await camille.hears()] == [True]
    assert await lou.hears() == []


async def test_of_two_transfers_in_one_moment_the_second_one_counts(
    stage: Stage, number: int, lou: Colleague, sam: Colleague, camille: Colleague
) -> None:
    await sam.writes("/horaires mer 9h-12h")
    await lou.writes(f"/transmettre {number} Sam Petit")
    await sam.writes(f"/transmettre {number} Camille Martin")
    await camille.hears()
    await waits(stage, NEAR)
    assert f"n° {number} attend votre réponse" in said(await camille.hears())


async def test_after_a_downtime_only_what_is_true_now_is_said(
    stage: Stage, number: int, lou: Colleague, diane: Colleague
) -> None:
    """Both timers are overdue at once: near is no news any more."""
    await waits(stage, timedelta(days=5))
    assert len(await lou.hears()) == 1
    assert len(await diane.hears()) == 1
    assert (await ticket(stage, number)).reminded == "late"


async def test_when_all_who_were_told_are_on_leave_it_goes_on_and_the_asker_knows(
    stage: Stage, nadia_on_telegram: TelegramCitizen, number: int, lou: Colleague, sam: Colleague
) -> None:
    await lou.writes(f"/prendre {number}")
    await nadia_on_telegram.hears()
    await waits(stage, timedelta(hours=1))
    await is_away(stage, lou)
    await waits(stage, NEAR)
    assert f"Demande n° {number}" in said(await sam.hears())
    heard = texts(await nadia_on_telegram.hears())
    assert f"Votre demande n° {number} a changé de mains. Réponse attendue" in heard
    assert (await ticket(stage, number)).state == "waiting"


async def test_somebody_who_cannot_be_reached_needs_no_reply(
    stage: Stage, nadia_on_telegram: TelegramCitizen, number: int, lou: Colleague, diane: Colleague
) -> None:
    nadia_on_telegram.person.block()
    await stage.settle()
    await waits(stage, timedelta(days=6))
    assert "attend" not in said(await lou.hears())
    assert await diane.hears() == []
