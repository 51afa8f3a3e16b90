"""What became of demands in a period: how many, how soon, over their target, solved for whom."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, func, or_, select
from sqlalchemy.orm import Session

from storage.columns import seconds_between
from storage.statistics import Scope
from storage.tables import Ticket, TicketEvent


@dataclass(frozen=True, slots=True)
class Spread:
    """Durations: how many, the middle one, and the one that nine in ten do not pass; None without any.

    Both are durations that were measured (nearest rank), so that of one demand alone both are its own.
    """

    count: int = 0
    median: timedelta | None = None
    p90: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The demands of a period."""

    opened: int
    replied: int
    """Those with their first reply in the period."""
    closed: int
    unsolved: int
    """Those that were open when the period ended, or now if it has not."""
    late: int
    """Those that passed their target in the period."""
    first_reply: Spread
    open_time: Spread
    """The same in the opening hours of who replied."""
    confirmed: Spread
    """From the opening to the end of what the asker said to be solved."""
    assumed: Spread
    """The same of what is held for solved as nothing more came."""
    helped: Mapping[str, int]
    """What askers answered of the demands that were closed: yes, partly, no."""


def opened(session: Session, scope: Scope) -> int:
    return _count(session, _within(scope, Ticket.opened_at))


def first_reply(session: Session, scope: Scope) -> Spread:
    """From the opening to the first reply, of those that got it in the period."""
    waited = seconds_between(Ticket.opened_at, Ticket.first_reply_at)
    return _spread(session, _within(scope, Ticket.first_reply_at), waited)


def desk(session: Session, scope: Scope) -> Desk:
    replied, closed = _within(scope, Ticket.first_reply_at), _within(scope, Ticket.closed_at)
    to_end = seconds_between(Ticket.opened_at, Ticket.closed_at)
    in_open_time = and_(replied, Ticket.reply_minutes.is_not(None))
    return Desk(
        opened=opened(session, scope),
        replied=_count(session, replied),
        closed=_count(session, closed),
        unsolved=_open_at(session, scope),
        late=_late(session, scope),
        first_reply=first_reply(session, scope),
        open_time=_spread(session, in_open_time, Ticket.reply_minutes * 60),
        confirmed=_spread(session, and_(closed, Ticket.solution == "confirmed"), to_end),
        assumed=_spread(session, and_(closed, Ticket.solution == "assumed"), to_end),
        helped=_helped(session, closed),
    )


def over_target(session: Session, scope: Scope, now: datetime) -> int:
    """Demands of these territories whose promised reply is over, as of now and whenever they came."""
    owed = Ticket.state.in_(("waiting", "taken"))
    return _count(session, and_(Ticket.due_at <= now, owed, scope.covers(Ticket.territory)))


def _within(scope: Scope, moment: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    return scope.holds(moment, Ticket.territory)


def _open_at(session: Session, scope: Scope) -> int:
    """Those that ended later, and those that have not ended and whose asker can be reached.

    Asked apart, each by the index of their end: together they would be looked for among all there ever were.
    """
    there = and_(Ticket.opened_at < scope.end, scope.covers(Ticket.territory))
    reachable = Ticket.state.in_(("waiting", "taken", "answered"))
    still = and_(Ticket.closed_at.is_(None), reachable)
    return sum(_count(session, and_(there, one)) for one in (Ticket.closed_at >= scope.end, still))


def _late(session: Session, scope: Scope) -> int:
    """From the history, since a demand forgets its mark once it is answered."""
    passed = and_(TicketEvent.what == "late", scope.holds(TicketEvent.at, Ticket.territory))
    numbers = select(func.count(TicketEvent.ticket_number.distinct()))
    found = numbers.join(Ticket, Ticket.number == TicketEvent.ticket_number).where(passed)
    return session.scalar(found) or 0


def _helped(session: Session, which: ColumnElement[bool]) -> Mapping[str, int]:
    said = select(Ticket.helped, func.count()).where(which, Ticket.helped.is_not(None))
    return Counter({answer or "": number for answer, number in session.execute(said.group_by(Ticket.helped))})


def _count(session: Session, which: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(Ticket).where(which)) or 0


def _spread(session: Session, which: ColumnElement[bool], seconds: ColumnElement[Any]) -> Spread:
    """By rank: the lowest duration that half of them, or nine in ten, do not pass."""
    measured = select(seconds.label("seconds")).where(which).subquery()
    place = func.row_number().over(order_by=measured.c.seconds)
    ranked = select(measured.c.seconds, place.label("rank"), func.count().over().label("number")).subquery()
    rank, number = ranked.c.rank, ranked.c.number
    at_share = [and_(rank * 100 >= number * share, (rank - 1) * 100 < number * share) for share in (50, 90)]
    found = session.execute(select(ranked.c.seconds, number).where(or_(*at_share)).order_by(rank)).all()
    if not found:
        return Spread()
    median, p90 = (timedelta(seconds=round(row[0])) for row in (found[0], found[-1]))
    return Spread(found[0][1], median, p90)
