"""A guide is walked step by step: forwards, backwards, left, taken up again; a birth date is forgotten."""

from pathlib import Path

import pytest

from bot.library import Library
from handlers import holds
from handlers.talk import Talk
from handlers.turn import Turn
from storage import contacts, questions, transcript
from tests.actors import Citizen, CoreCitizen, buttons, texts
from tests.scenarios.desk import HUMAN, Colleague, logged, number_in, said, ticket
from tests.scenarios.traces import traces
from tests.stage import Stage, open_stage

RIGHT = "Ai-je droit au pass Culture, et à combien ?"
PAID = "Je n'ai pas été remboursé"
PRO = "Ouvrir un compte pass Culture Pro"
BACK, LEAVE = "Revenir", "Quitter le parcours"
BORN = "24/11/2007"
"""Nineteen on the day after the stage's first."""


async def test_a_guide_is_offered_under_the_answers_that_it_goes_deeper_into(nadia: Citizen) -> None:
    heard = await nadia.says("à quel âge a-t-on droit au pass ?")
    assert RIGHT in buttons(heard)
    heard = await nadia.presses(RIGHT)
    assert "Quelle est votre date de naissance" in texts(heard)
    assert "n'est pas gardée" in texts(heard)
    assert LEAVE in buttons(heard)
    assert BACK not in buttons(heard)


async def test_themes_begin_with_the_guides_of_the_audience(nadia: Citizen) -> None:
    await nadia.says("/start")
    await nadia.presses("Partenaire culturel")
    labels = next(one.buttons for one in await nadia.says("/themes") if PAID in one.buttons)
    assert RIGHT not in labels
    assert {labels.index(PAID), labels.index(PRO)} <= set(range(3))


async def test_a_link_starts_a_guide(nadia: Citizen) -> None:
    assert "Quel remboursement attendez-vous" in texts(await nadia.says("/start parcours-pas-rembourse"))
    heard = texts(await nadia.says("/start parcours-inconnu"))
    assert "Bonjour" in heard
    assert "Quel remboursement" not in heard


async def test_to_the_end_of_a_guide(nadia: Citizen, stage: Stage) -> None:
    await nadia.says("/start parcours-pas-rembourse")
    await nadia.presses("Celui d'un événement")
    heard = await nadia.presses("Il n'a pas encore eu lieu")
    assert "après l'événement" in texts(heard)
    assert "Source" in texts(heard)
    assert "Réponse automatique." in texts(heard)
    assert {"Oui, merci", "Non", HUMAN} <= buttons(heard)
    written = await logged(stage, nadia)
    assert (written.outcome, written.entry_id) == ("guide", None)
    assert written.text == f"Parcours : {PAID} — Celui d'un événement · Il n'a pas encore eu lieu"
    assert "Merci" in texts(await nadia.presses("Oui, merci"))
    assert (await logged(stage, nadia)).feedback == "yes"


async def test_back_a_step_and_another_way(nadia: Citizen, stage: Stage) -> None:
    await nadia.says("/start parcours-pas-rembourse")
    assert BACK in buttons(await nadia.presses("Celui d'une offre scolaire (ADAGE)"))
    heard = await nadia.presses(BACK)
    assert "Quel remboursement attendez-vous" in texts(heard)
    assert BACK not in buttons(heard)
    await nadia.presses("Celui d'un événement")
    await nadia.presses("Il a été annulé ou reporté")
    written = await logged(stage, nadia)
    assert written.entry_id == "pro-cancel-event"
    assert "scolaire" not in (written.text or "")


async def test_a_button_of_an_earlier_step_goes_back_to_it(nadia: Citizen, stage: Stage) -> None:
    await nadia.says("/start parcours-pas-rembourse")
    await nadia.presses("Celui d'un événement")
    heard = await nadia.presses("Celui d'une offre scolaire (ADAGE)")
    assert "Où en est l'action avec la classe" in texts(heard)
    await nadia.presses("Elle n'a pas encore eu lieu")
    assert "événement" not in ((await logged(stage, nadia)).text or "")
    assert "n'est plus valable" in texts(await nadia.presses("Celui d'un événement"))


async def test_a_guide_is_left_at_any_step(nadia: Citizen, stage: Stage) -> None:
    await nadia.says("/start parcours-pas-rembourse")
    await nadia.presses("Celui d'un événement")
    assert "quitté le parcours" in texts(await nadia.presses(LEAVE))
    assert "n'est plus valable" in texts(await nadia.presses("Il n'a pas encore eu lieu"))
    assert "n'est plus valable" in texts(await nadia.presses(LEAVE))
    assert await stage.turn(lambda turn: _walk_of(turn, nadia)) is None


async def test_words_of_a_button_may_be_typed(nadia: Citizen) -> None:
    await nadia.says("/start parcours-pas-rembourse")
    assert "l'événement a-t-il eu lieu" in texts(await nadia.says("celui d'un evenement"))


async def test_another_question_is_answered_and_the_guide_waits(nadia: Citizen) -> None:
    await nadia.says("/start parcours-pas-rembourse")
    await nadia.presses("Celui d'un événement")
    heard = await nadia.says("comment créer un compte pass Culture Pro ?")
    assert "SIRET" in texts(heard)
    assert "reste ouvert" in texts(heard)
    assert "l'événement a-t-il eu lieu" in texts(await nadia.presses("Reprendre le parcours"))
    await nadia.says("comment créer un compte pass Culture Pro ?")
    assert "reste ouvert" not in texts(await nadia.says("à quel âge a-t-on droit au pass ?"))


