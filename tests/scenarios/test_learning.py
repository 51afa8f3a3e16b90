"""A ticket teaches something: proposed by its referent, decided on by an editor, heeded at once."""

import asyncio
import json
import re
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.library import Library
from handlers.turn import Turn
from storage.tables import Proposal, Question
from tests.actors import CoreCitizen, TelegramCitizen, WebCitizen, buttons, texts
from tests.cli.program import bot
from tests.scenarios.console import at_desk
from tests.scenarios.desk import Colleague, appoint, asks_for_a_human, said
from tests.shelf import FOLDER
from tests.stage import Stage, open_stage

ENTRY = "pro-create-account"
ASKED = "le bidule violet de ma tante ne veut pas du sésame 06 12 34 56 78"
MASKED = "le bidule violet de ma tante ne veut pas du sésame [téléphone]"
LEARNT = "le bidule violet ne veut pas du sésame"
ANSWER = "SIRET"
FORM = {"impersonnel": "1", "fiche": ENTRY, "suite": "fiche", "phrase": LEARNT}


@pytest.fixture
async def elise(stage: Stage, diane: Colleague) -> Colleague:
    """The editor."""
    return await appoint(stage, "Élise Garnier", role="editor")


async def _closed(stage: Stage, referent: Colleague, asked: str = ASKED) -> int:
    """Somebody asked, was answered by a referent and the demand is closed."""
    citizen = CoreCitizen(stage)
    await citizen.says_and_waits(asked)
    number = await asks_for_a_human(citizen, "25")
    await referent.writes(f"/repondre {number} Bonjour, vérifiez le SIRET de votre structure.")
    await referent.writes(f"/clore {number}")
    return number


async def _proposals(stage: Stage) -> list[Proposal]:
    def look(turn: Turn) -> list[Proposal]:
        found = list(turn.session.scalars(select(Proposal).order_by(Proposal.id)))
        for one in found:
            turn.session.expunge(one)
        return found

    return await stage.turn(look)


async def _propose(stage: Stage, camille: Colleague, **more: str) -> int:
    number = await _closed(stage, camille)
    async with at_desk(stage, camille) as desk:
        await desk.send(f"/console/demandes/{number}/apprentissage", FORM | more)
    return (await _proposals(stage))[-1].id


@pytest.mark.both_databases
async def test_an_accepted_wording_is_answered_at_once_and_after_a_restart(
    stage: Stage, tmp_path: Path, library: Library, camille: Colleague, elise: Colleague
) -> None:
    before = WebCitizen(stage)
    assert ANSWER not in texts(await before.says_and_waits(LEARNT))
    number = await _closed(stage, camille)
    async with at_desk(stage, camille) as desk:
        page = await desk.read(f"/console/demandes/{number}")
        assert f">{MASKED}</textarea>" in page
        back = await desk.send(f"/console/demandes/{number}/apprentissage", FORM)
        page = await desk.read(back)
        assert "Un rédacteur décidera" in page
        assert "Proposition au robot" in page
        assert "En attente" in await desk.read("/console/validation")
    (proposal,) = await _proposals(stage)
    assert (proposal.text, proposal.target, proposal.state) == (LEARNT, ENTRY, "waiting")
    assert ANSWER not in texts(await before.says_and_waits(LEARNT)), "nothing is learnt without an editor"
    async with at_desk(stage, elise) as desk:
        page = await desk.read("/console/validation")
        assert 'À valider <span class="count">1</span>' in page
        assert LEARNT in page
        await desk.send(f"/console/validation/{proposal.id}/acceptation", phrase=LEARNT, cible=ENTRY)
        assert "Rien à valider" in await desk.read("/console/validation")
        tried = await desk.send("/console/essai", status=200, phrase=LEARNT)
        assert "mot pour mot" in tried
    assert "est acceptée" in said(await camille.hears())
    assert ANSWER in texts(await WebCitizen(stage).says("Le bidule VIOLET ne veut pas du sesame !"))
    assert ANSWER in texts(await TelegramCitizen(stage).says(LEARNT))
    url = stage.house.settings.database
    async with open_stage(url, tmp_path, library) as again:
        assert ANSWER in texts(await WebCitizen(again).says(LEARNT))


async def test_the_version_that_is_logged_holds_what_was_accepted(
    stage: Stage, camille: Colleague, elise: Colleague
) -> None:
    number = await _propose(stage, camille)
    async with at_desk(stage, elise) as desk:
        await desk.send(f"/console/validation/{number}/acceptation", phrase=LEARNT, cible=ENTRY)
    await WebCitizen(stage).says(LEARNT)

    def last(turn: Turn) -> Question:
        found = turn.session.scalars(select(Question).order_by(Question.id.desc())).first()
        assert found is not None
        turn.session.expunge(found)
        return found

    question = await stage.turn(last)
    assert (question.outcome, question.entry_id) == ("answer", ENTRY)
    assert question.candidates == [{"id": ENTRY, "score": 100.0, "given": True}]
    assert re.fullmatch(rf"{stage.house.library.base.hash}\+[0-9a-f]{{8}}", question.knowledge_hash)


