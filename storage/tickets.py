"""Questions handed over to a human: who may see which, lists, history. Their steps are in `storage.life`."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Literal

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    text,
    union,
    update,
)
from sqlalchemy.orm import Session, aliased

from storage import life, offers, search, signals
from storage.columns import rows_of
from storage.prepared import Prepared
from storage.rights import Right, may
from storage.rows import as_read, by_key
from storage.tables import Absence, Contact, Reach, Referent, ReferentTerritory, Ticket, TicketEvent

OPEN = life.OPEN
KEPT = 256
"""Referents for whom the conditions of what they see are kept: SQLAlchemy builds them longer than it asks."""
View = Literal["mine", "waiting", "incoming", "territories", "closed", "all"]
"""Whose they are: one's own, nobody's, one of both, anybody's; then those that ended, and all there are."""


def open_ticket(
    session: Session, contact: Contact, *, question_id: int | None, theme: str | None, now: datetime
) -> Ticket:
    """A new ticket, waiting; its number is final."""
    values = {
        "contact_id": contact.id,
        "question_id": question_id,
        "audience": contact.audience,
        "territory": contact.territory,
        "structure": contact.structure,
        "theme": theme,
        "opened_at": now,
    }
    ticket = as_read(session, Ticket, _OPENED(session, values).first()._asdict())
    search.again(session, [ticket.number])
    note(session, ticket.number, "opened", now=now)
    return ticket


def leap(session: Session, by: int) -> None:
    """Leaves numbers out: they may have been given since this database was copied."""
    dialect = session.get_bind().dialect.name
    for statement in _LEAP[dialect]:
        session.execute(text(statement).bindparams(by=by))


_LEAP = {
    "sqlite": (
        "INSERT INTO sqlite_sequence SELECT 'tickets', :by * 0 "
        "WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'tickets')",
        "UPDATE sqlite_sequence SET seq = seq + :by WHERE name = 'tickets'",
    ),
    "postgresql": (
        "SELECT setval(pg_get_serial_sequence('tickets', 'number'), "
        "nextval(pg_get_serial_sequence('tickets', 'number')) + :by)",
    ),
}


def note(
    session: Session,
    number: int,
    what: str,
    *,
    now: datetime,
    referent_id: int | None = None,
    detail: str | None = None,
) -> None:
    """Adds a line to a ticket's history."""
    detail = detail[:500] if detail else None
    signals.changed_desk(session)
    event = {"ticket_number": number, "at": now, "what": what, "referent_id": referent_id, "detail": detail}
    _NOTE(session, event)


def get(session: Session, number: int) -> Ticket | None:
    """For the bot's own use; people's access goes through `for_referent` and `for_contact`."""
    return by_key(session, Ticket, number)


def for_contact(session: Session, number: int, contact: Contact) -> Ticket | None:
    """A person's own ticket."""
    ticket = by_key(session, Ticket, number)
    return ticket if ticket is not None and ticket.contact_id == contact.id else None


def of_contact(session: Session, contact_id: int) -> Sequence[Ticket]:
    mine = select(Ticket).where(Ticket.contact_id == contact_id).order_by(Ticket.number.desc())
    return session.scalars(mine).all()


def linked_to(session: Session, number: int) -> Ticket | None:
    """The ticket that goes on with this closed one."""
    later = select(Ticket).where(Ticket.linked_to == number).order_by(Ticket.number)
    return session.scalars(later).first()


def for_referent(session: Session, number: int, referent: Referent) -> Ticket | None:
    """The only way from a number to a ticket for referents: not found and not theirs read the same."""
    found = select(Ticket).where(Ticket.number == number)
    if not may(referent, Right.ALL_TICKETS):
        found = found.where(_is_seen(referent.id, may(referent, Right.REGION_TICKETS)))
    return session.scalar(found)


def listed(session: Session, referent: Referent, view: View, *, limit: int) -> Sequence[Ticket]:
    """The first of a referent's open tickets, oldest first; `storage.desk` filters and gives pages."""
    tickets = in_view(visible(referent), referent, view)
    return session.scalars(tickets.order_by(Ticket.opened_at, Ticket.number).limit(limit)).all()


def count(session: Session, referent: Referent, view: View) -> int:
    inner = in_view(visible(referent), referent, view).subquery()
    return session.scalar(select(func.count()).select_from(inner)) or 0


def waiting_in(session: Session, territories: Collection[str]) -> Sequence[Ticket]:
    """Tickets of these territories that nobody has taken, oldest first."""
    waiting = select(Ticket).where(Ticket.state == "waiting", Ticket.territory.in_(territories))
    return session.scalars(waiting.order_by(Ticket.number)).all()


def advance_stage(session: Session, number: int, *, of: str, to: str) -> bool:
    """Widens the circle of those who were told; False if it was widened meanwhile."""
    return life.changed_by(session, number, _ADVANCE, {"old_stage": of, "new_stage": to})


