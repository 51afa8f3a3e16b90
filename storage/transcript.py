"""What was said, in order per contact."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, exists, insert, select, update
from sqlalchemy.orm import Session

from storage import contacts, search, signals
from storage.columns import rows_of
from storage.prepared import Prepared
from storage.rows import WholeRows, as_read, by_key, set_at_once
from storage.tables import Contact, File, Ticket, Transcript


def add(
    session: Session,
    contact: Contact,
    *,
    author: str,
    text: str,
    at: datetime,
    markup: bool = False,
    client_id: str | None = None,
    ticket_number: int | None = None,
    referent_id: int | None = None,
    choices: list[dict[str, Any]] | None = None,
) -> Transcript:
    """Writes the next row of a conversation, with the choices under it; its id is known at once."""
    if ticket_number is not None:
        session.flush()  # the ticket it is about may not be written yet
    row = _added(
        session,
        {
            "contact_id": contact.id,
            "seq": contacts.next_seq(session, contact),
            "author": author,
            "text": text,
            "markup": markup,
            "at": at,
            "client_id": client_id,
            "ticket_number": ticket_number,
            "referent_id": referent_id,
            "choices": choices,
        },
    )
    if ticket_number is not None:
        search.again(session, [ticket_number])
    if author == "visitor" and ticket_number is not None:
        heard = update(Ticket).where(Ticket.number == ticket_number).values(heard_id=row.id)
        session.execute(heard)
    return row


def link(session: Session, row: Transcript, ticket_number: int) -> None:
    """What somebody wrote is about that ticket, whatever it was about before."""
    search.again(session, [number for number in (row.ticket_number, ticket_number) if number is not None])
    set_at_once(session, row, "ticket_number", ticket_number)


def get(session: Session, transcript_id: int) -> Transcript | None:
    return by_key(session, Transcript, transcript_id)


def after(session: Session, contact_id: int, seq: int, *, limit: int = 500) -> Sequence[Transcript]:
    """Rows of a conversation with a higher number, in order."""
    return session.scalars(_AFTER, {"contact": contact_id, "number": seq, "most": limit}).all()


def last(session: Session, contact_id: int, *, limit: int) -> Sequence[Transcript]:
    """The newest rows of a conversation, in order."""
    rows = select(Transcript).where(Transcript.contact_id == contact_id).order_by(Transcript.seq.desc())
    return list(reversed(session.scalars(rows.limit(limit)).all()))


def said_at(session: Session, contact_id: int, at: datetime) -> Sequence[Transcript]:
    """What the bot said in one turn and still stands."""
    rows = select(Transcript).where(Transcript.contact_id == contact_id, Transcript.at == at)
    return session.scalars(rows.where(Transcript.author == "bot").order_by(Transcript.seq)).all()


def by_client_id(session: Session, contact_id: int, client_id: str) -> Transcript | None:
    """The row of an incoming message by the door's own id."""
    return session.scalar(_BY_CLIENT_ID, {"contact": contact_id, "client": client_id})


def of_ticket(session: Session, number: int) -> Sequence[Transcript]:
    """What was said to and by its asker; what referents were told in their own chats is not part of it."""
    return _OF_TICKET(session, {"ticket": number})


def replies(session: Session, number: int) -> Sequence[Transcript]:
    """What referents wrote about a ticket, in order: neither what they deleted nor mere files."""
    file = exists().where(File.transcript_id == Transcript.id)
    said = Transcript.author == "referent", Transcript.deleted_at.is_(None), ~file
    rows = select(Transcript).where(Transcript.ticket_number == number, *said)
    return session.scalars(rows.order_by(Transcript.id)).all()


def of_people(session: Session, numbers: Collection[int]) -> dict[int, list[str]]:
    """What people said about these tickets, in order; neither the bot nor words of distress."""
    said: dict[int, list[str]] = {}
    rows = select(Transcript.ticket_number, Transcript.text).where(
        Transcript.ticket_number.in_(numbers), Transcript.author != "bot", Transcript.distress.is_(False)
    )
    for number, text in session.execute(rows.order_by(Transcript.id)):
        if number is not None:
            said.setdefault(number, []).append(text)
    return said


def last_of_referent(session: Session, number: int, referent_id: int) -> int | None:
    """The newest row that this referent wrote about a ticket."""
    own = (Transcript.ticket_number == number) & (Transcript.referent_id == referent_id)
    return session.scalar(select(Transcript.id).where(own).order_by(Transcript.id.desc()).limit(1))


