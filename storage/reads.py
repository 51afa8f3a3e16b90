"""How far each referent has read each ticket: what is new is new to somebody."""

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.tables import Referent, Ticket, TicketRead


def look(session: Session, referent: Referent, ticket: Ticket) -> None:
    """The referent has the ticket before their eyes, with all that was said so far."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    seen = insert(TicketRead).values(
        referent_id=referent.id, ticket_number=ticket.number, seen_id=ticket.heard_id
    )
    further = TicketRead.seen_id < seen.excluded.seen_id
    session.execute(
        seen.on_conflict_do_update(
            index_elements=["referent_id", "ticket_number"],
            set_={"seen_id": seen.excluded.seen_id},
            where=further,
        )
    )


def seen(session: Session, referent: Referent, number: int) -> int | None:
    """Up to which row of the transcript the referent has read; None if they never looked."""
    mine = TicketRead.referent_id == referent.id, TicketRead.ticket_number == number
    return session.scalar(select(TicketRead.seen_id).where(*mine))


def unread(referent: Referent) -> ColumnElement[bool]:
    """The condition that a `Ticket` holds something that this referent has not seen."""
    mine = select(TicketRead.seen_id).where(
        TicketRead.referent_id == referent.id, TicketRead.ticket_number == Ticket.number
    )
    return func.coalesce(mine.scalar_subquery(), -1) < Ticket.heard_id


def forget(session: Session, number: int) -> None:
    """Of an erased ticket nobody needs to know who read it."""
    session.execute(delete(TicketRead).where(TicketRead.ticket_number == number))
