"""The tickets on a referent's desk: filtered, counted by filter, sorted and given page by page.

All of it stands on `tickets.visible`: what a referent may not see is neither listed nor counted. A page
begins after a key, not after a number of rows, so that the thousandth costs what the first does; counts stop
at `MOST`, so that an archive of years does not slow the page of today.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, cast

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    and_,
    case,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session

from storage import reads, search, tickets
from storage.columns import UtcDateTime
from storage.rights import Right, may
from storage.search import Term
from storage.tables import Referent, Ticket, TicketEvent, Transcript
from storage.tickets import View

Age = Literal["today", "older"]
Due = Literal["near", "late"]
Facet = Literal["state", "territory", "audience", "theme", "age", "due"]
FACETS: tuple[Facet, ...] = ("state", "territory", "audience", "theme", "age", "due")
VIEWS: tuple[View, ...] = ("mine", "waiting", "territories", "closed", "all")
UNKNOWN = "?"
"""The value of a facet for tickets of which nothing is known in it."""
MOST = 1000
"""As far as tickets are counted, the most urgent or the newest ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which tickets are wanted: all conditions at once; None does not limit."""

    now: datetime
    midnight: datetime
    """When today began where the referent is."""
    view: View = "territories"
    state: str | None = None
    territory: frozenset[str] | None = None
    """Codes, or `UNKNOWN`."""
    audience: str | None = None
    theme: str | None = None
    age: Age | None = None
    due: Due | None = None
    unread: bool = False
    terms: tuple[Term, ...] = ()


Key = tuple[Any, ...]
"""Where a page ends or begins: what its last or first ticket is sorted by."""


@dataclass(frozen=True, slots=True)
class Place:
    """The page after, or `before`, a key."""

    key: Key
    before: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    tickets: tuple[Ticket, ...]
    first: Key | None
    last: Key | None
    more_before: bool
    more_after: bool


def page(session: Session, referent: Referent, wish: Wish, place: Place | None, *, size: int) -> Page:
    """The tickets of one page. Open ones: the most urgent first; else the newest first."""
    order, backwards = _order(wish.view), place is not None and place.before
    columns = [column for column, _ in order]
    found = _wanted(session, referent, wish).add_columns(*columns)
    if place is not None:
        found = found.where(_beyond(order, place))
    found = found.order_by(*(c.desc() if down != backwards else c.asc() for c, down in order))
    rows = list(session.execute(found.limit(size + 1)))
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    return Page(
        tickets=tuple(row[0] for row in rows),
        first=tuple(rows[0][1:]) if rows else None,
        last=tuple(rows[-1][1:]) if rows else None,
        more_before=more if backwards else place is not None,
        more_after=True if backwards else more,
    )


def count(session: Session, referent: Referent, wish: Wish) -> int:
    """How many there are, `MOST` at most."""
    some = _wanted(session, referent, wish).with_only_columns(Ticket.number).limit(MOST).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def counts(session: Session, referent: Referent, wish: Wish) -> Mapping[Facet, Counter[str]]:
    """For each facet how many tickets each of its values would leave, the other conditions being kept."""
    known: dict[Wish, Mapping[Facet, Counter[str]]] = {}
    found: dict[Facet, Counter[str]] = {}
    for facet in FACETS:
        blank: dict[str, Any] = {facet: None}
        without = replace(wish, **blank)
        if without not in known:
            known[without] = _count_all(session, referent, without)
        found[facet] = known[without][facet]
    return found


def unread(session: Session, referent: Referent, now: datetime) -> int:
    """How many of those in one's own hands or in nobody's hold something that the referent has not seen."""
    return count(session, referent, Wish(now=now, midnight=now, view="incoming", unread=True))


def newest(session: Session) -> tuple[int, int]:
    """The last of all that happened to tickets and of all that was said: while it stays, no desk has news."""
    happened, said = func.max(TicketEvent.id), func.max(Transcript.id)
    return session.scalar(select(happened)) or 0, session.scalar(select(said)) or 0


def mark(session: Session, referent: Referent) -> tuple[int, ...]:
    """Changes whenever something happens to an open ticket of this desk, or is said about it."""
    if may(referent, Right.ALL_TICKETS):
        return newest(session)
    mine = tickets.in_view(tickets.visible(referent), referent, "territories")
    open_now = mine.with_only_columns(Ticket.number, Ticket.heard_id).subquery()
    held = select(func.count(), func.coalesce(func.sum(open_now.c.heard_id), 0))
    number, said = session.execute(held).one()
    theirs = TicketEvent.ticket_number.in_(select(open_now.c.number))
    happened = select(func.max(TicketEvent.id)).where(theirs)
    return number, said, session.scalar(happened) or 0


def by_view(session: Session, referent: Referent, wish: Wish) -> Mapping[View, int]:
    """How many there are in each view; of a search, which reads much, among the newest `MOST` of all."""
    if not wish.terms:
        return {view: count(session, referent, replace(wish, view=view)) for view in VIEWS}
    mine = case((Ticket.referent_id == referent.id, 1), else_=0).label("mine")
    everything = _wanted(session, referent, replace(wish, view="all")).with_only_columns(Ticket.state, mine)
    some = everything.order_by(Ticket.number.desc()).limit(MOST).subquery()
    found: Counter[View] = Counter()
    for state, held, number in session.execute(select(some, func.count()).group_by(*some.c)):
        is_open = state in tickets.OPEN
        views: dict[View, bool] = {
            "mine": bool(held) and is_open,
            "waiting": state == "waiting",
            "territories": is_open,
            "closed": state == "closed",
            "all": True,
        }
        found.update({view: number for view, fits in views.items() if fits})
    return {view: found[view] for view in VIEWS}


def _count_all(session: Session, referent: Referent, wish: Wish) -> Mapping[Facet, Counter[str]]:
    values: dict[Facet, SQLColumnExpression[Any]] = {
        "state": Ticket.state,
        "territory": func.coalesce(Ticket.territory, UNKNOWN),
        "audience": func.coalesce(Ticket.audience, UNKNOWN),
        "theme": func.coalesce(Ticket.theme, UNKNOWN),
        "age": _age(wish),
        "due": _due(wish),
    }
    columns: list[ColumnElement[Any]] = [value.label(facet) for facet, value in values.items()]
    order = [column.desc() if down else column.asc() for column, down in _order(wish.view)]
    wanted = _wanted(session, referent, wish).with_only_columns(*columns).order_by(*order)
    some = wanted.limit(MOST).subquery()
    counters: dict[Facet, Counter[str]] = {facet: Counter() for facet in FACETS}
    for *row, number in session.execute(select(some, func.count()).group_by(*some.c)):
        for facet, value in zip(FACETS, row, strict=True):
            counters[facet][value] += number
    return counters


def _wanted(session: Session, referent: Referent, wish: Wish) -> Select[Ticket]:
    found = tickets.in_view(tickets.visible(referent), referent, wish.view)
    wanted: tuple[tuple[SQLColumnExpression[Any], str | None], ...] = (
        (Ticket.state, wish.state),
        (Ticket.audience, wish.audience),
        (Ticket.theme, wish.theme),
    )
    for column, value in wanted:
        if value is not None:
            found = found.where(column.is_(None) if value == UNKNOWN else column == value)
    if wish.territory is not None:
        found = found.where(_in_territory(wish.territory))
    if wish.age is not None:
        found = found.where(_age(wish) == wish.age)
    if wish.due is not None:
        found = found.where(_due(wish) == wish.due)
    if wish.unread:
        found = found.where(reads.unread(referent))
    if wish.terms:
        found = found.where(search.matching(session.get_bind().dialect.name, wish.terms))
    return found


def _in_territory(codes: frozenset[str]) -> ColumnElement[bool]:
    known = sorted(codes - {UNKNOWN})
    among = Ticket.territory.in_(known) if known else false()
    return or_(among, Ticket.territory.is_(None)) if UNKNOWN in codes else among


def _age(wish: Wish) -> ColumnElement[str]:
    """Opened today, more than a day ago, or neither."""
    day_ago = literal(wish.now - timedelta(days=1), UtcDateTime())
    return case(
        (Ticket.opened_at >= literal(wish.midnight, UtcDateTime()), "today"),
        (Ticket.opened_at < day_ago, "older"),
        else_=UNKNOWN,
    )


def _due(wish: Wish) -> ColumnElement[str]:
    """Whether the promised reply is near or late, or neither."""
    now = literal(wish.now, UtcDateTime())
    return case((Ticket.due_at <= now, "late"), (Ticket.near_at <= now, "near"), else_=UNKNOWN)


def _order(view: View) -> list[tuple[ColumnElement[Any], bool]]:
    """What a view is sorted by, and whether downwards; the number makes each key the only one."""
    match view:
        case "closed":
            return [(_column(Ticket.closed_at), True), (_column(Ticket.number), True)]
        case "all":
            return [(_column(Ticket.number), True)]
        case _:
            ours = or_(Ticket.due_at.is_not(None), Ticket.state.in_(("waiting", "taken")))
            wanted_by = func.coalesce(Ticket.due_at, Ticket.opened_at, type_=UtcDateTime())
            return [(case((ours, 0), else_=1), False), (wanted_by, False), (_column(Ticket.number), False)]


def _beyond(order: Sequence[tuple[ColumnElement[Any], bool]], place: Place) -> ColumnElement[bool]:
    """The condition to come after a key in this order, or before it."""
    ways: list[ColumnElement[bool]] = []
    same: list[ColumnElement[bool]] = []
    for (column, down), value in zip(order, place.key, strict=True):
        bound = literal(value, column.type)
        ways.append(and_(*same, column < bound if down != place.before else column > bound))
        same.append(column == bound)
    return or_(*ways)


def _column(column: SQLColumnExpression[Any]) -> ColumnElement[Any]:
    """A mapped attribute as what it stands for."""
    return cast(ColumnElement[Any], column)
