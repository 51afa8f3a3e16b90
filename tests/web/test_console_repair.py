"""« Fiches à corriger »: what a judgement brings about: a hold, a task, a word to those concerned."""

from datetime import timedelta

import pytest

from handlers import holds, retention, sampling
from handlers.turn import Turn
from storage import contacts, questions
from tests.web.judging import ENTRY, LAST, QUALITY, drawn, judges
from tests.web.office import Office, words

OTHER = "eligibility-age"
SECRET = "le bidule violet de lea"


async def test_a_wrong_one_suspends_the_entry_and_leads_to_those_who_had_it(office: Office) -> None:
    await drawn(office, SECRET)
    async with office.at_desk(office.camille) as desk:
        led = await judges(desk, "wrong", pourquoi="Le SIRET ne suffit plus")
        assert led == f"{QUALITY}/fiches/1?fait=fausse"
        page = words(await desk.read(led))
        assert "Suspendue : ses questions vont aux référents" in page
        assert "Le SIRET ne suffit plus" in page
        assert "Qui a reçu cette réponse (1)" in page
        assert "Web : 1" in page
        assert "Jeune Doubs (25) à prévenir" in page
        assert "bidule" not in page
        assert "C'est corrigé" not in page, "editors mend"
        assert "SIRET" not in words(await desk.read(f"/fiches/{ENTRY}"))
        led = await desk.send(f"{QUALITY}/fiches/1/message", texte="Le SIRET ne suffit pas.")
        page = words(await desk.read(led))
        assert "Le SIRET ne suffit pas. 1 personne prévenue." in page
        again = await desk.send(f"{QUALITY}/fiches/1/message", texte="Autre chose", status=409)
        assert "Quelqu'un a déjà écrit" in words(again)
    async with office.at_desk(office.nadia) as desk:
        page = words(await desk.read("/console/validation"))
        assert "À valider 1" in page
        assert "1 fiche à corriger : une réponse" in page
        assert "C'est corrigé" in words(await desk.read(f"{QUALITY}/fiches/1"))
        page = words(await desk.read(await desk.send(f"{QUALITY}/fiches/1/fin")))
        assert "Corrigée, " in page
        assert "déjà corrigée" in words(await desk.send(f"{QUALITY}/fiches/1/fin", status=409))
    assert await office.turn(lambda turn: not holds.any_held(turn, [ENTRY]))


async def test_what_was_mended_is_not_judged_again(office: Office) -> None:
    """Thawing by any door ends the task; answers of before it fall out of the sample."""
    await drawn(office, "a", "b", "c")
    async with office.at_desk(office.nadia) as desk:
        await judges(desk, "wrong")
        assert "2 sur 3" in words(await desk.read(QUALITY))
        assert await office.turn(lambda turn: holds.thaw(turn, None, "entry", ENTRY)) is None
        page = words(await desk.read(QUALITY))
        assert "Tout est jugé, merci 3 sur 3" in page
        assert "1 fausse sur 1 jugée : 100 %" in page
        assert "Fiches à corriger (0)" in page
        late = words(await desk.send(f"{QUALITY}/2/avis", avis="wrong", status=409))
    assert "La fiche a été corrigée depuis" in late
    assert await office.turn(lambda turn: not holds.any_held(turn, [ENTRY]))


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "Écrivez ce que"), ("x" * 1001, "en 1000 caractères"), ("Appelez le 06 12 34 56 78", "retirez-le")],
)
async def test_a_correction_that_cannot_go_is_refused_and_kept(office: Office, text: str, said: str) -> None:
    await drawn(office, "a")
    async with office.at_desk(office.camille) as desk:
        await judges(desk, "wrong")
        page = await desk.send(f"{QUALITY}/fiches/1/message", texte=text, status=422)
        assert said in words(page)
        assert 'id="texte-error"' in page
        assert text in page
        await desk.send(f"{QUALITY}/fiches/99/message", texte="x", status=404)
        await desk.read(f"{QUALITY}/fiches/99", status=404)


async def test_an_incomplete_answer_needs_no_correction_and_may_turn_out_wrong(office: Office) -> None:
    await drawn(office, "a", "b")
    async with office.at_desk(office.camille) as desk:
        await judges(desk, "incomplete", pourquoi="Il manque le délai")
        page = words(await desk.read(f"{QUALITY}/fiches/1"))
        assert "À corriger, toujours dite" in page
        assert "Prévenir" not in page
        assert "personne n'est à prévenir" in words(
            await desk.send(f"{QUALITY}/fiches/1/message", texte="x", status=409)
        )
        assert not await office.turn(lambda turn: holds.any_held(turn, [ENTRY]))
        assert (
            await judges(desk, "wrong", pourquoi="Et ce n'est plus vrai") == f"{QUALITY}/fiches/1?fait=fausse"
        )
        page = words(await desk.read(f"{QUALITY}/fiches/1"))
    assert "Il manque le délai · Et ce n'est plus vrai" in page
    assert "Suspendue" in page


async def test_several_answers_to_one_message_are_judged_by_the_one_that_is_wrong(office: Office) -> None:
    await office.turn(_answered_twice)
    await office.turn(lambda turn: sampling.draw(turn, LAST))
    async with office.at_desk(office.camille) as desk:
        assert "Laquelle n'est pas juste" in words(await desk.read(QUALITY))
        await judges(desk, "wrong", fiche=OTHER)
        assert f"Fiche {OTHER}" in words(await desk.read(f"{QUALITY}/fiches/1"))
        assert "Qui a reçu cette réponse (1)" in words(await desk.read(f"{QUALITY}/fiches/1"))
    assert await office.turn(lambda turn: holds.any_held(turn, [OTHER]))
    assert not await office.turn(lambda turn: holds.any_held(turn, [ENTRY]))


def _answered_twice(turn: Turn) -> None:
    contact = contacts.at(turn.session, "web:deux", now=turn.now)
    contact.territory = "25"
    questions.log(
        turn.session,
        contact,
        at=turn.now - timedelta(days=3),
        text="compte et âge ?",
        outcome="answer",
        candidates=[{"id": one, "score": 90, "given": True} for one in (ENTRY, OTHER)],
        entry_id=ENTRY,
        knowledge_hash="0",
    )


async def test_what_is_old_is_forgotten(office: Office) -> None:
    await drawn(office, "a")
    async with office.at_desk(office.camille) as desk:
        await judges(desk, "wrong")
    office.site.clock.advance(days=30)
    async with office.at_desk(office.nadia) as desk:
        await desk.send(f"{QUALITY}/fiches/1/fin")
    office.site.clock.advance(days=366)

    def purge(turn: Turn) -> None:
        while retention.purge(turn):
            pass

    await office.turn(purge)
    async with office.at_desk(office.nadia) as desk:
        await desk.read(f"{QUALITY}/fiches/1", status=404)
        assert "Pas d'échantillon" in words(await desk.read(f"{QUALITY}?semaine={LAST}"))


async def test_an_entry_that_was_on_hold_before_stays_so_when_it_is_mended(office: Office) -> None:
    """A rule changes, and besides an answer of before was wrong."""
    await drawn(office, "a")
    await office.turn(lambda turn: holds.freeze(turn, None, "entry", ENTRY, "nouveau décret"))
    async with office.at_desk(office.nadia) as desk:
        await judges(desk, "wrong")
        await desk.send(f"{QUALITY}/fiches/1/fin")
        assert "Fiches à corriger (0)" in words(await desk.read(QUALITY))
    assert await office.turn(lambda turn: holds.any_held(turn, [ENTRY]))
