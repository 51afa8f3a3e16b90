"""Photos, voices, documents: never read, passed on by their id once somebody has the demand."""

import pytest

from storage import queue
from tests.actors import CoreCitizen, TelegramCitizen, texts
from tests.fake_telegram.person import MEDIA
from tests.scenarios.desk import Colleague, appoint, asks_for_a_human, said, ticket
from tests.stage import Stage

KINDS = [*MEDIA, "dice", "venue", "story", "checklist", "live_photo"]


@pytest.mark.fault(29)
async def test_whatever_is_no_text_is_told_so(
    nadia_on_telegram: TelegramCitizen, stage: Stage, diane: Colleague
) -> None:
    for kind in KINDS:
        nadia_on_telegram.person._say(None, **{kind: MEDIA.get(kind, {"value": 1})})
        assert "Je ne sais lire que du texte" in texts(await nadia_on_telegram.hears()), kind
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    for kind in KINDS:
        nadia_on_telegram.person._say(None, **{kind: MEDIA.get(kind, {"value": 1})})
    assert texts(await nadia_on_telegram.hears()).count(f"C'est joint à votre demande n° {number}") == 1
    assert await stage.turn(lambda turn: queue.parked(turn.session)) == []


@pytest.mark.fault(29)
async def test_it_reaches_the_referent_who_has_the_demand(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await camille.writes(f"/prendre {number}")
    await nadia_on_telegram.hears()
    nadia_on_telegram.person.send("photo", caption="mon écran <b>noir</b>")
    assert "seul le référent verra cet envoi" in texts(await nadia_on_telegram.hears())
    heard = await camille.hears()
    assert f"La personne de la demande n° {number} envoie : photo" in heard[0].text
    assert "photo" in heard[1].raw
    assert heard[1].raw["caption"] == "mon écran <b>noir</b>"
    nadia_on_telegram.person.send("photo")
    assert await nadia_on_telegram.hears() == []
    assert len(await camille.hears()) == 1
    await camille.writes("Vu, merci", reply_to=heard[1])
    assert "Vu, merci" in texts(await nadia_on_telegram.hears())


async def test_what_was_sent_while_waiting_is_given_to_whoever_takes_it(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague, diane: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    nadia_on_telegram.person.send("document")
    assert "la personne qui prendra la demande pourra recevoir" in texts(await nadia_on_telegram.hears())
    assert not any("document" in one.raw for one in await camille.hears())
    heard = await camille.writes("Bonjour", reply_to=await camille.notice(number))
    assert any("document" in one.raw for one in heard)
    await camille.writes(f"/transmettre {number} Diane Roux")
    assert any("document" in one.raw for one in await diane.hears())


async def test_a_referents_photo_goes_to_the_right_person_only(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague, diane: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    notice = await camille.notice(number)
    camille.person.send("photo", reply_to=notice)
    assert f"transmis à la personne de la demande n° {number}" in said(await camille.hears())
    assert any("photo" in one.raw for one in nadia_on_telegram.person.heard())
    assert (await ticket(stage, number)).referent_id == camille.id
    sent = len(nadia_on_telegram.person.heard())
    await diane.writes(f"/prendre {number} quand même")
    await camille.hears()
    await nadia_on_telegram.hears()
    sent = len(nadia_on_telegram.person.heard())
    camille.person.send("photo", reply_to=notice)
    assert "déjà suivie par Diane Roux" in said(await camille.hears())
    camille.person.send("photo")
    assert "Je ne sais lire que du texte" in said(await camille.hears())
    await diane.writes(f"/clore {number}")
    diane.person.send("photo", reply_to=await diane.notice(number))
    assert "est close" in said(await diane.hears())
    assert len(nadia_on_telegram.person.heard()) == sent + 1  # the closing alone


async def test_the_button_then_the_photo(nadia_on_telegram: TelegramCitizen, camille: Colleague) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await camille.writes(f"/repondre {number}")
    camille.person.send("voice")
    assert "transmis à la personne" in said(await camille.hears())
    assert any("voice" in one.raw for one in nadia_on_telegram.person.heard())


async def test_where_it_cannot_be_passed_on_both_are_told(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    ada = CoreCitizen(stage)
    number = await asks_for_a_human(ada, "Besançon")
    camille.person.send("location", reply_to=await camille.notice(number))
    assert "une position ou une fiche de contact ne peut pas lui être envoyée" in said(await camille.hears())
    lou = await appoint(stage, "Lou Bernard", territories="39", telegram=False)
    second = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await camille.writes(f"/transmettre {second} {lou.name}")
    await nadia_on_telegram.hears()
    nadia_on_telegram.person.send("photo")
    assert "seul le référent verra cet envoi" in texts(await nadia_on_telegram.hears())
    await stage.later(minutes=11)
    nadia_on_telegram.person.send("location")
    assert "ne peut pas recevoir de position" in texts(await nadia_on_telegram.hears())
