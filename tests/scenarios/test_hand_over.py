"""A question goes to a human: the number at the click, then where and for whom, never required."""

import pytest

from storage import transcript
from tests.actors import Citizen, TelegramCitizen, buttons, texts
from tests.scenarios.desk import (
    HUMAN,
    Colleague,
    asks_for_a_human,
    history,
    number_in,
    said,
    ticket,
)
from tests.stage import Stage

UNKNOWN = "Je ne sais pas"
PLACES = {
    "25": "25",
    "le doub": "25",
    "Bonjour, je suis à Besancon 25000": "25",
    "2a": "2A",
    "93100": "93",
    "97400": "974",
    "j'ai 17 ans et j'habite à Lyon": "69",
}


async def test_the_number_comes_at_the_click_and_the_place_after(
    nadia: Citizen, stage: Stage, camille: Colleague
) -> None:
    await nadia.says("comment créer un compte pass Culture Pro ?")
    heard = await nadia.presses(HUMAN)
    assert "Je passe la main" in heard[0].text
    number = number_in(heard[0].text)
    assert (await ticket(stage, number)).state == "waiting"
    assert "Dans quel département" in heard[1].text
    assert heard[1].buttons == (UNKNOWN,)
    heard = await nadia.says("Besançon")
    assert f"n° {number}" in texts(heard)
    assert "Doubs (25)" in texts(heard)
    assert "avant le mercredi 25 novembre" in texts(heard)
    assert {"Poser une autre question", "Corriger mon département"} <= buttons(heard)
    assert "Territoire : Doubs (25)" in (await camille.notice(number)).text


async def test_the_place_is_understood_as_people_write_it(stage: Stage, diane: Colleague) -> None:
    for words, code in PLACES.items():
        number = await asks_for_a_human(TelegramCitizen(stage), words)
        assert (await ticket(stage, number)).territory == code, words


async def test_an_age_is_no_place(nadia_on_telegram: TelegramCitizen, stage: Stage, diane: Colleague) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "j'ai 17 ans")
    assert (await ticket(stage, number)).territory is None


async def test_a_place_with_several_meanings_is_offered_as_choices(
    nadia: Citizen, stage: Stage, diane: Colleague
) -> None:
    number = await asks_for_a_human(nadia)
    heard = await nadia.says("Saint-Denis")
    assert "Plusieurs endroits" in texts(heard)
    assert {"Seine-Saint-Denis (93)", "La Réunion (974)", UNKNOWN} == buttons(heard)
    await nadia.presses("La Réunion (974)")
    assert (await ticket(stage, number)).territory == "974"


@pytest.mark.fault(62)
@pytest.mark.parametrize("words", ["je ne sais pas", "Aucune idée !", "jsp"])
async def test_not_knowing_goes_to_the_national_desk(
    nadia_on_telegram: TelegramCitizen, stage: Stage, diane: Colleague, words: str
) -> None:
    number = await asks_for_a_human(nadia_on_telegram)
    heard = await nadia_on_telegram.says(words)
    assert "référent national" in texts(heard)
    assert (await ticket(stage, number)).stage == "national"
    assert "département non précisé" in (await diane.notice(number)).text


async def test_a_place_that_is_not_understood_is_asked_again_and_kept_with_the_demand(
    nadia: Citizen, stage: Stage, diane: Colleague
) -> None:
    number = await asks_for_a_human(nadia)
    heard = await nadia.says("Xyzville-la-Grande")
    assert "pas reconnu" in texts(heard)
    assert UNKNOWN in buttons(heard)
    await nadia.presses(UNKNOWN)
    assert (await ticket(stage, number)).stage == "national"


async def test_a_longer_answer_is_more_about_the_matter(
    nadia: Citizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia)
    heard = await nadia.says(
        "en fait notre association voudrait monter une exposition itinérante avec le lycée"
    )
    assert f"C'est ajouté à votre demande n° {number}" in texts(heard)
    await nadia.says("71")
    assert (await ticket(stage, number)).territory == "71"


