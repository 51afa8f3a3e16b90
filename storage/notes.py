"""Internal notes: what referents tell each other about a ticket, never its asker."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import Session

from storage.columns import rows_of
from storage.prepared import Prepared
from storage.tables import TicketNote


def add(session: Session, number: int, *, text: str, referent_id: int | None, now: datetime) -> TicketNote:
    note = TicketNote(ticket_number=number, at=now, referent_id=referent_id, text=text)
    session.add(note)
    session.flush()
    return note


def of_ticket(session: Session, number: int) -> Sequence[TicketNote]:
    """In the order in which they were written."""
    rows = select(TicketNote).where(TicketNote.ticket_number == number)
    return session.scalars(rows.order_by(TicketNote.id)).all()


def count(session: Session, number: int) -> int:
    return int(_COUNT(session, {"ticket": number}).scalar())


def wipe_ticket(session: Session, number: int) -> None:
    """Erases what was noted about a ticket."""
    session.execute(delete(TicketNote).where(TicketNote.ticket_number == number))


# Built once, and on the table itself: each notice of a ticket asks.
_NOTES = rows_of(TicketNote)
_COUNT = Prepared(
    select(func.count().label("found"))
    .select_from(_NOTES)
    .where(_NOTES.c.ticket_number == bindparam("ticket"))
)
