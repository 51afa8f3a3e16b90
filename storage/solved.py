"""Tickets that were solved, to learn from when the next one comes: those of a referent's own territories."""

from collections.abc import Sequence

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from storage import tickets
from storage.rights import Right, may
from storage.tables import Question, Referent, ReferentTerritory, Ticket


def recent(
    session: Session, referent: Referent, *, besides: int, limit: int
) -> Sequence[tuple[Ticket, Question]]:
    """The last closed ones that had a reply, with their questions; none that was erased or is not solved."""
    found = (
        _own(referent)
        .add_columns(Question)
        .join(Question, Question.id == Ticket.question_id)
        .where(Question.text.is_not(None), Ticket.number != besides)
    )
    rows = session.execute(found.order_by(Ticket.closed_at.desc(), Ticket.number).limit(limit))
    return [(ticket, question) for ticket, question in rows]


def get(session: Session, referent: Referent, number: int) -> Ticket | None:
    """One of them."""
    return session.scalar(_own(referent).where(Ticket.number == number))


def _own(referent: Referent) -> Select[Ticket]:
    """What they may see narrows to where they are at home: the whole country reads « réponses types »."""
    served = select(ReferentTerritory.territory).where(ReferentTerritory.referent_id == referent.id)
    home = or_(Ticket.territory.in_(served), Ticket.referent_id == referent.id)
    if may(referent, Right.NATIONAL_DESK):
        home = or_(home, Ticket.territory.is_(None))
    return tickets.visible(referent).where(
        home,
        Ticket.state == "closed",
        Ticket.erased_at.is_(None),
        Ticket.first_reply_at.is_not(None),
        Ticket.solved.is_not(False),
    )
