"""Drawn answers as they stand in the chats of those who judge: words of people, which go when those go."""

from sqlalchemy import Text, case, cast, delete, select, update
from sqlalchemy.orm import Session

from storage.sending import UNFINISHED
from storage.tables import Contact, OutboxItem, Question, Referent, SampledAnswer, Transcript

CHOICE = "judge"
"""What the choices under such a row do; each names its answer."""


def wipe(session: Session, contact_id: int) -> None:
    """Erases what a person asked from every chat in which it was shown, and what waits to be sent there."""
    theirs = set(
        session.scalars(
            select(SampledAnswer.id)
            .join(Question, Question.id == SampledAnswer.question_id)
            .where(Question.contact_id == contact_id)
        )
    )
    ids = [row for row, about in _shown(session) if about in theirs] if theirs else []
    status = case((OutboxItem.status.in_(UNFINISHED), "cancelled"), else_=OutboxItem.status)
    sent = update(OutboxItem).where(OutboxItem.transcript_id.in_(ids))
    session.execute(sent.values(status=status, payload=None, token=None))
    session.execute(delete(Transcript).where(Transcript.id.in_(ids)))


def _shown(session: Session) -> list[tuple[int, int]]:
    """Rows in referents' chats with the answer that each shows."""
    chats = select(Contact.id).join(
        Referent, Contact.address == "telegram:" + cast(Referent.telegram_id, Text)
    )
    named = cast(Transcript.choices, Text).contains(f'"{CHOICE}"', autoescape=True)
    rows = select(Transcript.id, Transcript.choices).where(Transcript.contact_id.in_(chats), named)
    return [
        (row, int(choice["given"]["answer"]))
        for row, choices in session.execute(rows)
        for choice in choices[:1]
    ]