async def test_distress_and_the_wish_for_a_human_come_first(nadia: Citizen, stage: Stage) -> None:
    await nadia.says("/start parcours-droit-et-montant")
    heard = texts(await nadia.says("j'ai envie de mourir"))
    assert "3114" in heard
    assert "reste ouvert" not in heard
    await nadia.says("17")
    heard = texts(await nadia.says("je veux parler à un conseiller"))
    assert "votre demande porte le n° " in heard
    assert "n'est plus valable" in texts(await nadia.presses("France métropolitaine"))
    found = await ticket(stage, number_in(heard))
    about = await stage.turn(lambda turn: _text_of(turn, found.question_id))
    assert about == f"Parcours : {RIGHT} — 17"


@pytest.mark.both_databases
async def test_a_guide_hands_over_what_was_answered(nadia: Citizen, stage: Stage) -> None:
    await _to_a_referent(nadia)
    heard = texts(nadia.last)
    assert "Je transmets vos réponses" in heard
    assert "Réponse automatique." in heard
    found = await ticket(stage, number_in(heard))
    assert found.theme == "pro-remboursements"
    written = await logged(stage, nadia)
    assert (written.id, written.outcome, written.ticket_number) == (found.question_id, "guide", found.number)
    read = await stage.turn(lambda turn: [r.text for r in transcript.of_ticket(turn.session, found.number)])
    assert any("Il y a plus de 72 heures · Non" in text for text in read)


async def test_beside_an_open_demand_a_guide_still_works(
    nadia: Citizen, stage: Stage, camille: Colleague
) -> None:
    number = number_in(texts(await nadia.says("/referent")))
    await nadia.says("Besançon")
    await camille.writes(f"/prendre {number}")
    await nadia.says("/start parcours-droit-et-montant")
    assert "Où habitez-vous" in texts(await nadia.says(BORN))
    assert traces(stage, "/2007") == []
    await camille.hears()
    await nadia.says("mon vélo est rouge")
    assert f"n° {number}" in said(await camille.hears())
    await nadia.says("/start parcours-droit-et-montant")
    await camille.writes(f"/repondre {number} Quel âge avez-vous ?")
    assert "Où habitez-vous" not in texts(await nadia.says("18 ans"))
    await camille.hears()
    await _to_a_referent(nadia)
    assert f"n° {number}" in said(await camille.hears())


async def test_a_guide_is_not_waited_for_for_ever(stage: Stage) -> None:
    ada = CoreCitizen(stage)
    await ada.says("/start parcours-droit-et-montant")
    await stage.later(hours=25)
    assert "Où habitez-vous" not in texts(await ada.says_and_waits("17"))


async def test_a_guide_survives_a_restart(tmp_path: Path, library: Library) -> None:
    url = f"sqlite:///{tmp_path / 'souffleur.db'}"
    async with open_stage(url, tmp_path, library) as before:
        ada = CoreCitizen(before)
        await ada.says("/start parcours-droit-et-montant")
        await ada.says(BORN)
    async with open_stage(url, tmp_path, library) as after:
        ada.stage = after
        assert "Quelle est votre nationalité" in texts(await ada.presses("France métropolitaine"))
        assert "Où habitez-vous" in texts(await ada.presses(BACK))


async def test_what_is_on_hold_is_not_said_at_the_end_of_a_guide(stage: Stage) -> None:
    def freeze(turn: Turn) -> None:

        guide = turn.world.knowledge.guides["pas-rembourse"]
        for entry_id in guide.leaves["evenement-a-venir"].related:
            holds.freeze(turn, None, "entry", entry_id, "le calendrier change")

    ada = CoreCitizen(stage)
    await stage.turn(freeze)
    await ada.says("/start parcours-pas-rembourse")
    await ada.presses("Celui d'un événement")
    heard = texts(await ada.presses("Il n'a pas encore eu lieu"))
    assert "après l'événement" not in heard
    assert "votre demande porte le n° " in heard


@pytest.mark.both_databases
async def test_the_easy_version_of_an_answer(nadia: Citizen, stage: Stage) -> None:
    await nadia.says("à quel âge a-t-on droit au pass ?")
    assert "Version facile" in buttons(nadia.last)
    heard = await nadia.presses("Version facile")
    entry = stage.house.library.base.entry((await logged(stage, nadia)).entry_id or "")
    assert entry is not None
    assert entry.facile is not None
    assert entry.facile.split("\n")[0].replace("*", "") in texts(heard)
    assert "Source" in texts(heard)
    assert "Réponse automatique." in texts(heard)
    assert "Merci" in texts(await nadia.presses("Oui, merci"))
    assert (await logged(stage, nadia)).feedback == "yes"


async def test_no_easy_version_where_there_is_none(nadia: Citizen) -> None:
    assert "Version facile" not in buttons(await nadia.says("comment créer un compte pass Culture Pro ?"))


async def _to_a_referent(citizen: Citizen) -> None:
    await citizen.says("/start parcours-pas-rembourse")
    await citizen.presses("Celui d'un événement")
    await citizen.presses("Il y a plus de 72 heures")
    await citizen.presses("Non")


def _walk_of(turn: Turn, citizen: Citizen) -> object:
    contact = contacts.by_address(turn.session, citizen.address)
    assert contact is not None
    return Talk.of(contact).walk


def _text_of(turn: Turn, question_id: int | None) -> str | None:
    found = questions.get(turn.session, question_id or 0)
    return found.text if found is not None else None
