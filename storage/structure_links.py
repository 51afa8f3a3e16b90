"""Which structure a ticket is about."""

from collections import Counter
from collections.abc import Collection, Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from storage.columns import insert_or_change
from storage.tables import Structure, StructureTicket, Ticket


def link(session: Session, number: int, structure_id: int) -> None:
    """The ticket is about this structure from now on, and about no other."""
    row = {"ticket_number": number, "structure_id": structure_id}
    insert_or_change(session, StructureTicket, ("ticket_number",), [row])


def unlink(session: Session, number: int) -> None:
    session.execute(delete(StructureTicket).where(StructureTicket.ticket_number == number))


def of_ticket(session: Session, number: int) -> Structure | None:
    rows = select(Structure).join(StructureTicket, StructureTicket.structure_id == Structure.id)
    return session.scalar(rows.where(StructureTicket.ticket_number == number))


def tickets_of(session: Session, structure_id: int) -> Sequence[Ticket]:
    """The newest first; who reads them asks for each whether they may."""
    rows = select(Ticket).join(StructureTicket, StructureTicket.ticket_number == Ticket.number)
    mine = rows.where(StructureTicket.structure_id == structure_id)
    return session.scalars(mine.order_by(Ticket.number.desc())).all()


def counts(session: Session, structure_ids: Collection[int]) -> Counter[int]:
    """How many tickets each has."""
    rows = select(StructureTicket.structure_id, func.count())
    mine = rows.where(StructureTicket.structure_id.in_(structure_ids))
    found = session.execute(mine.group_by(StructureTicket.structure_id))
    return Counter({structure_id: number for structure_id, number in found})  # noqa: C416  # Row objects
