"""The directory of structures on both databases: reach, filters, steps at once, what is silent."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from storage import absences, contacts, directory, questions, silence, structure_links, structures, tickets
from storage.database import Database
from storage.silence import Heard
from storage.structures import Details, Wanted
from storage.tables import Structure
from tests.storage.passing import NOW

DAY = date(2026, 11, 1)
AUDIENCES = ("partenaire", "relais")


def _add(session: Session, name: str, territory: str, kind: str = "cinema", stage: str = "asked") -> int:
    details = Details(name=name, folded=name.lower(), kind=kind, territory=territory)
    return structures.add(session, details, stage=stage, since=DAY, now=NOW, by_id=None).id


def _names(session: Session, wanted: Wanted) -> list[str]:
    return [one.name for one in structures.listed(session, wanted)]


async def test_each_reaches_the_structures_of_their_territories(database: Database) -> None:
    def work(session: Session) -> dict[str, tuple[frozenset[str] | None, bool]]:
        number, found = _add(session, "Le Rex", "25"), {}
        for role in ("referent", "lead", "national", "editor", "admin"):
            one = directory.add(session, name=role, role=role, national=False, email=None, now=NOW)
            directory.assign(session, one, ("70",), reach=("25", "70"))
            seen = structures.for_referent(session, number, one, now=NOW) is not None
            found[role] = structures.reach(session, one, now=NOW), seen
        return found

    own, region = frozenset({"70"}), frozenset({"25", "70"})
    assert await database.write(work) == {
        "referent": (own, False),
        "lead": (region, True),
        "national": (None, True),
        "editor": (own, False),
        "admin": (None, True),
    }


async def test_who_stands_in_reaches_those_of_the_absent_as_long_as_they_are_away(database: Database) -> None:
    def work(session: Session) -> list[frozenset[str] | None]:
        away, there = (
            directory.add(session, name=name, role="referent", national=False, email=None, now=NOW)
            for name in ("Camille", "Driss")
        )
        directory.assign(session, away, ("25", "70"))
        directory.assign(session, there, ("71",))
        day = timedelta(days=1)
        absences.note(session, away.id, starts_at=NOW, ends_at=NOW + day, replacement_id=there.id)
        moments = (NOW - timedelta(seconds=1), NOW, NOW + day)
        return [structures.reach(session, there, now=moment) for moment in moments]

    own = frozenset({"71"})
    assert await database.write(work) == [own, own | {"25", "70"}, own]


async def test_the_list_narrows_by_each_wish(database: Database) -> None:
    def work(session: Session) -> list[list[str]]:
        _add(session, "100 % lecture", "25", kind="librairie")
        _add(session, "Le Rex", "25", stage="reimbursed")
        _add(session, "Le Rex", "70")
        wishes = (
            Wanted(territories=frozenset({"25"})),
            Wanted(kind="librairie"),
            Wanted(stage="asked", words="rex"),
            Wanted(words="0 %"),
            Wanted(words="%"),
            Wanted(words="_"),
            Wanted(stuck_since=DAY),
            Wanted(stuck_since=DAY - timedelta(days=1)),
            Wanted(territories=frozenset()),
        )
        assert [structures.count(session, wish) for wish in wishes] == [
            len(_names(session, wish)) for wish in wishes
        ]
        return [_names(session, wish) for wish in wishes]

    lecture = ["100 % lecture"]
    assert await database.write(work) == [
        [*lecture, "Le Rex"],
        lecture,
        ["Le Rex"],
        lecture,
        lecture,
        [],
        [*lecture, "Le Rex"],
        [],
        [],
    ]


async def test_of_two_steps_at_once_one_is_done(database: Database) -> None:
    def work(session: Session) -> list[bool]:
        number = _add(session, "Le Rex", "25")
        return [structures.move(session, number, of="asked", to=to, since=DAY) for to in ("bank", "adage")]

    assert await database.write(work) == [True, False]


async def test_a_ticket_belongs_to_one_structure_and_outlives_it(database: Database) -> None:
    def work(session: Session) -> tuple[list[int], str | None, bool]:
        rex, rialto = _add(session, "Le Rex", "25"), _add(session, "Rialto", "25")
        number = _ticket(session, "web:1", "25")
        for structure in (rex, rialto):
            structure_links.link(session, number, structure)
        counts = structure_links.counts(session, [rex, rialto])
        of = structure_links.of_ticket(session, number)
        name = of.name if of is not None else None
        structures.remove(session, rialto)
        gone = structure_links.of_ticket(session, number) is None
        assert session.get(Structure, rialto) is None
        return [counts[rex], counts[rialto]], name, gone

    assert await database.write(work) == ([0, 1], "Rialto", True)


async def test_the_last_that_was_heard_is_found_in_every_slice(database: Database) -> None:
    def work(session: Session) -> tuple[Heard, Heard, dict[tuple[str, str], int]]:
        for territory, audience, days in (
            ("25", "partenaire", 3),
            ("25", "partenaire", 20),
            ("25", "relais", 89),
            ("70", "partenaire", 31),
            ("71", "partenaire", 91),
            ("71", "jeune", 1),
            ("59", "partenaire", 1),
        ):
            _asked(session, territory, audience, days)
        _add(session, "Hugo", "71", kind="college")
        rex = _add(session, "Le Rex", "71")
        structure_links.link(session, _ticket(session, "web:2", "71"), rex)
        later = NOW + timedelta(minutes=1)
        each, any_of = (
            silence.heard(
                session, now=later, territories=("25", "70", "71"), audiences=AUDIENCES, enough=enough
            )
            for enough in (_each, _any)
        )
        return each, any_of, structures.places(session, Wanted())

    each, any_of, places = await database.write(work)
    days = {key: (NOW - at).days for key, at in each.by_audience.items()}
    assert days == {("25", "partenaire"): 3, ("25", "relais"): 89, ("70", "partenaire"): 31}
    assert set(any_of.by_audience) == {("25", "partenaire"), ("70", "partenaire")}
    assert set(each.by_kind) == {("71", "cinema")}, "that one was added is no contact"
    assert places == {("71", "college"): 1, ("71", "cinema"): 1}


def _each(heard: Heard, code: str) -> bool:
    return all((code, name) in heard.by_audience for name in AUDIENCES)


def _any(heard: Heard, code: str) -> bool:
    return any((code, name) in heard.by_audience for name in AUDIENCES)


def _ticket(session: Session, address: str, territory: str) -> int:
    contact = contacts.at(session, address, now=NOW)
    contact.territory, contact.audience = territory, "partenaire"
    return tickets.open_ticket(session, contact, question_id=None, theme=None, now=NOW).number


def _asked(session: Session, territory: str, audience: str, days: int) -> None:
    contact = contacts.at(session, f"web:{territory}{audience}{days}", now=NOW)
    contact.territory, contact.audience = territory, audience
    questions.log(
        session,
        contact,
        at=NOW - timedelta(days=days),
        text="une offre",
        outcome="answer",
        candidates=[],
        entry_id=None,
        knowledge_hash="0",
    )
