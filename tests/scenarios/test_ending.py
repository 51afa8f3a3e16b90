"""How a demand ends for its asker: as they say, after a silence, and how it goes on."""

import pytest

from storage import tickets
from tests.actors import Citizen, TelegramCitizen, buttons, texts
from tests.scenarios.desk import Colleague, asks_for_a_human, history, said, ticket
from tests.stage import Stage


async def answered(nadia: Citizen, camille: Colleague, words: str = "Voici la marche à suivre.") -> int:
    """A demand that Camille has replied to."""
    number = await asks_for_a_human(nadia, "Besançon")
    await camille.writes(f"/repondre {number} {words}")
    heard = await nadia.hears()
    assert {"Oui, c'est résolu", "Non, pas encore"} <= buttons(heard)
    return number


async def test_a_reply_gives_the_word_to_the_asker_and_their_message_takes_it_back(
    nadia: Citizen, stage: Stage, camille: Colleague
) -> None:
    number = await answered(nadia, camille)
    assert (await ticket(stage, number)).state == "answered"
    await nadia.says("et pour ma sœur ?")
    assert (await ticket(stage, number)).state == "taken"
    assert f"Nouveau message sur la demande n° {number}" in said(await camille.hears())
    assert "asked" in await history(stage, number)


async def test_solved_after_a_reply_closes_tells_the_holder_and_asks_once_whether_it_helped(
    nadia: Citizen, stage: Stage, camille: Colleague
) -> None:
    number = await answered(nadia, camille)
    await camille.hears()
    heard = await nadia.presses("Oui, c'est résolu")
    assert "cette réponse vous a-t-elle aidé ?" in texts(heard)
    assert buttons(heard) == {"Oui, elle m'a aidé", "En partie", "Non, pas vraiment"}
    assert f"La personne de la demande n° {number} dit que c'est résolu" in said(await camille.hears())
    assert "Merci de votre retour" in texts(await nadia.presses("En partie"))
    assert "déjà noté" in texts(await nadia.presses("Non, pas vraiment"))
    assert "déjà noté" in texts(await nadia.presses("Oui, c'est résolu"))
    found = await ticket(stage, number)
    assert (found.state, found.solution, found.solved, found.helped) == (
        "closed",
        "confirmed",
        True,
        "partly",
    )


async def test_not_yet_after_a_reply_gives_the_word_back_once(
    nadia: Citizen, stage: Stage, camille: Colleague
) -> None:
    number = await answered(nadia, camille)
    await camille.hears()
    for _ in range(2):
        assert "reste ouverte" in texts(await nadia.presses("Non, pas encore"))
    assert said(await camille.hears()).count("ce n'est pas encore résolu") == 1
    found = await ticket(stage, number)
    assert (found.state, found.solved, found.referent_id) == ("taken", False, camille.id)


async def test_a_week_of_silence_is_supposed_to_mean_solved_and_says_how_to_go_on(
    nadia: Citizen, stage: Stage, camille: Colleague
) -> None:
    number = await answered(nadia, camille)
    await stage.later(days=6)
    await nadia.comes_back()
    assert await nadia.hears() == []
    await stage.later(days=1, minutes=1)
    await nadia.comes_back()
    heard = await nadia.hears()
    assert "Sans nouvelles de vous depuis 7 jours" in texts(heard)
    assert "Rouvrir la demande" in buttons(heard)
    found = await ticket(stage, number)
    assert (found.state, found.solution, found.solved) == ("closed", "assumed", None)
    assert f"Votre demande n° {number} est rouverte" in texts(await nadia.presses("Rouvrir la demande"))
    found = await ticket(stage, number)
    assert (found.state, found.referent_id, found.solution) == ("taken", camille.id, None)


async def test_each_reply_begins_the_silence_anew_and_a_word_ends_it(
    nadia: Citizen, stage: Stage, camille: Colleague
) -> None:
    number = await answered(nadia, camille)
    await stage.later(days=5)
    await camille.writes(f"/repondre {number} Un détail encore.")
    await stage.later(days=5)
    assert (await ticket(stage, number)).state == "answered"
    await nadia.comes_back()
    await nadia.says("je regarde")
    await stage.later(days=30)
    assert (await ticket(stage, number)).state == "taken"