def history(session: Session, number: int) -> Sequence[TicketEvent]:
    events = select(TicketEvent).where(TicketEvent.ticket_number == number).order_by(TicketEvent.id)
    return session.scalars(events).all()


def closed_before(session: Session, moment: datetime, *, limit: int) -> Sequence[Ticket]:
    """Closed tickets whose texts are still there."""
    old = select(Ticket).where(Ticket.closed_at < moment, Ticket.erased_at.is_(None))
    return session.scalars(old.order_by(Ticket.closed_at).limit(limit)).all()


def kept_numbers(closed_after: datetime) -> Select[int]:
    """Numbers of the tickets whose texts are still needed: open, or closed after that moment."""
    return select(Ticket.number).where(or_(Ticket.closed_at.is_(None), Ticket.closed_at >= closed_after))


def counts(session: Session) -> dict[str, int]:
    rows = session.execute(select(Ticket.state, func.count()).group_by(Ticket.state)).all()
    return {state: number for state, number in rows}  # noqa: C416  # rows are Row objects


def visible(referent: Referent) -> Select[Ticket]:
    """Tickets that this referent may see: those of their territories and in their own hands.

    Who stands in for somebody sees theirs too: as the standing deputy those that were widened to deputies,
    as the replacement in an absence what was open then. Who was told of an open one may take it. A lead sees
    those of their regions, the national desk and administrators see all.
    """
    if may(referent, Right.ALL_TICKETS):
        return select(Ticket)
    return _all_seen(referent.id, may(referent, Right.REGION_TICKETS))


@lru_cache(maxsize=KEPT)
def _all_seen(referent_id: int, in_regions: bool) -> Select[Ticket]:
    one = aliased(Ticket)
    # A union, since no database uses an index of each for five conditions joined by OR.
    ways = (select(one.number).where(way) for way in _ways(referent_id, one, in_regions))
    return select(Ticket).where(Ticket.number.in_(union(*ways)))


@lru_cache(maxsize=KEPT)
def _is_seen(referent_id: int, in_regions: bool) -> ColumnElement[bool]:
    return or_(*_ways(referent_id, Ticket, in_regions))


def _ways(referent_id: int, ticket: type[Ticket], in_regions: bool) -> tuple[ColumnElement[bool], ...]:
    """The reasons for which somebody without a right to all tickets sees one; each can use an index."""
    own = Reach if in_regions else ReferentTerritory
    served = select(own.territory).where(own.referent_id == referent_id)
    as_deputy = (
        select(ReferentTerritory.territory)
        .join(Referent, Referent.id == ReferentTerritory.referent_id)
        .where(Referent.deputy_id == referent_id)
    )
    replaced = (
        select(ReferentTerritory.territory)
        .join(Absence, Absence.referent_id == ReferentTerritory.referent_id)
        .where(Absence.replacement_id == referent_id)
    )
    open_meanwhile = exists().where(
        ReferentTerritory.territory == ticket.territory,
        Absence.referent_id == ReferentTerritory.referent_id,
        Absence.replacement_id == referent_id,
        Absence.ends_at > ticket.opened_at,
        or_(ticket.closed_at.is_(None), ticket.closed_at >= Absence.starts_at),
    )
    return (
        ticket.territory.in_(served),
        ticket.referent_id == referent_id,
        and_(ticket.territory.in_(as_deputy), ticket.stage.in_(("deputy", "region", "national"))),
        and_(ticket.territory.in_(replaced), open_meanwhile),
        and_(ticket.number.in_(offers.of(referent_id)), ticket.state.in_(OPEN)),
    )


def in_view(tickets: Select[Ticket], referent: Referent, view: View) -> Select[Ticket]:
    mine = and_(Ticket.referent_id == referent.id, Ticket.state.in_(OPEN))
    match view:
        case "mine":
            return tickets.where(mine)
        case "waiting":
            return tickets.where(Ticket.state == "waiting")
        case "incoming":
            ours = or_(Ticket.referent_id == referent.id, Ticket.state == "waiting")
            return tickets.where(Ticket.state.in_(OPEN), ours)
        case "territories":
            return tickets.where(Ticket.state.in_(OPEN))
        case "closed":
            return tickets.where(Ticket.state == "closed")
        case "all":
            return tickets


# Built once, and on the tables themselves: whoever is handed over waits for these.
_TICKETS = rows_of(Ticket)
_OPENED = Prepared(insert(_TICKETS).returning(*_TICKETS.c))
_NOTE = Prepared(insert(rows_of(TicketEvent)))
_ADVANCE = Prepared(
    update(_TICKETS)
    .where(_TICKETS.c.number == bindparam("ticket"), _TICKETS.c.stage == bindparam("old_stage"))
    .where(_TICKETS.c.state == "waiting")
    .values(stage=bindparam("new_stage"))
    .returning(*_TICKETS.c)
)