def before(session: Session, contact_id: int, seq: int, *, limit: int) -> Sequence[Transcript]:
    """The rows just before a number, in order: what led to it."""
    rows = select(Transcript).where(Transcript.contact_id == contact_id, Transcript.seq < seq)
    return list(reversed(session.scalars(rows.order_by(Transcript.seq.desc()).limit(limit)).all()))


def note_change(session: Session, contact: Contact, row: Transcript) -> None:
    """A row was edited or deleted: the change takes a number of its own in the conversation's count."""
    row.change_seq = contacts.next_seq(session, contact)
    session.flush()


def changed_after(session: Session, contact_id: int, seq: int, *, limit: int = 500) -> Sequence[Transcript]:
    """Rows that were there at `seq` and have changed since, in the order of their changes."""
    return session.scalars(_CHANGED_AFTER, {"contact": contact_id, "number": seq, "most": limit}).all()


def wipe(session: Session, contact_id: int) -> None:
    """Erases a whole conversation."""
    signals.changed_conversation(session, contact_id)
    session.execute(delete(Transcript).where(Transcript.contact_id == contact_id))


def wipe_ticket(session: Session, number: int) -> None:
    """Erases what was said about a ticket."""
    search.again(session, [number])
    session.execute(delete(Transcript).where(Transcript.ticket_number == number))


def wipe_older(session: Session, *, before: datetime, except_tickets: Any, limit: int) -> int:
    """Erases rows older than `before` but for those of the tickets that a subquery selects; how many."""
    old = select(Transcript.id).where(
        Transcript.at < before,
        Transcript.ticket_number.is_(None) | Transcript.ticket_number.not_in(except_tickets),
    )
    gone = delete(Transcript).where(Transcript.id.in_(old.limit(limit)))
    return int(session.execute(gone.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]


def wipe_distress(session: Session, *, before: datetime) -> int:
    """Erases what people wrote in distress before `before`; no index ever held it."""
    old = delete(Transcript).where(Transcript.distress, Transcript.at < before)
    return int(session.execute(old.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]


def any_distress(session: Session, number: int) -> bool:
    """Whether somebody wrote in distress about a ticket."""
    return (
        session.scalar(select(exists().where(Transcript.ticket_number == number, Transcript.distress)))
        or False
    )


def mark_distress(session: Session, transcript_ids: Sequence[int]) -> None:
    """These rows hold words of distress: no index keeps them, whenever they were written."""
    marked = Transcript.id.in_(transcript_ids), Transcript.ticket_number.is_not(None)
    numbers = session.scalars(select(Transcript.ticket_number).where(*marked)).all()
    search.again(session, [number for number in numbers if number is not None])
    session.execute(update(Transcript).where(Transcript.id.in_(transcript_ids)).values(distress=True))


def _added(session: Session, values: dict[str, Any]) -> Transcript:
    """Writes a row and keeps it as if it had been read."""
    values |= {"distress": False, "edited_at": None, "deleted_at": None, "change_seq": None}
    return as_read(session, Transcript, {"id": _ADD(session, values).scalar(), **values})


# Built once: each turn, and each look of an open chat, asks for them.
_ADD = Prepared(insert(rows_of(Transcript)).returning(rows_of(Transcript).c.id))
_OF_CONTACT = select(Transcript).where(Transcript.contact_id == bindparam("contact"))
_BY_CLIENT_ID = _OF_CONTACT.where(Transcript.client_id == bindparam("client"))
_AFTER = (
    _OF_CONTACT.where(Transcript.seq > bindparam("number")).order_by(Transcript.seq).limit(bindparam("most"))
)
_CHANGED_AFTER = (
    _OF_CONTACT.where(Transcript.change_seq > bindparam("number"), Transcript.seq <= bindparam("number"))
    .order_by(Transcript.change_seq)
    .limit(bindparam("most"))
)
_ROWS, _TICKETS = rows_of(Transcript), rows_of(Ticket)
_ASKER = select(_TICKETS.c.contact_id).where(_TICKETS.c.number == bindparam("ticket")).scalar_subquery()
_OF_TICKET = WholeRows(
    Transcript,
    select(_ROWS)
    .where(_ROWS.c.ticket_number == bindparam("ticket"), _ROWS.c.contact_id == _ASKER)
    .order_by(_ROWS.c.seq),
)
