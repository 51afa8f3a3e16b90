"""What was erased and when, for as long as a backup may be restored that still holds it.

An erasure is about whoever had an address, or about a ticket, and about what was there at its moment: who
comes back later is somebody new. Only a SHA-256 is kept. It gives no name away, but whoever guesses an
address can tell whether it is among them: the register is as private as the database.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from storage import traces
from storage.tables import Contact, Erasure, InboxItem, Ticket

Register = Mapping[str, datetime]
"""The last moment of each subject's erasure."""


def of_address(address: str) -> str:
    return _subject(f"address {address}")


def of_ticket(number: int) -> str:
    return _subject(f"ticket {number}")


def of_news(address: str, subject: str) -> str:
    """That somebody wants no news of a subject any more: no backup may bring their agreement back."""
    return _subject(f"news {subject} {address}")


def note(session: Session, subject: str, *, now: datetime) -> None:
    """Notes an erasure, in the transaction that does it."""
    session.add(Erasure(subject=subject, at=now))
    traces.leave_none(session)


def since(session: Session, moment: datetime | None = None) -> list[tuple[str, datetime]]:
    """What was erased from a moment on, oldest first; everything that is still known without one."""
    rows = select(Erasure.subject, Erasure.at).order_by(Erasure.at, Erasure.id)
    if moment is not None:
        rows = rows.where(Erasure.at >= moment)
    return [(subject, at) for subject, at in session.execute(rows)]


def join(session: Session, rows: Iterable[tuple[str, datetime]]) -> None:
    """Notes erasures that another copy of the database knew of, where this one does not."""
    known = set(since(session))
    for subject, at in dict.fromkeys(rows):
        if (subject, at) not in known:
            note(session, subject, now=at)


def register_of(rows: Iterable[tuple[str, datetime]]) -> dict[str, datetime]:
    """Of each subject the last erasure."""
    return dict(sorted(rows, key=lambda row: row[1]))


def contacts_that_came_back(session: Session, erased: Register) -> list[int]:
    """People who are there although they were erased: an older copy has brought them back."""
    rows = session.execute(select(Contact.id, Contact.address, Contact.created_at).order_by(Contact.id))
    return [row.id for row in rows if _was_there(erased, of_address(row.address), row.created_at)]


def tickets_that_came_back(session: Session, erased: Register) -> list[int]:
    """Tickets that hold their texts although they were erased."""
    held = select(Ticket.number, Ticket.opened_at).where(Ticket.erased_at.is_(None))
    rows = session.execute(held.order_by(Ticket.number))
    return [row.number for row in rows if _was_there(erased, of_ticket(row.number), row.opened_at)]


def drop_events(session: Session, erased: Register) -> None:
    """Events of erased people that were accepted and wait to be handled: they are not handled any more."""
    waiting = select(InboxItem.id, InboxItem.lane, InboxItem.received_at)
    rows = session.execute(waiting.where(InboxItem.payload.is_not(None)))
    ids = [row.id for row in rows if _was_there(erased, of_address(row.lane), row.received_at)]
    done = {"status": "done", "payload": None, "token": None, "finished_at": InboxItem.received_at}
    session.execute(update(InboxItem).where(InboxItem.id.in_(ids)).values(done))


def forget_older(session: Session, *, before: datetime) -> None:
    """No backup of before that moment is restored any more."""
    session.execute(delete(Erasure).where(Erasure.at < before))


def _was_there(erased: Register, subject: str, moment: datetime) -> bool:
    return subject in erased and moment <= erased[subject]


def _subject(what: str) -> str:
    return hashlib.sha256(f"souffleur erased {what}".encode()).hexdigest()