async def _accepted(stage: Stage, camille: Colleague, elise: Colleague, **more: str) -> int:
    number = await _propose(stage, camille, **more)
    async with at_desk(stage, elise) as desk:
        fields = {"phrase": LEARNT, "cible": more.get("cible", ENTRY)}
        await desk.send(f"/console/validation/{number}/acceptation", fields)
    return number


async def test_holds_win_over_what_was_accepted(
    stage: Stage, diane: Colleague, camille: Colleague, elise: Colleague
) -> None:
    await _accepted(stage, camille, elise)
    async with at_desk(stage, diane) as desk:
        await desk.send("/console/gels", fiche=ENTRY, raison="nouveau décret")
    heard = texts(await WebCitizen(stage).says(LEARNT))
    assert "règles sont en train de changer" in heard
    assert ANSWER not in heard


async def test_what_is_not_for_us_is_declined_at_once(
    stage: Stage, camille: Colleague, elise: Colleague
) -> None:
    await _accepted(stage, camille, elise, suite="hors-sujet", cible="autre")
    nadia = WebCitizen(stage)
    await nadia.says_and_waits(LEARNT)
    assert "C'est bien au sujet du pass Culture" in buttons(nadia.last)


async def test_what_was_taken_back_is_not_answered_any_more(
    stage: Stage, camille: Colleague, elise: Colleague
) -> None:
    number = await _accepted(stage, camille, elise)
    async with at_desk(stage, elise) as desk:
        await desk.send(f"/console/validation/{number}/retrait", raison="deux sens")
    assert ANSWER not in texts(await WebCitizen(stage).says_and_waits(LEARNT))
    assert "retirée : deux sens" in said(await camille.hears())


@pytest.mark.both_databases
async def test_a_proposal_does_not_lead_to_the_person_and_outlives_them(
    stage: Stage, camille: Colleague, elise: Colleague
) -> None:
    citizen = TelegramCitizen(stage)
    await citizen.says_and_waits(ASKED)
    number = await asks_for_a_human(citizen, "25")
    await camille.writes(f"/clore {number}")
    async with at_desk(stage, camille) as desk:
        await desk.send(f"/console/demandes/{number}/apprentissage", FORM)
        await citizen.says("/effacer")
        await citizen.presses("Oui, tout effacer")
        assert "Apprendre de cette demande" not in await desk.read(f"/console/demandes/{number}")
        refused = await desk.send(f"/console/demandes/{number}/apprentissage", FORM, status=409)
        assert "fait effacer ses messages" in refused
    (proposal,) = await _proposals(stage)
    kept = {name: getattr(proposal, name) for name in ("text", "target", "draft", "proposed_by_id")}
    assert kept == {"text": LEARNT, "target": ENTRY, "draft": None, "proposed_by_id": camille.id}
    columns = set(Proposal.__table__.columns.keys())
    assert not {"contact_id", "ticket_number", "question_id"} & columns


async def test_who_asks_in_the_terminal_hears_what_was_accepted(
    stage: Stage, tmp_path: Path, camille: Colleague, elise: Colleague
) -> None:
    await _accepted(stage, camille, elise)
    ask = partial(bot, "ask", "--json", folder=tmp_path, cache_dir=str(FOLDER))
    live = await asyncio.to_thread(ask, "--live", LEARNT)
    found = json.loads(live.out)
    assert (found["outcome"], found["entries"]) == ("answer", [{"id": ENTRY, "score": 100.0}])
    assert ANSWER in found["answer"]
    plain = await asyncio.to_thread(ask, LEARNT)
    assert json.loads(plain.out)["outcome"] != "answer"


async def test_words_of_distress_and_deleted_replies_are_no_first_version(
    stage: Stage, camille: Colleague
) -> None:
    citizen = CoreCitizen(stage)
    await citizen.says("j'ai envie de mourir, zébu")
    number = await asks_for_a_human(citizen, "25")
    await citizen.says("je veux mourir, zébu")
    await camille.writes(f"/repondre {number} Bonjour, vérifiez le SIRET de votre structure.")
    await camille.writes(f"/repondre {number} Une bêtise.")
    async with at_desk(stage, camille) as desk:
        page = await desk.read(f"/console/demandes/{number}")
        last = re.findall(rf"/console/demandes/{number}/messages/(\d+)/suppression", page)[-1]
        await desk.send(f"/console/demandes/{number}/messages/{last}/suppression")
        await desk.send(f"/console/demandes/{number}/cloture")
        page = await desk.read(f"/console/demandes/{number}")
    typed = re.findall(r"<textarea[^>]*>([^<]*)</textarea>", page)
    assert "Bonjour, vérifiez le SIRET de votre structure." in typed
    assert not [one for one in typed if "zébu" in one]
