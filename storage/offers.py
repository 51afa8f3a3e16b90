"""Whom a waiting ticket was offered to: who was told of it may see it and take it."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, bindparam, delete, func, select
from sqlalchemy.orm import Session

from storage import life
from storage.columns import insert_or_change, rows_of
from storage.prepared import Prepared
from storage.rows import WholeRows
from storage.tables import Referent, Ticket, TicketOffer


def make(
    session: Session, number: int, referents: Collection[Referent], *, stage: str, now: datetime
) -> None:
    """Notes that these are told; who was told before is told in this stage now."""
    session.flush()  # the ticket may not be written yet
    rows = [{"ticket_number": number, "referent_id": one.id, "stage": stage, "at": now} for one in referents]
    insert_or_change(session, TicketOffer, ("ticket_number", "referent_id"), rows)


def withdraw(session: Session, number: int) -> None:
    """The ticket goes elsewhere: who was told of it so far has nothing to do with it any more."""
    _WITHDRAW(session, {"ticket": number})


def told(session: Session, number: int) -> Sequence[Referent]:
    """Everybody who was told since the ticket came here, in the order of the directory."""
    return _TOLD(session, {"ticket": number})


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


# Built once, and on the tables themselves: whoever is handed over waits for these.
_OFFERS, _PEOPLE = rows_of(TicketOffer), rows_of(Referent)
_WITHDRAW = Prepared(delete(_OFFERS).where(_OFFERS.c.ticket_number == bindparam("ticket")))
_TOLD = WholeRows(
    Referent,
    select(_PEOPLE)
    .where(
        _PEOPLE.c.id.in_(select(_OFFERS.c.referent_id).where(_OFFERS.c.ticket_number == bindparam("ticket"))),
        _PEOPLE.c.removed_at.is_(None),
    )
    .order_by(_PEOPLE.c.id),
)
