"""The register of blocking points.

    proposed ──accept──▶ open ──raise──▶ raised
        │                  └──────┬────────┘
        ▼                         ▼
    dismissed              solved, merged

A step is a conditional update: of two at once, one is done.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import Select, delete, func, or_, select, update
from sqlalchemy.orm import Session

from storage.directory import in_office
from storage.rights import Right, holders
from storage.tables import BlockingPoint, BlockingReport, Contact, Question, Reach, Referent, Ticket

State = Literal["proposed", "open", "raised", "solved", "dismissed", "merged"]
OPEN: tuple[State, ...] = ("open", "raised")
ENDED: tuple[State, ...] = ("solved", "dismissed", "merged")
STEPS: Mapping[State, tuple[State, ...]] = {
    "open": ("proposed", "raised"),
    "raised": ("open",),
    "dismissed": ("proposed",),
    "solved": OPEN,
    "merged": ("proposed", *OPEN),
}
"""From which states each is reached."""
MOST = 5_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which points to list; None narrows nothing."""

    states: Collection[str] | None = None
    subject: str | None = None
    territory: str | None = None
    owner_id: int | None = None


@dataclass(frozen=True, slots=True)
class Extent:
    """How many a point stops, in which territories."""

    people: int
    territories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Raised:
    """A ticket as a sign of what stops people: what it is nearest to, from whom, from where."""

    ticket_number: int
    entry_id: str
    structure: str | None
    territory: str | None


def add(
    session: Session,
    *,
    title: str,
    subject: str,
    since: date,
    now: datetime,
    state: State = "open",
    by_id: int | None = None,
    entry_id: str | None = None,
) -> BlockingPoint:
    """Opens a point; whoever opens it looks after it."""
    point = BlockingPoint(
        title=title,
        subject=subject,
        since=since,
        state=state,
        opened_at=now,
        opened_by_id=by_id,
        owner_id=by_id,
        entry_id=entry_id,
    )
    session.add(point)
    session.flush()
    return point


def get(session: Session, point_id: int) -> BlockingPoint | None:
    return session.get(BlockingPoint, point_id)


def move(
    session: Session, point_id: int, to: State, *, by_id: int | None, now: datetime, **more: object
) -> bool:
    """Takes a step; False when the point is not where it starts."""
    ended = {"ended_at": now, "ended_by_id": by_id} if to in ENDED else {}
    step = update(BlockingPoint).where(BlockingPoint.id == point_id, BlockingPoint.state.in_(STEPS[to]))
    result = session.execute(step.values(state=to, **ended, **more))
    return bool(result.rowcount)  # type: ignore[attr-defined]  # a CursorResult, as for every UPDATE


def report(
    session: Session,
    point_id: int,
    *,
    now: datetime,
    by_id: int | None,
    ticket: Ticket | None = None,
    who: str | None = None,
    territory: str | None = None,
) -> bool:
    """Notes that somebody is stopped; a ticket counts once for a point (False then)."""
    # Locked, so that of two who report a ticket at once the second finds it reported.
    session.get(BlockingPoint, point_id, with_for_update=True)
    number = ticket.number if ticket is not None else None
    if number is not None and _reported(session, point_id, number):
        return False
    session.add(
        BlockingReport(
            point_id=point_id,
            ticket_number=number,
            who=who,
            territory=ticket.territory if ticket is not None else territory,
            audience=ticket.audience if ticket is not None else None,
            at=now,
            by_id=by_id,
        )
    )
    session.flush()
    return True


def reports(session: Session, point_id: int) -> Sequence[BlockingReport]:
    rows = select(BlockingReport).where(BlockingReport.point_id == point_id)
    return session.scalars(rows.order_by(BlockingReport.id)).all()


def of_ticket(session: Session, number: int) -> Sequence[BlockingPoint]:
    """The points that a ticket counts for."""
    rows = select(BlockingPoint).join(BlockingReport, BlockingReport.point_id == BlockingPoint.id)
    return session.scalars(rows.where(BlockingReport.ticket_number == number)).all()


def listed(session: Session, wanted: Wanted) -> Sequence[BlockingPoint]:
    """The oldest first: what has stopped people longest."""
    rows = _wanted(select(BlockingPoint), wanted)
    return session.scalars(rows.order_by(BlockingPoint.since, BlockingPoint.id).limit(MOST)).all()


