"""The figures of a period, on both databases: each question counted once, in the period that it fell in."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import event, text
from sqlalchemy.orm import Session

from storage import contacts, questions, statistics, statistics_desk, tickets
from storage.database import Database
from storage.sqlite import SqliteDatabase
from storage.statistics import Row, Scope, Tally
from storage.statistics_desk import Desk, Spread
from storage.tables import Ticket
from tests.schema import lay

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
WEEK = Scope(start=MONDAY, end=MONDAY + timedelta(days=7))
DOUBS = Scope(start=WEEK.start, end=WEEK.end, territories=frozenset({"25", "70"}))
NOWHERE = Scope(start=WEEK.start, end=WEEK.end, territories=frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question of this week, and what became of it."""

    outcome: str
    entry_id: str | None = None
    near: str | None = None
    feedback: str | None = None
    demand: bool = False
    territory: str | None = "25"
    audience: str | None = "jeune"
    hours: float = 10


def ask(session: Session, one: Asked) -> None:
    contact = contacts.at(session, f"web:{one.territory}", now=MONDAY)
    contact.territory, contact.audience = one.territory, one.audience
    asked = questions.log(
        session,
        contact,
        at=MONDAY + timedelta(hours=one.hours),
        text="bonjour",
        outcome=one.outcome,
        candidates=[{"id": one.near, "score": 40.0}] if one.near is not None else [],
        entry_id=one.entry_id,
        knowledge_hash="0",
    )
    asked.feedback = one.feedback
    if one.demand:
        asked.ticket_number = demand(session, territory=one.territory)
    session.flush()


def demand(
    session: Session,
    *,
    territory: str | None = "25",
    opened: float = 10,
    replied: float | None = None,
    closed: float | None = None,
    solution: str | None = None,
    helped: str | None = None,
    minutes: int | None = None,
) -> int:
    """A demand; its moments are hours after Monday's midnight."""
    contact = contacts.at(session, "telegram:1", now=MONDAY)
    contact.territory = territory
    ticket = tickets.open_ticket(
        session, contact, question_id=None, theme=None, now=MONDAY + timedelta(hours=opened)
    )
    ticket.first_reply_at = MONDAY + timedelta(hours=replied) if replied is not None else None
    ticket.closed_at = MONDAY + timedelta(hours=closed) if closed is not None else None
    ticket.state = "closed" if closed is not None else "waiting"
    ticket.solution, ticket.helped, ticket.reply_minutes = solution, helped, minutes
    session.flush()
    return ticket.number


SOME = (
    Asked(outcome="answer", entry_id="a", feedback="yes"),
    Asked(outcome="answer", entry_id="a", feedback="no", demand=True),
    Asked(outcome="answer", entry_id="b", feedback="no", territory="71", audience=None),
    Asked(outcome="propose"),
    Asked(outcome="propose", entry_id="b"),
    Asked(outcome="guide", territory=None),
    Asked(outcome="handoff", territory="70"),
    Asked(outcome="human", demand=True, territory="71", audience="relais"),
    Asked(outcome="out_of_scope"),
    Asked(outcome="distress"),
    Asked(outcome="smalltalk"),
    Asked(outcome="answer", entry_id="a", hours=-0.001),
    Asked(outcome="answer", entry_id="a", hours=0),
    Asked(outcome="answer", entry_id="a", hours=7 * 24),
)


def everything(session: Session) -> None:
    for one in SOME:
        ask(session, one)


async def test_each_question_is_counted_once_by_what_became_of_it(database: Database) -> None:
    await database.write(everything)
    by_territory = await database.read(lambda s: statistics.tallies(s, WEEK, "territory"))
    whole = sum(by_territory.values(), Tally())
    assert whole.fates == {
        "answered": 5,
        "proposed": 1,
        "handed_over": 2,
        "left": 1,
        "declined": 1,
        "distress": 1,
    }
    assert (whole.total, whole.helped, whole.unhelpful) == (11, 1, 2)
    assert {code: tally.total for code, tally in by_territory.items()} == {"25": 7, "70": 1, "71": 2, None: 1}
    assert by_territory["71"] == Tally({"answered": 1, "handed_over": 1}, 0, 1)


async def test_territories_limit_and_no_territory_is_nothing(database: Database) -> None:
    await database.write(everything)
    here = await database.read(lambda s: statistics.tallies(s, DOUBS, "audience"))
    assert {name: tally.total for name, tally in here.items()} == {"jeune": 8}
    assert await database.read(lambda s: statistics.tallies(s, NOWHERE, "entry")) == {}
    assert await database.read(lambda s: statistics.asked(s, DOUBS, "territory")) == {"25": 7, "70": 1}


async def test_entries_are_counted_with_what_was_said_of_their_answers(database: Database) -> None:
    await database.write(everything)
    entries = await database.read(lambda s: statistics.tallies(s, WEEK, "entry"))
    assert {name: (one.total, one.helped, one.unhelpful) for name, one in entries.items()} == {
        "a": (3, 1, 1),
        "b": (2, 0, 1),
        None: (6, 0, 0),
    }
    before = Scope(start=MONDAY - timedelta(days=7), end=MONDAY)
    assert await database.read(lambda s: statistics.asked(s, before, "entry")) == {"a": 1}
    assert await database.read(lambda s: statistics.asked(s, WEEK, "entry")) == {"a": 3, "b": 2, None: 6}


