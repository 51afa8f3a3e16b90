"""The question log: what was asked, what was found, what became of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from storage import search
from storage.columns import rows_of
from storage.prepared import Prepared
from storage.rows import as_read, by_key, set_at_once
from storage.tables import Contact, Question, Ticket


def log(
    session: Session,
    contact: Contact,
    *,
    at: datetime,
    text: str | None,
    outcome: str,
    candidates: list[dict[str, Any]],
    entry_id: str | None,
    knowledge_hash: str,
) -> Question:
    """Writes a question down; `text` is masked already, and None in distress."""
    values = {
        "contact_id": contact.id,
        "asked_at": at,
        "text": text,
        "audience": contact.audience,
        "territory": contact.territory,
        "channel": contact.address.split(":", 1)[0],
        "candidates": candidates,
        "outcome": outcome,
        "entry_id": entry_id,
        "nearest_id": nearest(outcome, candidates),
        "knowledge_hash": knowledge_hash,
        "feedback": None,
        "ticket_number": None,
    }
    return as_read(session, Question, {"id": _LOG(session, values).scalar(), **values})


def nearest(outcome: str, candidates: Sequence[Mapping[str, Any]]) -> str | None:
    """The entry that a question is nearest to; what is not about us is near nothing."""
    return candidates[0]["id"] if candidates and outcome != "out_of_scope" else None


def link(session: Session, question: Question, ticket_number: int) -> None:
    """That ticket is about this question."""
    set_at_once(session, question, "ticket_number", ticket_number)


def get(session: Session, question_id: int) -> Question | None:
    return by_key(session, Question, question_id)


def by_ids(session: Session, ids: Collection[int]) -> dict[int, Question]:
    """Questions by their number."""
    found = session.scalars(select(Question).where(Question.id.in_(ids)))
    return {question.id: question for question in found}


def of_contact(session: Session, contact_id: int) -> Sequence[Question]:
    return session.scalars(
        select(Question).where(Question.contact_id == contact_id).order_by(Question.id)
    ).all()


def place(session: Session, contact_id: int, territory: str) -> None:
    """A person said where they are: what they asked before that is from there, too."""
    unplaced = update(Question).where(Question.contact_id == contact_id, Question.territory.is_(None))
    session.execute(unplaced.values(territory=territory))


def forget_contact(session: Session, contact_id: int) -> None:
    """An erasure: the figures stay, the text and the person go."""
    mine = update(Question).where(Question.contact_id == contact_id)
    session.execute(mine.values(text=None, contact_id=None))


def forget_older(session: Session, *, contact_before: datetime, text_before: datetime) -> None:
    """Retention: first the link to the person goes, later the text, from the words of its ticket too."""
    asked = select(Question.id).where(Question.asked_at < text_before, Question.text.is_not(None))
    search.again(session, session.scalars(select(Ticket.number).where(Ticket.question_id.in_(asked))).all())
    # Only what there is to forget: the log is for ever, and must not be written anew each night.
    linked = update(Question).where(Question.asked_at < contact_before, Question.contact_id.is_not(None))
    session.execute(linked.values(contact_id=None))
    told = update(Question).where(Question.asked_at < text_before, Question.text.is_not(None))
    session.execute(told.values(text=None))


# Built once, and on the table itself: each question is written down.
_LOG = Prepared(insert(rows_of(Question)).returning(rows_of(Question).c.id))
