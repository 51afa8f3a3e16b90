"""A demand from its first message to its closing, as the asker lives it."""

import pytest

from storage import transcript
from tests.actors import Citizen, TelegramCitizen, buttons, texts
from tests.scenarios.desk import Colleague, asks_for_a_human, number_in, said, ticket
from tests.stage import Stage

KNOWN = "comment créer un compte pass Culture Pro ?"
UNKNOWN = "le pass culture peut-il parrainer le nouveau label de notre quartier zztop ?"


@pytest.mark.fault(64)
async def test_while_waiting_each_message_joins_and_is_acknowledged(
    nadia: Citizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia, "Besançon")
    for words in ("c'est au sujet de notre chapiteau itinérant", "il voyage beaucoup vous savez"):
        heard = await nadia.says(words)
        assert texts(heard) == f"C'est ajouté à votre demande n° {number}."
        assert "Poser une autre question" in buttons(heard)


async def test_while_waiting_a_sure_answer_is_still_given_and_labelled(
    nadia: Citizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia, "Besançon")
    heard = texts(await nadia.says(KNOWN))
    assert f"C'est ajouté à votre demande n° {number}" in heard
    assert "réponse automatique" in heard
    assert "Source" in heard


async def test_once_taken_the_bot_only_acknowledges_and_once_per_burst(
    nadia: Citizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia, "Besançon")
    await camille.writes(f"/prendre {number}")
    heard = await nadia.hears()
    assert "prise en charge par le référent du territoire – Doubs (25)." in texts(heard)
    assert f"transmis au référent qui suit votre demande n° {number}" in texts(await nadia.says(KNOWN))
    assert await nadia.says("et aussi : est-ce payant ?") == []
    await stage.later(minutes=11)
    assert "transmis au référent" in texts(await nadia.says("toujours là ?"))
    assert said(await camille.hears()).count("Nouveau message") == 3


async def test_another_question_starts_a_separate_demand(
    nadia: Citizen, stage: Stage, camille: Colleague
) -> None:
    first = await asks_for_a_human(nadia, "Besançon")
    await nadia.presses("Poser une autre question")
    assert "Réponse automatique." in texts(await nadia.says(KNOWN))
    second = await asks_for_a_human(nadia)
    assert second != first
    heard = await nadia.says("/mesdemandes")
    assert f"n° {first} : en attente" in texts(heard)
    assert f"n° {second} : en attente" in texts(heard)
    assert f"C'est ajouté à votre demande n° {second}" in texts(await nadia.says("ceci est pour la seconde"))


async def test_of_two_demands_the_one_to_write_to_can_be_chosen(
    nadia: Citizen, stage: Stage, camille: Colleague
) -> None:
    first = await asks_for_a_human(nadia, "Besançon")
    await nadia.presses("Poser une autre question")
    await asks_for_a_human(nadia)
    await nadia.says("/mesdemandes")
    await nadia.presses(f"Écrire à la demande n° {first}")
    assert f"C'est ajouté à votre demande n° {first}" in texts(await nadia.says("ceci est pour la première"))


async def test_asking_for_a_human_twice_is_one_demand(nadia: Citizen, camille: Colleague) -> None:
    number = await asks_for_a_human(nadia, "Besançon")
    heard = texts(await nadia.says("/referent"))
    assert f"Votre demande n° {number} est déjà entre les mains des référents" in heard


@pytest.mark.both_databases
async def test_the_reply_reaches_the_asker_and_closing_asks_whether_it_is_solved(
    nadia: Citizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia, "Besançon")
    await camille.writes(f"/repondre {number} Bonjour, voici la marche à suivre : *patience*")
    assert "Bonjour, voici la marche à suivre : *patience*" in texts(await nadia.hears())
    await camille.writes(f"/clore {number}")
    heard = await nadia.hears()
    assert "Est-ce résolu pour vous ?" in texts(heard)
    assert "Merci, c'est noté" in texts(await nadia.presses("Oui, c'est résolu"))
    assert (await ticket(stage, number)).solved is True
    assert "Réponse automatique." in texts(await nadia.says(KNOWN))
    assert f"n° {number} : close" in texts(await nadia.says("/mesdemandes"))


async def test_not_solved_reopens_in_the_same_hands(nadia: Citizen, stage: Stage, camille: Colleague) -> None:
    number = await asks_for_a_human(nadia, "Besançon")
    await camille.writes(f"/prendre {number}")
    await camille.writes(f"/clore {number}")
    await nadia.hears()
    heard = await nadia.presses("Non, pas encore")
    assert f"Votre demande n° {number} est rouverte" in texts(heard)
    assert "rouverte et toujours à votre nom" in said(await camille.hears())
    found = await ticket(stage, number)
    assert (found.state, found.referent_id, found.closed_at) == ("taken", camille.id, None)
    assert "votre demande est close" in texts(await nadia.presses("Oui, c'est résolu"))
    assert "dit que c'est résolu" in said(await camille.hears())


async def test_after_the_closing_a_new_demand_is_about_something_new(
    nadia: Citizen, stage: Stage, camille: Colleague
) -> None:
    await nadia.says_and_waits(UNKNOWN)
    first = await asks_for_a_human(nadia, "Besançon")
    await camille.writes(f"/clore {first}")
    await nadia.hears()
    second = await asks_for_a_human(nadia)
    assert (await ticket(stage, first)).question_id is not None
    assert (await ticket(stage, second)).question_id is None


