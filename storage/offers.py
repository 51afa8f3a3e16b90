"""Whom a waiting ticket was offered to: who was told of it may see it and take it."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from storage import life
from storage.tables import Referent, Ticket, TicketOffer


def make(
    session: Session, number: int, referents: Collection[Referent], *, stage: str, now: datetime
) -> None:
    """Notes that these are told; who was told before is told in this stage now."""
    for referent in referents:
        session.merge(TicketOffer(ticket_number=number, referent_id=referent.id, stage=stage, at=now))
    session.flush()


def withdraw(session: Session, number: int) -> None:
    """The ticket goes elsewhere: who was told of it so far has nothing to do with it any more."""
    session.execute(delete(TicketOffer).where(TicketOffer.ticket_number == number))


def told(session: Session, number: int) -> Sequence[Referent]:
    """Everybody who was told since the ticket came here, in the order of the directory."""
    offered = select(TicketOffer.referent_id).where(TicketOffer.ticket_number == number)
    in_office = select(Referent).where(Referent.id.in_(offered), Referent.removed_at.is_(None))
    return session.scalars(in_office.order_by(Referent.id)).all()


def made_at(session: Session, number: int, stage: str) -> datetime | None:
    """When those of a stage were told; None if nobody was."""
    made = select(TicketOffer.at).where(TicketOffer.ticket_number == number, TicketOffer.stage == stage)
    return session.scalars(made.order_by(TicketOffer.at.desc())).first()


def of(referent_id: int) -> Select[int]:
    """Numbers of the tickets that this referent was told of."""
    return select(TicketOffer.ticket_number).where(TicketOffer.referent_id == referent_id)


def loads(session: Session, ids: Collection[int]) -> dict[int, int]:
    """How many tickets each of these referents has in hand, or was told of before anybody else."""
    in_hand = (
        select(Ticket.referent_id, func.count())
        .where(Ticket.referent_id.in_(ids), Ticket.state.in_(life.HELD))
        .group_by(Ticket.referent_id)
    )
    offered = (
        select(TicketOffer.referent_id, func.count())
        .join(Ticket, Ticket.number == TicketOffer.ticket_number)
        .where(TicketOffer.referent_id.in_(ids), TicketOffer.stage == "first")
        .where(Ticket.state == "waiting", Ticket.stage == "first")
        .group_by(TicketOffer.referent_id)
    )
    found = dict.fromkeys(ids, 0)
    for counted in (in_hand, offered):
        for referent_id, number in session.execute(counted):
            found[referent_id or 0] += number
    return found