async def test_within_two_weeks_it_keeps_its_number_and_later_it_is_followed_by_a_linked_one(
    nadia: Citizen, stage: Stage, camille: Colleague
) -> None:
    first = await answered(nadia, camille)
    await camille.writes(f"/clore {first}")
    await stage.later(days=13)
    await nadia.comes_back()
    await nadia.hears()
    assert f"n° {first} est rouverte" in texts(await nadia.presses("Non, pas encore"))
    await camille.writes(f"/clore {first}")
    await stage.later(days=15)
    await nadia.comes_back()
    await nadia.hears()
    heard = texts(await nadia.presses("Non, pas encore"))
    assert f"Votre demande n° {first} est close depuis longtemps" in heard
    number = first + 1
    assert f"Votre demande n° {number} est confiée au référent" in heard
    found = await ticket(stage, number)
    assert (found.linked_to, found.territory, found.state) == (first, "25", "waiting")
    assert (await ticket(stage, first)).state == "closed"
    assert f"Demande n° {number}" in said(await camille.hears())
    await nadia.presses("Non, pas encore")
    assert await stage.turn(lambda turn: tickets.get(turn.session, number + 1)) is None, "one is enough"


async def test_a_late_reply_to_an_old_message_joins_the_linked_demand(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    nadia = nadia_on_telegram
    first = await answered(nadia, camille)
    old = next(one for one in reversed(nadia.person.heard()) if "marche à suivre" in one.text)
    await camille.writes(f"/clore {first}")
    await stage.later(days=20)
    nadia.person.write("cela recommence", reply_to=old)
    await nadia.hears()
    heard = said(await camille.hears())
    assert f"Demande n° {first + 1}" in heard
    assert (await ticket(stage, first + 1)).linked_to == first


async def test_nobody_is_asked_whether_it_helped_after_distress_or_without_a_reply(
    nadia: Citizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia, "Besançon")
    await nadia.says("j'ai envie de mourir")
    await camille.writes(f"/repondre {number} Nous sommes là.")
    await nadia.hears()
    heard = await nadia.presses("Oui, c'est résolu")
    assert "aidé" not in texts(heard)
    assert buttons(heard) == set()
    other = await asks_for_a_human(nadia)
    assert other != number
    await camille.writes(f"/clore {other}")
    await nadia.hears()
    assert "aidé" not in texts(await nadia.presses("Oui, c'est résolu"))


async def test_my_demands_say_state_date_and_what_comes_next(
    nadia: Citizen, stage: Stage, camille: Colleague
) -> None:
    number = await answered(nadia, camille)
    heard = texts(await nadia.says("/mesdemandes"))
    assert f"n° {number} : répondue (thème non précisé, lundi 23 novembre)" in heard
    assert "Sans nouvelles de vous, elle sera close le lundi 30 novembre" in heard
    await nadia.presses("Oui, c'est résolu")
    heard = texts(await nadia.says("/mesdemandes"))
    assert f"n° {number} : close" in heard
    assert "Vous avez dit que c'est résolu. Vous pouvez la rouvrir jusqu'au lundi 7 décembre" in heard
    assert f"n° {number} est rouverte" in texts(await nadia.presses(f"Rouvrir la demande n° {number}"))


@pytest.mark.parametrize("place", ["Besançon"])
async def test_who_comes_back_after_blocking_finds_the_demand_where_it_was(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague, place: str
) -> None:
    nadia = nadia_on_telegram
    waiting = await asks_for_a_human(nadia, place)
    await camille.hears()
    nadia.person.block()
    await stage.settle()
    assert (await ticket(stage, waiting)).state == "unreachable"
    await nadia.says("me revoilà")
    assert (await ticket(stage, waiting)).state == "waiting"
    assert f"Demande n° {waiting}" in said(await camille.hears())
