"""Promised replies: which mark was told, which are near or over. Marks are reached once, in order."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from storage import life, tickets
from storage.rights import Right, may
from storage.tables import Referent, ReferentTerritory, Ticket

Mark = Literal["near", "late", "still"]
OWED: tuple[life.State, ...] = ("waiting", "taken")
"""States in which a referent owes a reply."""
_BEFORE: Mapping[Mark, tuple[str, ...]] = {"near": (), "late": ("near",), "still": ("late",)}


def reach(session: Session, number: int, mark: Mark, *, due_at: datetime) -> bool:
    """Notes a mark; False when the promise was kept, moved or given up, or the mark was told already."""
    told_before = Ticket.reminded.in_(_BEFORE[mark])
    before = told_before if mark == "still" else or_(told_before, Ticket.reminded.is_(None))
    statement = update(Ticket).where(
        Ticket.number == number, Ticket.due_at == due_at, Ticket.state.in_(OWED), before
    )
    values: dict[str, Any] = {"reminded": mark}
    if mark != "near":
        values["stage"] = "national"  # deputies see what everybody was told of
    return life.changed_one(session, number, statement.values(values))


def on_the_mind(session: Session, referent: Referent, *, now: datetime) -> Sequence[Ticket]:
    """What a referent has in hand, and what nobody has of what they may see; oldest first.

    Who sees everything has of the rest only what came to the national desk: the others' is in good hands.
    """
    mine, free = Ticket.referent_id == referent.id, Ticket.referent_id.is_(None)
    nobodys: ColumnElement[bool] = free
    if may(referent, Right.ALL_TICKETS):
        served = select(ReferentTerritory.territory).where(ReferentTerritory.referent_id == referent.id)
        came = and_(Ticket.stage == "national", or_(free, Ticket.due_at <= now))
        nobodys = or_(came, and_(free, Ticket.territory.in_(served)))
    open_ones = tickets.visible(referent).where(Ticket.state.in_((*OWED, "answered")), or_(mine, nobodys))
    return session.scalars(open_ones.order_by(Ticket.number)).all()


def digest_once(session: Session, referent: Referent, *, since: datetime, now: datetime) -> bool:
    """Notes that a referent gets the digest now; False if they had one since then."""
    not_yet = or_(Referent.digested_at.is_(None), Referent.digested_at < since)
    noted = update(Referent).where(Referent.id == referent.id, not_yet).values(digested_at=now)
    changed = session.execute(noted.execution_options(synchronize_session=False))
    session.refresh(referent)
    return bool(changed.rowcount)  # type: ignore[attr-defined]  # a CursorResult, as for every UPDATE
