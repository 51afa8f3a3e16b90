"""By when a reply is promised: in the open hours of who receives the demand, said in the asker's own time."""

from datetime import UTC, datetime

import pytest

from handlers import hours
from handlers.errors import Refused
from handlers.turn import Turn
from handlers.week_words import parse
from storage import schedules
from tests.actors import Citizen, TelegramCitizen, texts
from tests.scenarios.desk import Colleague, appoint, asks_for_a_human, said, ticket
from tests.scenarios.test_routing import is_away
from tests.stage import Stage


async def set_hours(stage: Stage, owner: str, words: str, *, days: float | None = None) -> None:
    def work(turn: Turn) -> None:
        week = parse(words) if words else None
        assert not isinstance(week, Refused)
        schedules.keep(turn.session, owner, periods=hours.periods(week), reply_days=days)

    await stage.turn(work)


async def due(stage: Stage, number: int) -> datetime | None:
    return (await ticket(stage, number)).due_at


async def test_two_open_days_are_promised(stage: Stage, nadia: Citizen, camille: Colleague) -> None:
    heard = await nadia.says("/referent") + await nadia.says("Besançon")
    assert texts(heard).count("Réponse attendue avant le mercredi 25 novembre au soir.") == 2
    assert "fermés" not in texts(heard)
    mine = texts(await nadia.says("/mesdemandes"))
    assert mine.endswith("lundi 23 novembre). Réponse attendue avant le mercredi 25 novembre au soir.")


async def test_while_all_are_closed_it_is_said_when_somebody_reads(
    stage: Stage, nadia: Citizen, camille: Colleague
) -> None:
    stage.clock.advance(days=5)  # a Saturday
    await nadia.says("/referent")
    heard = texts(await nadia.says("Besançon"))
    assert (
        "Les bureaux sont fermés en ce moment : lecture prévue le lundi 30 novembre à partir de 9 h." in heard
    )
    assert "Réponse attendue avant le mardi 1 décembre au soir." in heard


async def test_overseas_it_is_the_time_there(
    stage: Stage, nadia_on_telegram: TelegramCitizen, diane: Colleague
) -> None:
    """At ten in Paris it is one o'clock in Réunion, and lunch time."""
    await appoint(stage, "Rose Payet", territories="974")
    await nadia_on_telegram.says("/referent")
    heard = texts(await nadia_on_telegram.says("974"))
    assert "lecture prévue aujourd'hui à partir de 13 h 30" in heard


@pytest.mark.parametrize(
    ("place", "day"), [("Strasbourg", "mercredi 31 mars"), ("Besançon", "mardi 30 mars")]
)
async def test_public_holidays_are_the_territorys_own(
    stage: Stage, nadia_on_telegram: TelegramCitizen, diane: Colleague, place: str, day: str
) -> None:
    """Good Friday is one in Alsace; Easter Monday everywhere."""
    await appoint(stage, "Lou Bernard", territories="25,67")
    stage.clock.now = datetime(2027, 3, 25, 14, 0, tzinfo=UTC)
    await nadia_on_telegram.says("/referent")
    assert f"avant le {day} au soir" in texts(await nadia_on_telegram.says(place))


async def test_a_short_target_is_said_with_its_hour(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague
) -> None:
    await set_hours(stage, schedules.of_territory("25"), "", days=0.5)
    await set_hours(stage, schedules.NATIONAL, "lun-ven 10h-18h", days=1)
    await nadia_on_telegram.says("/referent")
    assert "aujourd'hui avant 14 h" in texts(await nadia_on_telegram.says("Besançon"))
    zoe = TelegramCitizen(stage)
    await zoe.says("/referent")
    assert "aujourd'hui avant 18 h" in texts(await zoe.says("Quimper"))


async def test_of_two_colleagues_each_ones_hours_count(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague
) -> None:
    """Camille on Mondays, Sam on Tuesdays: two open days are one of each."""
    sam = await appoint(stage, "Sam Petit", territories="25")
    await camille.writes("/horaires lun 9h-12h")
    await sam.writes("/horaires mar 9h-12h")
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    assert await due(stage, number) == datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


async def test_hours_that_change_later_do_not_move_what_was_promised(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    before = await due(stage, number)
    assert "C'est noté" in said(await camille.writes("/horaires dim 9h-10h"))
    assert await due(stage, number) == before


async def test_a_transfer_promises_anew_and_says_so(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague
) -> None:
    sam = await appoint(stage, "Sam Petit", territories="39")
    await sam.writes("/horaires mer 9h-12h")
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await camille.writes(f"/transmettre {number} Sam Petit")
    assert "Réponse attendue avant le mercredi 2 décembre au soir" in texts(await nadia_on_telegram.hears())
    await sam.writes(f"/transmettre {number} 25")
    assert "Réponse attendue avant le mercredi 25 novembre au soir" in texts(await nadia_on_telegram.hears())


async def test_a_territory_that_is_on_leave_promises_in_the_hours_of_who_stands_in(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague
) -> None:
    sam = await appoint(stage, "Sam Petit", territories="90")
    await sam.writes("/horaires ven 9h-12h")
    await is_away(stage, camille, replacement=sam)
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    assert await due(stage, number) == datetime(2026, 12, 4, 11, 0, tzinfo=UTC)


async def test_the_reply_ends_the_promise_and_the_next_message_begins_another(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague
) -> None:
    nadia = nadia_on_telegram
    number = await asks_for_a_human(nadia, "Besançon")
    await stage.later(hours=4)
    await camille.writes(f"/repondre {number} Bonjour")
    answered = await ticket(stage, number)
    assert (answered.due_at, answered.near_at, answered.promised_at) == (None, None, None)
    assert answered.reply_minutes == 3 * 60
    await stage.later(days=1)
    assert "Réponse attendue avant le jeudi 26 novembre au soir" in texts(await nadia.says("Et maintenant ?"))
    assert (await ticket(stage, number)).promised_at == stage.clock.now
    await nadia.says("Vous êtes là ?")
    await camille.writes(f"/clore {number}")
    assert await due(stage, number) is None


async def test_what_is_owed_is_known_after_reopening_and_after_coming_back(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await camille.writes(f"/repondre {number} Bonjour")
    await camille.writes(f"/clore {number}")
    await nadia_on_telegram.presses("Non, pas encore")
    assert await due(stage, number) is not None
    nadia_on_telegram.person.block()
    await stage.settle()
    assert await due(stage, number) is None
    nadia_on_telegram.person.unblock()
    await nadia_on_telegram.says("Je suis de retour")
    assert await due(stage, number) is not None


async def test_nothing_is_promised_before_anybody_is_told(
    stage: Stage, nadia_on_telegram: TelegramCitizen, diane: Colleague
) -> None:
    """While the département is asked for no clock runs; it starts when the national desk is told."""
    number = await asks_for_a_human(nadia_on_telegram)
    await nadia_on_telegram.says("c'est pour mon compte xylophone")
    assert await due(stage, number) is None
    await stage.later(minutes=11)
    assert await due(stage, number) == datetime(2026, 11, 25, 9, 11, tzinfo=UTC)


async def test_the_figures_are_kept_after_an_erasure(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await nadia_on_telegram.says("/effacer")
    await nadia_on_telegram.presses("Oui, tout effacer")
    erased = await ticket(stage, number)
    assert (erased.state, erased.due_at) == ("closed", None)
    await stage.later(days=10)
    assert "attend" not in said(camille.person.heard()[2:])
