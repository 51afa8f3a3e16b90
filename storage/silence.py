"""When something was last heard from a place: what is not in here is silent.

Read backwards in slices, the newest first, and of no place further than is needed: where people ask every day
that is a week, whatever the years before hold.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from storage.statistics import Scope
from storage.tables import Question, Structure, StructureEvent, StructureTicket, Ticket

SLICES = (7, 30, 90)
"""Days back, the last being how long a silence is."""
_PLACE = (Ticket.territory, Ticket.audience)


@dataclass(frozen=True, slots=True)
class Heard:
    """The last moment by territory and audience, and by territory and kind of structure."""

    by_audience: dict[tuple[str, str], datetime] = field(default_factory=dict)
    by_kind: dict[tuple[str, str], datetime] = field(default_factory=dict)


def heard(
    session: Session,
    *,
    now: datetime,
    territories: Collection[str],
    audiences: Collection[str],
    enough: Callable[[Heard, str], bool],
) -> Heard:
    """What came from these territories within the longest of `SLICES`; no further than is `enough` of each.

    By audience: questions and tickets, but for those that are linked to a structure. By kind: tickets that
    are linked to a structure of it, where the structure is, and stages that one came to.
    """
    found = Heard(by_kind=_by_kind(session, since=now - timedelta(days=SLICES[-1])))
    until = now + timedelta(microseconds=1)
    for days in SLICES:
        wanted = frozenset(code for code in territories if not enough(found, code))
        if not wanted:
            break
        since = now - timedelta(days=days)
        scope = Scope(start=since, end=until, territories=wanted)
        for code, name, at in _slice(session, scope, audiences):
            found.by_audience[code, name] = max(at, found.by_audience.get((code, name), at))
        until = since
    return found


def _slice(session: Session, scope: Scope, audiences: Collection[str]) -> Iterator[tuple[str, str, datetime]]:
    linked = select(StructureTicket.ticket_number)
    asked = select(Question.territory, Question.audience, func.max(Question.asked_at)).where(
        scope.holds(Question.asked_at, Question.territory),
        Question.audience.in_(audiences),
        Question.outcome != "smalltalk",
        or_(Question.ticket_number.is_(None), Question.ticket_number.not_in(linked)),
    )
    opened = select(*_PLACE, func.max(Ticket.opened_at)).where(
        scope.holds(Ticket.opened_at, Ticket.territory),
        Ticket.audience.in_(audiences),
        Ticket.number.not_in(linked),
    )
    for rows in (asked.group_by(Question.territory, Question.audience), opened.group_by(*_PLACE)):
        yield from ((code or "", name or "", at) for code, name, at in session.execute(rows))


def _by_kind(session: Session, *, since: datetime) -> dict[tuple[str, str], datetime]:
    moved = (
        select(Structure.territory, Structure.kind, func.max(StructureEvent.at))
        .join(StructureEvent, StructureEvent.structure_id == Structure.id)
        .where(StructureEvent.what == "stage", StructureEvent.at >= since)
    )
    asked = (
        select(Structure.territory, Structure.kind, func.max(Ticket.opened_at))
        .join(StructureTicket, StructureTicket.structure_id == Structure.id)
        .join(Ticket, Ticket.number == StructureTicket.ticket_number)
        .where(Ticket.opened_at >= since)
    )
    found: dict[tuple[str, str], datetime] = {}
    for rows in (moved, asked):
        for code, kind, at in session.execute(rows.group_by(Structure.territory, Structure.kind)):
            found[code, kind] = max(at, found.get((code, kind), at))
    return found
