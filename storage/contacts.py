"""People, one row per address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, bindparam, delete, event, exists, select, update
from sqlalchemy.orm import Session, SessionTransaction, object_session
from sqlalchemy.orm.attributes import set_committed_value

from storage import signals
from storage.columns import insert_once, rows_of
from storage.database import Overtaken
from storage.prepared import Prepared
from storage.rows import as_read, by_key
from storage.tables import Contact, Ticket


class Standing(NamedTuple):
    """What is known of somebody before their turn begins."""

    audience: str | None
    state: dict[str, Any]
    informed: bool
    """Whether they read who we are."""


def at(session: Session, address: str, *, now: datetime, speaks: bool = False) -> Contact:
    """The contact behind an address, made if unknown; counts as seen now, and is ours until the turn ends.

    Where something will be said by or to who `speaks`, its number is taken along: see `next_seq`.
    """
    write_down(session)  # what is read anew forgets what was not written yet
    seen = _SEEN_SPEAKING if speaks else _SEEN
    while (row := seen(session, {"at_address": address, "now": now}).first()) is None:
        moved = _moved_from(session, address)
        if moved is not None:
            address = moved
            continue
        # Two turns may meet the same person first: one as the asker, one as the referent who is told.
        insert_once(session, Contact, "address", address=address, created_at=now, seen_at=now)
    if speaks:
        _numbers(session)[row.id] = _Numbers(given=row.last_seq - 1, written=row.last_seq)
    return as_read(session, Contact, row._asdict())


def known(session: Session, address: str) -> Contact | None:
    """The contact behind an address, if there is one; nobody else changes it until the transaction ends."""
    write_down(session)
    found = session.scalar(_KNOWN, {"at_address": address})
    if found is None and (moved := _moved_from(session, address)) is not None:
        return session.scalar(_KNOWN, {"at_address": moved})
    return found


def by_address(session: Session, address: str) -> Contact | None:
    return session.scalar(_BY_ADDRESS, {"at_address": address})


def keep_state(contact: Contact, state: dict[str, Any]) -> None:
    """Writes down where the talk with a contact stands; not of one who was erased in this very turn."""
    session = object_session(contact)
    if session is None:
        return
    values, numbers = {"contact": contact.id, "state": state}, _numbers(session).get(contact.id)
    if numbers is None:
        kept = _KEEP_STATE(session, values)
    else:
        numbers.written = max(numbers.given, numbers.written)
        kept = _KEEP_BOTH(session, values | {"number": numbers.written})
    if not kept.rowcount:
        raise Overtaken(f"contact {contact.id} is gone")
    set_committed_value(contact, "state", state)


def standing_at(session: Session, address: str) -> Standing | None:
    """Of the contact behind an address, if there is one."""
    return _standing(_STANDING_AT(session, {"at_address": address}).first())


def standing(session: Session, contact_id: int) -> Standing | None:
    return _standing(_STANDING(session, {"contact": contact_id}).first())


def get(session: Session, contact_id: int) -> Contact | None:
    return by_key(session, Contact, contact_id)


def lock(session: Session, contact_id: int) -> Contact | None:
    """Reads a contact again and keeps others from changing it until the transaction ends."""
    write_down(session)
    return session.get(Contact, contact_id, with_for_update=True, populate_existing=True)


def next_seq(session: Session, contact: Contact) -> int:
    """The next number in this contact's transcript; the row is locked until the turn ends.

    Numbers after the first are counted here, as nobody else can give any; the last is written at the end.
    """
    numbers = _numbers(session).get(contact.id)
    if numbers is None:
        first = _NEXT_SEQ(session, {"contact": contact.id}).scalar()
        if first is None:
            raise Overtaken(f"contact {contact.id} is gone")
        numbers = _numbers(session)[contact.id] = _Numbers(given=first - 1, written=first)
    numbers.given += 1
    set_committed_value(contact, "last_seq", numbers.given)
    signals.changed_conversation(session, contact.id)
    return numbers.given


def write_down(session: Session) -> None:
    """Writes what this transaction has given and changed so far, before something is read anew."""
    session.flush()
    for contact_id, numbers in _numbers(session).items():
        if numbers.given > numbers.written:
            _WRITE_NUMBER(session, {"contact": contact_id, "number": numbers.given})
            numbers.written = numbers.given


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
    _numbers(session).pop(contact.id, None)
    session.execute(delete(Contact).where(Contact.id == contact.id))
    session.expunge(contact)


def leap(session: Session, by: int) -> None:
    """Leaves numbers of every conversation out: those may have been given since this database was copied."""
    leapt = update(Contact).values(last_seq=Contact.last_seq + by)
    session.execute(leapt.execution_options(synchronize_session=False))


def _standing(row: Any) -> Standing | None:
    if row is None:
        return None
    return Standing(row.audience, row.state or {}, informed=row.informed_at is not None)


def _moved_from(session: Session, address: str) -> str | None:
    """Where the conversation goes on that was at this address."""
    return cast("str | None", _MOVED(session, {"at_address": address}).scalar())


@dataclass(slots=True)
class _Numbers:
    """Of a transcript whose contact is ours until the transaction ends: the last given, and the one noted."""

    given: int
    written: int


def _numbers(session: Session) -> dict[int, _Numbers]:
    numbers: dict[int, _Numbers] = session.info.setdefault("contacts.numbers", {})
    return numbers


@event.listens_for(Session, "after_commit")
def _let_go(session: Session) -> None:
    if not session.in_nested_transaction():
        _numbers(session).clear()


@event.listens_for(Session, "after_soft_rollback")
def _take_back(session: Session, undone: SessionTransaction) -> None:
    if undone.nested:  # what was said before it stands, though its number may be noted no more
        for numbers in _numbers(session).values():
            numbers.written = 0
    else:
        _numbers(session).clear()


event.listen(Session, "before_commit", write_down)

# Built once: each turn asks for them.
_BY_ADDRESS = select(Contact).where(Contact.address == bindparam("at_address"))
_KNOWN = _BY_ADDRESS.with_for_update().execution_options(populate_existing=True)
_ROWS = rows_of(Contact)
_SEE = update(_ROWS).where(_ROWS.c.address == bindparam("at_address")).values(seen_at=bindparam("now"))
_SEEN = Prepared(_SEE.returning(*_ROWS.c))
_SEEN_SPEAKING = Prepared(_SEE.values(last_seq=_ROWS.c.last_seq + 1).returning(*_ROWS.c))
_MOVED = Prepared(select(_ROWS.c.address).where(_ROWS.c.moved_from == bindparam("at_address")))
_STANDINGS = select(_ROWS.c.audience, _ROWS.c.state, _ROWS.c.informed_at)
_STANDING_AT = Prepared(_STANDINGS.where(_ROWS.c.address == bindparam("at_address")))
_STANDING = Prepared(_STANDINGS.where(_ROWS.c.id == bindparam("contact")))
_KEEP = update(_ROWS).where(_ROWS.c.id == bindparam("contact"))
_KEEP_STATE = Prepared(_KEEP.values(state=bindparam("state")))
_KEEP_BOTH = Prepared(_KEEP.values(state=bindparam("state"), last_seq=bindparam("number")))
_WRITE_NUMBER = Prepared(_KEEP.values(last_seq=bindparam("number")))
_NEXT_SEQ = Prepared(_KEEP.values(last_seq=_ROWS.c.last_seq + 1).returning(_ROWS.c.last_seq))
