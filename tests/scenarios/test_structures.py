"""Structures on Telegram, in the morning's digest, and how long their contact is kept."""

from datetime import timedelta

import pytest

from handlers import digest, restoring, retention, structures
from handlers.structures import Typed
from handlers.turn import Turn
from storage import contacts, erasures, structure_contacts, structure_imports, structure_links, tickets
from storage.tables import Referent, Structure
from tests.actors import TelegramCitizen, texts
from tests.scenarios.desk import Colleague, asks_for_a_human, said
from tests.scenarios.traces import traces
from tests.stage import Stage

REX = Typed(
    name="Cinéma Le Rex",
    kind="cinema",
    territory="25",
    since="01/10/2026",
    contact_name="Léa Petit",
    contact_email="lea@rex.fr",
)


async def add(stage: Stage, typed: Typed = REX) -> int:
    def work(turn: Turn) -> int:
        added = structures.add(turn, None, typed)
        assert isinstance(added, Structure), added
        return added.id

    return await stage.turn(work)


async def test_a_referent_asks_where_a_structure_stands(stage: Stage, camille: Colleague) -> None:
    await add(stage)
    await add(stage, Typed(name="Rex d'ailleurs", kind="cinema", territory="59"))
    heard = said(await camille.writes("/structure le REX"))
    assert "n° 1, Cinéma Le Rex (Cinéma, Doubs (25)) : compte demandé, depuis 53 j" in heard
    assert "ailleurs" not in heard
    assert "Je ne trouve pas de structure « rien »" in said(await camille.writes("/structure rien"))
    assert "Écrivez par exemple" in said(await camille.writes("/structure"))
    for number in range(11):
        await add(stage, Typed(name=f"Salle {number}", kind="concert", territory="71"))
    assert "Les dix premières" in said(await camille.writes("/structure salle"))
    heard = said(await camille.writes("/structure Salle 1"))
    assert "Salle 1 (" in heard
    assert "Salle 10" not in heard
    somebody = TelegramCitizen(stage)
    assert "Je ne connais pas la commande" in texts(await somebody.says("/structure Le Rex"))


async def test_the_stuck_ones_are_listed_until_they_go_on(
    stage: Stage, camille: Colleague, diane: Colleague
) -> None:
    number = await add(stage)
    await add(stage, Typed(name="Rialto", kind="cinema", territory="71"))
    heard = said(await camille.writes("/structures"))
    assert "depuis plus de 30 jours : 1" in heard
    assert "Cinéma Le Rex" in heard
    assert "Rialto" not in heard
    await stage.turn(lambda turn: _advance(turn, number))
    assert "Aucune structure de vos territoires" in said(await diane.writes("/structures"))


async def test_the_digest_and_the_pack_count_the_stuck_ones(
    stage: Stage, camille: Colleague, nadia_on_telegram: TelegramCitizen
) -> None:
    await add(stage)
    await asks_for_a_human(nadia_on_telegram, "Besançon")
    await camille.hears()
    stage.clock.advance(days=1)
    await stage.turn(lambda turn: digest.morning(turn, camille.id))
    assert "Structures à la même étape depuis plus de 30 jours : 1" in said(await camille.hears())
    heard = said(await camille.writes("/semaine"))
    assert (
        "structures bloquées depuis plus de 30 jours 1 · territoires sans contact depuis 90 jours 2" in heard
    )


@pytest.mark.both_databases
async def test_a_contact_is_let_go_a_year_after_the_last_news(stage: Stage) -> None:
    number = await add(stage)
    stage.clock.advance(days=300)
    await stage.turn(lambda turn: _advance(turn, number))
    stage.clock.advance(days=360)
    await stage.turn(retention.purge)
    assert traces(stage, "lea@rex.fr") != []
    await stage.turn(lambda turn: _demand(turn, number))
    stage.clock.advance(days=364)
    await stage.turn(retention.purge)
    assert traces(stage, "lea@rex.fr") != []
    stage.clock.advance(days=2)
    await stage.turn(retention.purge)
    assert traces(stage, "lea@rex.fr") == []
    assert traces(stage, "Léa Petit") == []
    assert traces(stage, "Cinéma Le Rex") != []


@pytest.mark.both_databases
async def test_who_was_forgotten_is_forgotten_again_after_an_older_backup(stage: Stage) -> None:
    number = await add(stage)
    # As an older copy would have it: erased meanwhile, and there.
    subject, moment = structure_contacts.subject_of("Lea@rex.fr"), stage.clock() + timedelta(hours=1)
    stage.clock.advance(hours=2)
    erased = await stage.turn(lambda turn: restoring.after_restore(turn, {subject: moment}, {}).people)
    assert erased == 1
    assert traces(stage, "rex.fr") == []
    await stage.turn(lambda turn: _write_again(turn, number))
    assert await stage.turn(lambda turn: restoring.after_restore(turn, {subject: moment}, {}).people) == 0
    assert traces(stage, "lea@rex.fr") != []
    assert await stage.turn(lambda turn: len(erasures.since(turn.session))) == 1


async def test_a_file_that_nobody_confirms_is_gone_the_next_night(stage: Stage, camille: Colleague) -> None:
    def keep(turn: Turn) -> None:
        writer = turn.session.get_one(Referent, camille.id)
        structure_imports.keep(turn.session, writer, "nom;type;dep\nXylophone;cinema;25", now=turn.now)

    await stage.turn(keep)
    assert traces(stage, "Xylophone") != []
    stage.clock.advance(days=2)
    await stage.turn(retention.purge)
    assert traces(stage, "Xylophone") == []


def _advance(turn: Turn, number: int) -> None:
    known = turn.session.get_one(Structure, number)
    assert structures.advance(turn, None, known, of=known.stage, to="bank", since=None) is None


def _write_again(turn: Turn, number: int) -> None:
    known = turn.session.get_one(Structure, number)
    meant = structures.read(turn, None, REX)
    assert isinstance(meant, structures.Meant)
    assert structures.write(turn, None, known, meant.details) == ["contact_name", "contact_email"]


def _demand(turn: Turn, number: int) -> None:
    contact = contacts.at(turn.session, "web:somebody", now=turn.now)
    ticket = tickets.open_ticket(turn.session, contact, question_id=None, theme=None, now=turn.now)
    structure_links.link(turn.session, ticket.number, number)
