"""The one person per structure whose name and address may be kept: found, erased, let go in time."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.orm import Session

from storage.erasures import Register, of_address
from storage.tables import Structure, StructureEvent, StructureTicket, Ticket


def subject_of(email: str) -> str:
    """What the register of erasures knows an address by."""
    return of_address(f"mail:{email.strip().lower()}")


def with_email(session: Session, email: str) -> Sequence[Structure]:
    rows = select(Structure).where(func.lower(Structure.contact_email) == email.strip().lower())
    return session.scalars(rows.order_by(Structure.id)).all()


def erase(session: Session, structure_id: int) -> bool:
    """False when there was nothing to erase."""
    held = or_(Structure.contact_name.is_not(None), Structure.contact_email.is_not(None))
    gone = update(Structure).where(Structure.id == structure_id, held)
    result = session.execute(gone.values(contact_name=None, contact_email=None, contact_at=None))
    return bool(result.rowcount)  # type: ignore[attr-defined]  # a CursorResult, as for every UPDATE


def unheard_of(session: Session, *, before: datetime) -> Sequence[int]:
    """Structures whose contact was written down before then, and of which nothing was heard since."""
    moved = exists().where(StructureEvent.structure_id == Structure.id, StructureEvent.at >= before)
    asked = exists().where(
        StructureTicket.structure_id == Structure.id,
        Ticket.number == StructureTicket.ticket_number,
        Ticket.opened_at >= before,
    )
    return session.scalars(select(Structure.id).where(Structure.contact_at < before, ~moved, ~asked)).all()


def that_came_back(session: Session, erased: Register) -> list[str]:
    """Addresses that are there although they were erased: an older copy has brought them back."""
    found = session.scalars(select(Structure).where(Structure.contact_email.is_not(None))).all()
    return [one.contact_email for one in found if one.contact_email and _was_there(erased, one)]


def _was_there(erased: Register, one: Structure) -> bool:
    moment = erased.get(subject_of(one.contact_email or ""))
    return moment is not None and one.contact_at is not None and one.contact_at <= moment
