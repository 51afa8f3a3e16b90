"""The register of blocking points: noted from a demand, joined, proposed by the robot, solved and told."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from handlers import blocking, blocking_watch, escalation, retention
from handlers.talk import Talk
from handlers.turn import Turn
from storage import blocking as stored
from storage import contacts, directory, questions
from storage.tables import BlockingPoint, BlockingReport
from tests.actors import Citizen, TelegramCitizen, texts
from tests.scenarios.desk import Colleague, appoint, asks_for_a_human, said
from tests.stage import Stage


async def test_who_is_stopped_is_told_when_it_is_solved(
    stage: Stage, nadia: Citizen, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia, "Besançon")
    heard = said(await camille.writes(f"/blocage {number} remboursement rien n'arrive depuis le 12/11"))
    assert "point bloquant n° 1 (Remboursement) : rien n'arrive" in heard
    assert "rien n'arrive (ouvert, depuis" in said(await camille.writes("/blocage"))
    await stage.turn(lambda turn: _solve(turn, camille, "Les virements de novembre sont partis."))
    heard_in_the_end = texts(await nadia.hears())
    assert "Les virements de novembre sont partis." in heard_in_the_end
    assert "point bloquant n'est ouvert" in said(await camille.writes("/blocage"))


async def test_a_demand_joins_a_known_point_once(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await camille.writes("/blocage adage Collège Hugo : l'offre a disparu")
    assert "C'est ajouté au point bloquant n° 1" in said(await camille.writes(f"/blocage {number} rejoint 1"))
    again = said(await camille.writes(f"/blocage {number} rejoint 1"))
    assert f"La demande n° {number} compte déjà" in again
    assert "signalé 2 fois" in said(await camille.writes("/blocage"))


async def test_a_demand_without_a_subject_has_that_of_its_theme(stage: Stage, camille: Colleague) -> None:
    number = await stage.turn(lambda turn: _handed_over(turn, "1", "25", theme="pro-remboursements"))
    heard = said(await camille.writes(f"/blocage {number} rien n'arrive"))
    assert "(Remboursement)" in heard
    other = said(await camille.writes("/blocage rien n'arrive"))
    assert "(Autre)" in other


async def test_what_is_unclear_is_not_noted(stage: Stage, camille: Colleague) -> None:
    for words, answer in [
        ("adage", "Dites ce qui bloque"),
        ("99 adage rien ne va", "Je ne trouve pas de demande n° 99"),
        ("rejoint 7", "Je ne trouve pas de point bloquant n° 7"),
        ("adage écrire à lea@exemple.fr", "Le registre ne contient rien des personnes"),
        ("adage rien ne va depuis le 25/12/2026", "Ce jour ne va pas"),
        (f"adage {'x' * 201}", "en 200 caractères au plus"),
    ]:
        assert answer in said(await camille.writes(f"/blocage {words}")), words
    assert "point bloquant n'est ouvert" in said(await camille.writes("/blocage"))


async def test_a_colleague_far_away_joins_no_demand_that_is_not_theirs(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await camille.writes("/blocage adage rien ne va")
    sam = await appoint(stage, "Sam Petit", territories="59")
    assert f"Je ne trouve pas de demande n° {number}" in said(
        await sam.writes(f"/blocage {number} rejoint 1")
    )


@pytest.mark.parametrize(
    ("raised", "proposed"),
    [
        ([("25", "A"), ("25", "B"), ("25", "C")], True),
        ([("25", "A"), ("25", "a"), ("25", "A")], False),
        ([("25", None), ("71", None)], True),
        ([("25", None), ("25", None), ("25", None)], False),
        ([("25", "A"), ("25", "B")], False),
    ],
)
async def test_the_robot_proposes_what_stops_several(
    stage: Stage,
    camille: Colleague,
    diane: Colleague,
    raised: list[tuple[str, str | None]],
    proposed: bool,
) -> None:
    lead = await appoint(stage, "Lou Bernard", territories="70", role="lead")
    for name, (territory, structure) in enumerate(raised):
        await stage.turn(partial(_handed_over, name=str(name), territory=territory, structure=structure))
    await _told_nothing_more(camille, diane, lead)
    await stage.turn(blocking_watch.look)
    await stage.turn(blocking_watch.look)
    told = [said(await one.hears()).count("Le même blocage revient") for one in (diane, lead, camille)]
    assert told == ([1, 1, 0] if proposed else [0, 0, 0])
    listed = said(await camille.writes("/blocage"))
    assert (f"(proposé, depuis 0 j, signalé {len(raised)} fois)" in listed) is proposed


async def test_what_is_old_or_was_dismissed_lately_is_not_proposed(stage: Stage, diane: Colleague) -> None:
    await stage.turn(lambda turn: _handed_over(turn, "1", "25"))
    stage.clock.advance(days=8)
    await stage.turn(lambda turn: _handed_over(turn, "2", "71"))
    await stage.turn(blocking_watch.look)
    assert "point bloquant n'est ouvert" in said(await diane.writes("/blocage"))
    await stage.turn(lambda turn: _handed_over(turn, "3", "25"))
    await stage.turn(blocking_watch.look)
    assert "proposé" in said(await diane.writes("/blocage"))
    await stage.turn(lambda turn: stored.move(turn.session, 1, "dismissed", by_id=diane.id, now=turn.now))
    await stage.turn(blocking_watch.look)
    assert "point bloquant n'est ouvert" in said(await diane.writes("/blocage"))


async def test_it_is_looked_for_every_hour(stage: Stage, diane: Colleague) -> None:
    await stage.turn(blocking_watch.schedule)
    for name, territory in (("1", "25"), ("2", "71")):
        await stage.turn(partial(_handed_over, name=name, territory=territory))
    await diane.hears()
    await stage.later(hours=1)
    assert "Le même blocage revient dans 2 demandes" in said(await diane.hears())


async def test_an_erased_person_leaves_a_count_and_what_ended_long_ago_goes(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await camille.writes(f"/blocage {number} adage rien ne va")
    await nadia_on_telegram.says("/effacer")
    await nadia_on_telegram.presses("Oui, tout effacer")
    assert "signalé 1 fois" in said(await camille.writes("/blocage"))
    await stage.turn(lambda turn: _solve(turn, camille, "C'est réparé."))
    assert "réparé" not in texts(await nadia_on_telegram.hears())
    stage.clock.advance(days=366)
    await stage.turn(retention.purge)
    left = await stage.turn(
        lambda turn: (
            turn.session.scalars(select(BlockingPoint.id)).all(),
            turn.session.scalars(select(BlockingReport.id)).all(),
        )
    )
    assert left == ([], [])


def _solve(turn: Turn, by: Colleague, solution: str) -> None:
    referent = directory.get(turn.session, by.id)
    assert referent is not None
    assert blocking.solve(turn, referent, 1, solution) in (0, 1)


def _handed_over(
    turn: Turn, name: str, territory: str, structure: str | None = None, *, theme: str | None = None
) -> int:
    """Somebody asked about an entry, and was handed over."""
    nearest = next(iter(turn.world.knowledge.entries))
    contact = contacts.at(turn.session, f"web:stopped{name}", now=turn.now)
    contact.territory, contact.structure, contact.audience = territory, structure, "partenaire"
    asked = questions.log(
        turn.session,
        contact,
        at=turn.now - timedelta(minutes=1),
        text="rien ne va",
        outcome="handoff",
        candidates=[{"id": nearest, "score": 40.0}],
        entry_id=None,
        knowledge_hash="0" * 64,
    )
    talk = Talk.of(contact)
    ticket = escalation.hand_over(turn, contact, talk, question_id=asked.id, theme=theme)
    ticket.structure = structure
    talk.save(contact)
    return ticket.number


async def _told_nothing_more(*people: Colleague) -> None:
    for one in people:
        await one.hears()
