"""The same thing twice: a button, a reply, an update. It happens once, and nobody is left without a word."""

import pytest

from tests.actors import TelegramCitizen, texts
from tests.fake_telegram.chats import Json
from tests.scenarios.desk import Colleague, asks_for_a_human, history, said, ticket
from tests.stage import Stage


@pytest.mark.fault(52)
async def test_a_button_pressed_twice_by_two_people_and_weeks_later_acts_once(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague, diane: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    notice = await camille.notice(number)
    camille.person.press("Prendre", on=notice)
    camille.person.press("Prendre", on=notice)
    heard = said(await camille.hears())
    assert heard.count("est à vous") >= 1
    assert (await history(stage, number)).count("taken") == 1
    stolen = notice.raw["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    diane.person.press_data(stolen)
    assert "n'est plus valable" in said(await diane.hears()).replace("’", "'")
    assert (await ticket(stage, number)).referent_id == camille.id
    await camille.writes(f"/clore {number}")
    stage.clock.advance(days=21)
    camille.person.press("Prendre", on=notice)
    assert "est close" in said(await camille.hears())
    assert (await ticket(stage, number)).state == "closed"


@pytest.mark.fault(60)
async def test_a_reply_that_arrives_twice_is_sent_once(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await nadia_on_telegram.hears()
    camille.person.write("Voici la marche", reply_to=await camille.notice(number))
    update: Json = dict(stage.telegram.updates.waiting[-1])  # type: ignore[call-overload]
    await camille.hears()
    for _ in range(3):
        stage.telegram.inject(update)
    await camille.hears()
    assert texts(await nadia_on_telegram.hears()).count("Voici la marche") == 1
    assert (await history(stage, number)).count("replied") == 1
