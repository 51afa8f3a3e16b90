"""How far each right reaches, asked of both databases: tickets, people, absences, the journal."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage import absences, audit, contacts, directory, rights, tickets
from storage.database import Database
from storage.rights import Right
from storage.tables import Referent
from tests.storage.passing import NOW

REGION = ("21", "25", "39", "70")
PEOPLE = {
    "referent": ("referent", ("25",)),
    "lead": ("lead", ("25",)),
    "neighbour": ("referent", ("39",)),
    "national": ("national", ()),
    "editor": ("editor", ()),
    "admin": ("admin", ()),
    "far": ("referent", ("59",)),
}
SEEN = {
    "referent": {"25"},
    "lead": {"25", "39"},
    "neighbour": {"39"},
    "national": {"25", "39", "59", None},
    "editor": set(),
    "admin": {"25", "39", "59", None},
    "far": {"59"},
}
AWAY = {
    "referent": {"referent", "lead"},
    "lead": {"referent", "lead", "neighbour"},
    "neighbour": {"neighbour"},
    "national": set(PEOPLE),
    "editor": {"editor"},
    "admin": set(PEOPLE),
    "far": {"far"},
}
LED = {"lead": {"referent", "lead", "neighbour"}, "admin": set(PEOPLE)}


def _hired(session: Session) -> dict[str, Referent]:
    people = {}
    for name, (role, codes) in PEOPLE.items():
        people[name] = directory.add(session, name=name, role=role, national=False, email=None, now=NOW)
        reach = REGION if set(codes) & set(REGION) else codes
        directory.assign(session, people[name], codes, reach=reach)
    return people


async def test_tickets_are_seen_by_territory_region_or_all(database: Database) -> None:
    def work(session: Session) -> dict[str, set[str | None]]:
        people, asker = _hired(session), contacts.at(session, "web:1", now=NOW)
        for code in ("25", "39", "59", None):
            asker.territory = code
            tickets.open_ticket(session, asker, question_id=None, theme=None, now=NOW)
        return {
            name: {ticket.territory for ticket in session.scalars(tickets.visible(one))}
            for name, one in people.items()
        }

    assert await database.write(work) == SEEN


async def test_people_absences_and_the_journal_follow_the_same_reach(database: Database) -> None:
    def work(session: Session) -> tuple[dict[str, set[str]], dict[str, set[str]], dict[str, set[str]]]:
        people = _hired(session)
        for one in people.values():
            absences.note(session, one.id, starts_at=NOW, ends_at=NOW + timedelta(days=1))
            audit.add(
                session,
                at=NOW,
                referent_id=one.id,
                action="entered",
                channel="web",
                target_kind=None,
                target=None,
                detail=None,
            )
        names = {one.id: name for name, one in people.items()}
        after = NOW + timedelta(days=2)
        away = {
            name: {referent.name for _, referent in absences.visible(session, one, NOW, after)}
            for name, one in people.items()
        }
        led = {name: {other.name for other in directory.led_by(session, one)} for name, one in people.items()}
        read = {
            name: {
                names[deed.referent_id]
                for deed in audit.listed(session, one, audit.Wanted(), limit=50)
                if deed.referent_id is not None
            }
            for name, one in people.items()
        }
        return away, led, read

    away, led, read = await database.write(work)
    assert away == AWAY
    assert {name: those for name, those in led.items() if those} == LED
    assert {name: those for name, those in read.items() if those} == LED


async def test_who_holds_a_right_is_the_same_in_python_and_in_sql(database: Database) -> None:
    def work(session: Session) -> None:
        for role in (*rights.ROLES, "unknown"):
            for national in (False, True):
                name = f"{role} {national}"
                directory.add(session, name=name, role=role, national=national, email=None, now=NOW)
        everybody = session.scalars(select(Referent)).all()
        for right in Right:
            found = set(session.scalars(select(Referent.name).where(rights.holders(right))))
            assert found == {one.name for one in everybody if rights.may(one, right)}, right

    await database.write(work)


async def test_somebody_removed_reaches_nothing(database: Database) -> None:
    def work(session: Session) -> tuple[list[str], list[str]]:
        lead = _hired(session)["lead"]
        directory.remove(session, lead, now=NOW)
        return directory.territories_of(session, lead.id), directory.reach_of(session, lead.id)

    assert await database.write(work) == ([], [])
