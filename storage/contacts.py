"""People, one row per address."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from storage import signals
from storage.columns import insert_once
from storage.database import Overtaken
from storage.tables import Contact, Ticket


def at(session: Session, address: str, *, now: datetime) -> Contact:
    """The contact behind an address, made if unknown; counts as seen now, and is ours until the turn ends."""
    contact = known(session, address)
    while contact is None:
        # Two turns may meet the same person first: one as the asker, one as the referent who is told.
        insert_once(session, Contact, "address", address=address, created_at=now, seen_at=now)
        contact = known(session, address)
    contact.seen_at = now
    return contact


def known(session: Session, address: str) -> Contact | None:
    """The contact behind an address, if there is one; nobody else changes it until the transaction ends."""
    found = select(Contact).where(Contact.address == address).with_for_update()
    return session.scalar(found.execution_options(populate_existing=True))


def by_address(session: Session, address: str) -> Contact | None:
    return session.scalar(select(Contact).where(Contact.address == address))


def get(session: Session, contact_id: int) -> Contact | None:
    return session.get(Contact, contact_id)


def lock(session: Session, contact_id: int) -> Contact | None:
    """Reads a contact again and keeps others from changing it until the transaction ends."""
    session.flush()
    return session.get(Contact, contact_id, with_for_update=True, populate_existing=True)


def next_seq(session: Session, contact: Contact) -> int:
    """The next number in this contact's transcript; the row is locked until the turn ends."""
    statement = (
        update(Contact)
        .where(Contact.id == contact.id)
        .values(last_seq=Contact.last_seq + 1)
        .returning(Contact.last_seq)
    )
    seq = session.execute(statement.execution_options(synchronize_session=False)).scalar_one_or_none()
    if seq is None:
        raise Overtaken(f"contact {contact.id} is gone")
    session.expire(contact, ["last_seq"])
    signals.changed_conversation(session, contact.id)
    return seq


def move(session: Session, old: str, new: str) -> None:
    """The conversation goes on at another address (a chat that migrated)."""
    if by_address(session, new) is None:
        session.execute(update(Contact).where(Contact.address == old).values(address=new))


def silent_since(session: Session, moment: datetime, *, limit: int) -> Sequence[Contact]:
    """Contacts not seen since then, and without a ticket that is still kept for them."""
    asks = exists().where(Ticket.contact_id == Contact.id)
    return session.scalars(select(Contact).where(Contact.seen_at < moment, ~asks).limit(limit)).all()


def remove(session: Session, contact: Contact) -> None:
    session.execute(delete(Contact).where(Contact.id == contact.id))
    session.expunge(contact)


def leap(session: Session, by: int) -> None:
    """Leaves numbers of every conversation out: those may have been given since this database was copied."""
    leapt = update(Contact).values(last_seq=Contact.last_seq + by)
    session.execute(leapt.execution_options(synchronize_session=False))
