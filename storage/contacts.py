"""People, one row per address."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, delete, exists, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from storage import signals
from storage.columns import by_key, insert_once, rows_of
from storage.database import Overtaken
from storage.tables import Contact, Ticket


def at(session: Session, address: str, *, now: datetime) -> Contact:
    """The contact behind an address, made if unknown; counts as seen now, and is ours until the turn ends."""
    while (contact := session.scalar(_SEEN, {"at_address": address, "now": now})) is None:
        moved = _moved_from(session, address)
        if moved is not None:
            address = moved
            continue
        # Two turns may meet the same person first: one as the asker, one as the referent who is told.
        insert_once(session, Contact, "address", address=address, created_at=now, seen_at=now)
    return contact


def known(session: Session, address: str) -> Contact | None:
    """The contact behind an address, if there is one; nobody else changes it until the transaction ends."""
    found = session.scalar(_KNOWN, {"at_address": address})
    if found is None and (moved := _moved_from(session, address)) is not None:
        return session.scalar(_KNOWN, {"at_address": moved})
    return found


def by_address(session: Session, address: str) -> Contact | None:
    return session.scalar(_BY_ADDRESS, {"at_address": address})


def get(session: Session, contact_id: int) -> Contact | None:
    return by_key(session, Contact, contact_id)


def lock(session: Session, contact_id: int) -> Contact | None:
    """Reads a contact again and keeps others from changing it until the transaction ends."""
    session.flush()
    return session.get(Contact, contact_id, with_for_update=True, populate_existing=True)


def next_seq(session: Session, contact: Contact) -> int:
    """The next number in this contact's transcript; the row is locked until the turn ends."""
    seq: int | None = session.execute(_NEXT_SEQ, {"contact": contact.id}).scalar_one_or_none()
    if seq is None:
        raise Overtaken(f"contact {contact.id} is gone")
    set_committed_value(contact, "last_seq", seq)
    signals.changed_conversation(session, contact.id)
    return seq


def move(session: Session, old: str, new: str) -> None:
    """The conversation goes on at another address (a chat that migrated); the old one still leads there."""
    if by_address(session, new) is None:
        session.execute(update(Contact).where(Contact.address == old).values(address=new, moved_from=old))


def silent_since(
    session: Session, moment: datetime, *, but: ColumnElement[bool], limit: int
) -> Sequence[Contact]:
    """Contacts not seen since then, without a ticket that is still kept for them; not those of `but`."""
    asks = exists().where(Ticket.contact_id == Contact.id)
    silent = select(Contact).where(Contact.seen_at < moment, ~asks, ~but)
    return session.scalars(silent.limit(limit)).all()


def remove(session: Session, contact: Contact) -> None:
    session.execute(delete(Contact).where(Contact.id == contact.id))
    session.expunge(contact)


def leap(session: Session, by: int) -> None:
    """Leaves numbers of every conversation out: those may have been given since this database was copied."""
    leapt = update(Contact).values(last_seq=Contact.last_seq + by)
    session.execute(leapt.execution_options(synchronize_session=False))


def _moved_from(session: Session, address: str) -> str | None:
    """Where the conversation goes on that was at this address."""
    return session.scalar(select(Contact.address).where(Contact.moved_from == address))


# Built once: each turn asks for them.
_BY_ADDRESS = select(Contact).where(Contact.address == bindparam("at_address"))
_KNOWN = _BY_ADDRESS.with_for_update().execution_options(populate_existing=True)
_SEEN = (
    update(Contact)
    .where(Contact.address == bindparam("at_address"))
    .values(seen_at=bindparam("now"))
    .returning(Contact)
    .execution_options(synchronize_session=False, populate_existing=True)
)
_ROWS = rows_of(Contact)
_NEXT_SEQ = (
    update(_ROWS)
    .where(_ROWS.c.id == bindparam("contact"))
    .values(last_seq=_ROWS.c.last_seq + 1)
    .returning(_ROWS.c.last_seq)
)