async def test_the_place_is_remembered_and_can_be_corrected(
    nadia: Citizen, stage: Stage, camille: Colleague
) -> None:
    first = await asks_for_a_human(nadia, "le Doubs")
    await nadia.presses("Corriger mon département")
    heard = await nadia.says("Nancy")
    assert "Meurthe-et-Moselle" in texts(heard)
    assert (await ticket(stage, first)).territory == "54"
    await nadia.presses("Poser une autre question")
    heard = await nadia.says("/referent")
    assert "Dans quel département" not in texts(heard)
    assert "Meurthe-et-Moselle (54)" in texts(heard)
    assert (await ticket(stage, number_in(texts(heard)))).territory == "54"


@pytest.mark.parametrize("audience", ["Partenaire culturel", "Collectivité ou service de l'État"])
async def test_partners_and_authorities_may_name_their_structure(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague, audience: str
) -> None:
    await nadia_on_telegram.says("/start")
    await nadia_on_telegram.presses(audience)
    number = await asks_for_a_human(nadia_on_telegram)
    heard = await nadia_on_telegram.says("Besançon")
    assert "Pour quelle structure" in texts(heard)
    assert "Passer" in buttons(heard)
    assert "C'est noté" in texts(await nadia_on_telegram.says("Librairie L'Autre Rive <Nancy>"))
    assert (await ticket(stage, number)).structure == "Librairie L'Autre Rive <Nancy>"


async def test_the_structure_can_be_skipped_and_a_question_is_none(
    nadia: Citizen, stage: Stage, camille: Colleague
) -> None:
    await nadia.says("/start")
    await nadia.presses("Partenaire culturel")
    number = await asks_for_a_human(nadia, "Besançon")
    heard = await nadia.says("est-ce que ça prend longtemps d'avoir une réponse ?")
    assert f"demande n° {number}" in texts(heard)
    assert (await ticket(stage, number)).structure is None
    assert "pas obligatoire" in texts(await nadia.says("non"))
    assert (await ticket(stage, number)).structure is None


async def test_young_people_are_not_asked_for_a_structure(nadia: Citizen, camille: Colleague) -> None:
    await nadia.says("/start")
    await nadia.presses("Jeune")
    await asks_for_a_human(nadia)
    assert "structure" not in texts(await nadia.says("Besançon"))


@pytest.mark.both_databases
async def test_ten_minutes_without_a_place_and_the_national_desk_has_it(
    nadia: Citizen, stage: Stage, diane: Colleague
) -> None:
    number = await asks_for_a_human(nadia)
    await stage.later(minutes=9)
    assert await diane.hears() == []
    await stage.later(minutes=2)
    assert f"Demande n° {number}" in said(await diane.hears())
    assert "référent national" in texts(await nadia.hears())


async def test_the_place_may_still_come_after_the_ten_minutes(
    nadia: Citizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia)
    await stage.later(minutes=11)
    await nadia.says("Besançon")
    assert f"Demande n° {number}" in said(await camille.hears())


async def test_distress_is_neither_a_place_nor_a_structure(
    nadia: Citizen, stage: Stage, camille: Colleague
) -> None:
    await nadia.says("/start")
    await nadia.presses("Partenaire culturel")
    number = await asks_for_a_human(nadia)
    assert "3114" in texts(await nadia.says("j'ai envie de mourir"))
    await nadia.says("Besançon")
    assert "3114" in texts(await nadia.says("je veux mourir"))
    assert (await ticket(stage, number)).structure is None


async def test_what_was_being_written_is_what_the_demand_is_about(
    nadia: Citizen, stage: Stage, camille: Colleague
) -> None:
    await nadia._send("notre médiathèque a un souci bizarre avec le tableau des zigotos")
    heard = await nadia.says("/referent")
    number = number_in(texts(heard).split("Je passe la main")[1])
    await stage.later(seconds=5)
    assert await nadia.hears() == []
    await nadia.says("25")
    rows = await stage.turn(lambda turn: [row.text for row in transcript.of_ticket(turn.session, number)])
    assert any("zigotos" in row for row in rows)


@pytest.mark.both_databases
async def test_every_step_is_in_the_history(nadia_on_telegram: TelegramCitizen, camille: Colleague) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "25")
    assert await history(nadia_on_telegram.stage, number) == [
        "opened",
        "territory Doubs (25)",
        "routed territory: Camille Martin",
    ]