def extents(session: Session, ids: Collection[int]) -> dict[int, Extent]:
    """How far each point reaches."""
    rows = (
        select(BlockingReport.point_id, BlockingReport.territory, func.count())
        .where(BlockingReport.point_id.in_(ids))
        .group_by(BlockingReport.point_id, BlockingReport.territory)
    )
    people: dict[int, int] = {}
    places: dict[int, set[str]] = {}
    for point_id, territory, count in session.execute(rows):
        people[point_id] = people.get(point_id, 0) + count
        places.setdefault(point_id, set()).update({territory} if territory is not None else ())
    return {one: Extent(people[one], tuple(sorted(places[one]))) for one in people}


def merge(session: Session, point_id: int, into: int) -> None:
    """Hands the reports of one point to another; a ticket that counts for both counts once."""
    theirs = select(BlockingReport.ticket_number).where(
        BlockingReport.point_id == into, BlockingReport.ticket_number.is_not(None)
    )
    mine = BlockingReport.point_id == point_id
    session.execute(delete(BlockingReport).where(mine, BlockingReport.ticket_number.in_(theirs)))
    session.execute(update(BlockingReport).where(mine).values(point_id=into))


def concerned(session: Session, point_id: int) -> Sequence[Contact]:
    """Who wrote about it and can still be told, each once."""
    asked = (
        select(Ticket.contact_id)
        .join(BlockingReport, BlockingReport.ticket_number == Ticket.number)
        .where(BlockingReport.point_id == point_id)
    )
    return session.scalars(select(Contact).where(Contact.id.in_(asked)).order_by(Contact.id)).all()


def raised_since(session: Session, since: datetime) -> list[Raised]:
    """Tickets opened from then on whose question is near an entry, the newest `MOST`."""
    rows = (
        select(Ticket.number, Question.entry_id, Question.candidates, Ticket.structure, Ticket.territory)
        .join(Question, Question.id == Ticket.question_id)
        .where(Ticket.opened_at >= since)
        .order_by(Ticket.number.desc())
        .limit(MOST)
    )
    found = []
    for number, entry_id, candidates, structure, territory in session.execute(rows):
        nearest = entry_id or next((one["id"] for one in candidates or ()), None)
        if nearest is not None:
            found.append(Raised(number, nearest, structure, territory))
    return found


def known_of(session: Session, entry_id: str, *, since: datetime) -> BlockingPoint | None:
    """The point about an entry that is not over, or that ended only lately."""
    rows = select(BlockingPoint).where(
        BlockingPoint.entry_id == entry_id,
        or_(BlockingPoint.ended_at.is_(None), BlockingPoint.ended_at >= since),
    )
    return session.scalars(rows.order_by(BlockingPoint.id.desc())).first()


def to_alert(session: Session, territories: Collection[str]) -> Sequence[Referent]:
    """Leads of the regions concerned, and the national desk."""
    near = select(Reach.referent_id).where(Reach.territory.in_(territories))
    leads = holders(Right.REGION_TICKETS) & Referent.id.in_(near)
    rows = in_office().where(or_(leads, holders(Right.NATIONAL_DESK)))
    return session.scalars(rows.order_by(Referent.id)).all()


def forget_older(session: Session, *, before: datetime) -> None:
    """Drops what ended before then, with its reports."""
    old = select(BlockingPoint.id).where(BlockingPoint.ended_at < before)
    session.execute(delete(BlockingReport).where(BlockingReport.point_id.in_(old)))
    session.execute(delete(BlockingPoint).where(BlockingPoint.ended_at < before))


def _reported(session: Session, point_id: int, number: int) -> bool:
    row = select(BlockingReport.id).where(
        BlockingReport.point_id == point_id, BlockingReport.ticket_number == number
    )
    return session.scalar(row) is not None


def _wanted(rows: Select[BlockingPoint], wanted: Wanted) -> Select[BlockingPoint]:
    if wanted.states is not None:
        rows = rows.where(BlockingPoint.state.in_(wanted.states))
    if wanted.subject is not None:
        rows = rows.where(BlockingPoint.subject == wanted.subject)
    if wanted.owner_id is not None:
        rows = rows.where(BlockingPoint.owner_id == wanted.owner_id)
    if wanted.territory is not None:
        there = select(BlockingReport.point_id).where(BlockingReport.territory == wanted.territory)
        rows = rows.where(BlockingPoint.id.in_(there))
    return rows
