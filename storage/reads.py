"""How far each referent has read each ticket: what is new is new to somebody."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.tables import Referent, Ticket, TicketRead


def look(session: Session, referent: Referent, ticket: Ticket) -> None:
    """The referent has the ticket before their eyes, with all that was said so far."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(TicketRead).values(
        referent_id=referent.id, ticket_number=ticket.number, seen_id=ticket.heard_id
    )
    further = {"seen_id": row.excluded.seen_id}
    session.execute(
        row.on_conflict_do_update(
            index_elements=["referent_id", "ticket_number"],
            set_=further,
            where=TicketRead.seen_id < row.excluded.seen_id,
        )
    )


def seen(session: Session, referent: Referent, numbers: Collection[int]) -> dict[int, int]:
    """Up to which `heard_id` the referent has read these tickets; those never looked at are missing."""
    mine = select(TicketRead.ticket_number, TicketRead.seen_id).where(
        TicketRead.referent_id == referent.id, TicketRead.ticket_number.in_(numbers)
    )
    return {number: seen_id for number, seen_id in session.execute(mine)}  # noqa: C416  # rows are Row objects


def unread(referent: Referent) -> ColumnElement[bool]:
    """The condition that a `Ticket` holds something that this referent has not seen."""
    mine = select(TicketRead.seen_id).where(
        TicketRead.referent_id == referent.id, TicketRead.ticket_number == Ticket.number
    )
    return func.coalesce(mine.scalar_subquery(), -1) < Ticket.heard_id


def forget(session: Session, number: int) -> None:
    """Of an erased ticket nobody needs to know who read it."""
    session.execute(delete(TicketRead).where(TicketRead.ticket_number == number))