async def test_an_empty_period_and_an_empty_database(database: Database) -> None:
    assert await database.read(lambda s: statistics.tallies(s, WEEK, "entry")) == {}
    assert await database.read(statistics.first) is None
    empty = await database.read(lambda s: statistics_desk.desk(s, WEEK))
    assert (empty.opened, empty.first_reply, empty.confirmed) == (0, Spread(), Spread())
    assert empty.helped == {}


async def test_by_what_is_nearest_an_unanswered_question_counts_too(database: Database) -> None:
    """What is not about us is near nothing, whatever the words resemble."""
    given = (
        Asked(outcome="answer", entry_id="a", near="a"),
        Asked(outcome="propose", entry_id="b", near="a"),
        Asked(outcome="handoff", near="a"),
        Asked(outcome="out_of_scope", near="a"),
        Asked(outcome="handoff"),
    )
    for one in given:
        await database.write(partial(ask, one=one))
    near = await database.read(lambda session: statistics.tallies(session, WEEK, "nearest"))
    assert near == {"a": Tally({"answered": 1, "left": 1}), "b": Tally({"answered": 1}), None: near[None]}
    assert near[None].total == 2
    asked = await database.read(lambda session: statistics.asked(session, WEEK, "nearest"))
    assert asked == {"a": 2, "b": 1, None: 2}
    rows = await database.read(lambda session: list(statistics.rows(session, WEEK, limit=9)))
    assert [(one.entry_id, one.nearest_id) for one in rows][:3] == [("a", "a"), ("b", "b"), (None, "a")]


async def test_rows_hold_nothing_that_leads_to_a_person(database: Database) -> None:
    await database.write(everything)
    rows = await database.read(lambda s: list(statistics.rows(s, WEEK, limit=100)))
    assert len(rows) == 11
    assert rows[0] == Row(MONDAY, "jeune", "25", "web", "answered", "a", None, "a")
    assert set(Row.__slots__).isdisjoint({"text", "contact_id", "ticket_number", "id"})
    assert [one.asked_at for one in rows] == sorted(one.asked_at for one in rows)
    assert len(await database.read(lambda s: list(statistics.rows(s, WEEK, limit=3)))) == 3
    assert await database.read(statistics.first) == MONDAY - timedelta(seconds=3.6)


def some_demands(session: Session) -> None:
    demand(session, opened=-20, replied=4, closed=28, solution="confirmed", helped="yes", minutes=240)
    for hours in range(1, 10):
        demand(session, opened=10, replied=10 + hours, minutes=60 * hours, closed=200, solution="assumed")
    demand(session, opened=10, closed=20, solution="assumed", helped="no")
    demand(session, opened=-100, closed=-50, solution="confirmed")
    late = demand(session, opened=-30, territory="71")
    for hours in (5, 6):
        tickets.note(session, late, "late", now=MONDAY + timedelta(hours=hours))
    tickets.note(session, late, "routed", now=MONDAY)


async def test_times_of_demands_by_rank(database: Database) -> None:
    await database.write(some_demands)
    found = await database.read(lambda s: statistics_desk.desk(s, WEEK))
    assert found == Desk(
        opened=10,
        replied=10,
        closed=2,
        unsolved=10,
        late=1,
        first_reply=Spread(10, timedelta(hours=5), timedelta(hours=9)),
        open_time=Spread(10, timedelta(hours=4), timedelta(hours=8)),
        confirmed=Spread(1, timedelta(hours=48), timedelta(hours=48)),
        assumed=Spread(1, timedelta(hours=10), timedelta(hours=10)),
        helped={"yes": 1, "no": 1},
    )
    here = await database.read(lambda s: statistics_desk.desk(s, DOUBS))
    assert (here.opened, here.unsolved, here.late) == (10, 9, 0)


async def test_what_is_over_its_target_now_whenever_it_came(database: Database) -> None:
    def promise(session: Session) -> None:
        for due, state in ((-3, "waiting"), (-2, "taken"), (-1, "answered"), (1, "waiting")):
            ticket = session.get(Ticket, demand(session, opened=-500))
            assert ticket is not None
            ticket.due_at, ticket.state = MONDAY + timedelta(hours=due), state

    await database.write(promise)
    assert await database.read(lambda s: statistics_desk.over_target(s, WEEK, MONDAY)) == 2
    assert await database.read(lambda s: statistics_desk.over_target(s, NOWHERE, MONDAY)) == 0


async def test_the_figures_are_counted_from_the_index_alone(tmp_path: Path) -> None:
    """A week costs what it holds: the rows with their texts stay unread. SQLite says so beforehand."""
    await lay(f"sqlite:///{tmp_path}/souffleur.db")
    database = SqliteDatabase(tmp_path / "souffleur.db")

    def plans(session: Session) -> list[str]:
        asked: list[str] = []
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", lambda *given: asked.append(given[2]))
        for dimension in ("audience", "territory", "entry", "nearest"):
            statistics.tallies(session, DOUBS, dimension)
        statistics.asked(session, WEEK, "entry")
        explained = (f"EXPLAIN QUERY PLAN {one}".replace("?", "'x'") for one in list(asked))
        return [" ".join(str(row) for row in session.execute(text(one))) for one in explained]

    found = await database.read(plans)
    await database.close()
    assert len(found) == 5
    assert all("USING COVERING INDEX ix_questions_figures" in plan for plan in found)