async def test_a_reply_to_an_old_message_goes_to_its_demand(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    nadia = nadia_on_telegram
    await nadia.says_and_waits(UNKNOWN)
    own_message = 1
    first = await asks_for_a_human(nadia, "Besançon")
    opened = next(one for one in nadia.person.heard() if f"n° {first}" in one.text)
    await nadia.presses("Poser une autre question")
    second = await asks_for_a_human(nadia)
    assert second != first
    for target in (opened.id, own_message):
        nadia.person.write("je précise pour la première", reply_to=target)
        assert f"demande n° {first}" in texts(await nadia.hears())


@pytest.mark.both_databases
async def test_a_reply_to_a_closed_demand_reopens_it(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    nadia = nadia_on_telegram
    number = await asks_for_a_human(nadia, "Besançon")
    await camille.writes(f"/repondre {number} Essayez encore.")
    reply = nadia.person.heard()[-1]
    await camille.writes(f"/clore {number}")
    nadia.person.write("ça ne marche toujours pas", reply_to=reply)
    assert "est rouverte" in texts(await nadia.hears())
    assert (await ticket(stage, number)).state == "taken"


@pytest.mark.both_databases
@pytest.mark.fault(28)
async def test_edits_show_before_and_after(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    nadia = nadia_on_telegram
    number = await asks_for_a_human(nadia, "Besançon")
    await camille.writes(f"/prendre {number}")
    await nadia.hears()
    message = nadia.person.write("mon dossier 1234 <b>bloque</b>")
    await nadia.hears()
    nadia.person.edit(message, "mon dossier 1235 bloque")
    assert await nadia.hears() == []
    nadia.person.edit(message, "mon dossier 1235 bloque")
    await stage.settle()
    assert said(await camille.hears()).count("a modifié un de ses messages") == 1
    rows = await stage.turn(lambda turn: [row.text for row in transcript.of_ticket(turn.session, number)])
    assert "mon dossier 1235 bloque" in rows
    assert any("Texte d'origine" in row and "1234" in row for row in rows)


@pytest.mark.fault(28)
async def test_an_edited_question_is_answered_anew(nadia_on_telegram: TelegramCitizen, stage: Stage) -> None:
    nadia = nadia_on_telegram
    message = nadia.person.write("bonjour")
    await nadia.hears()
    nadia.person.edit(message, KNOWN)
    assert "Réponse automatique." in texts(await nadia.hears())


async def test_the_question_that_was_handed_over_can_still_be_corrected(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    nadia = nadia_on_telegram
    message = nadia.person.write(UNKNOWN)
    await stage.later(seconds=3)
    number = await asks_for_a_human(nadia, "Besançon")
    await camille.writes(f"/prendre {number}")
    await nadia.hears()
    nadia.person.edit(message, UNKNOWN + " merci")
    assert await nadia.hears() == []
    assert "a modifié un de ses messages" in said(await camille.hears())


@pytest.mark.fault(33)
async def test_a_person_who_blocks_the_bot_hears_nothing_more_and_the_referent_knows(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    nadia = nadia_on_telegram
    number = await asks_for_a_human(nadia, "Besançon")
    await camille.writes(f"/prendre {number}")
    nadia.person.block()
    assert said(await camille.hears()).count("a bloqué le robot") == 1
    calls = len(stage.telegram.calls("sendMessage"))
    heard = said(await camille.writes(f"/repondre {number} Êtes-vous là ?"))
    assert "n'a pas été remise" in heard
    to_nadia = [
        call
        for call in stage.telegram.calls("sendMessage")[calls:]
        if call.parameters["chat_id"] == nadia.person.id
    ]
    assert to_nadia == []
    await nadia.says("je suis revenue")
    assert "part vers la personne" in said(await camille.writes(f"/repondre {number} Bonjour"))
    assert "Bonjour" in texts(await nadia.hears())


@pytest.mark.fault(45)
async def test_a_reply_that_cannot_be_delivered_is_shown_to_whoever_sent_it(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    nadia = nadia_on_telegram
    number = await asks_for_a_human(nadia, "Besançon")
    await camille.writes(f"/prendre {number}")
    nadia.person.deactivate()
    heard = said(await camille.writes(f"/repondre {number} Bonjour"))
    assert "a bloqué le robot" in heard
    other = TelegramCitizen(stage)
    second = await asks_for_a_human(other, "Besançon")
    await camille.writes(f"/prendre {second}")
    stage.telegram.fail("sendMessage", "413")
    assert "n'a pas été remise" in said(await camille.writes(f"/repondre {second} Bonjour"))


@pytest.mark.both_databases
@pytest.mark.fault(32)
async def test_fifty_messages_in_two_seconds_are_all_there_and_in_order(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    nadia = nadia_on_telegram
    number = await asks_for_a_human(nadia, "Besançon")
    await camille.writes(f"/prendre {number}")
    await nadia.hears()
    wanted = [f"message {index}" for index in range(50)]
    for words in wanted:
        nadia.person.write(words)
    heard = await nadia.hears()
    assert texts(heard).count("transmis au référent") == 1
    rows = await stage.turn(
        lambda turn: [r.text for r in transcript.of_ticket(turn.session, number) if r.author == "visitor"]
    )
    assert [row for row in rows if row.startswith("message")] == wanted


async def test_who_writes_fast_before_any_demand_is_answered_and_nothing_is_lost(
    nadia_on_telegram: TelegramCitizen, stage: Stage, diane: Colleague
) -> None:
    nadia = nadia_on_telegram
    for index in range(12):
        nadia.person.write(f"truc numéro {index} du zinzin")
    await stage.later(seconds=3)
    assert len(await nadia.hears()) < 12
    number = await asks_for_a_human(nadia, "Besançon")
    assert number_in(f"n° {number}") == number
