"""Which message at the other end is which of ours."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from sqlalchemy import and_, delete, or_
from sqlalchemy.orm import Session

from storage.columns import insert_or_change
from storage.tables import Receipt


class Kept(TypedDict):
    """That the other end calls a message of `lane` `external_id`, and what it is about."""

    lane: str
    external_id: str
    transcript_id: int | None
    ticket_number: int | None
    at: datetime


def find(session: Session, lane: str, external_id: str) -> Receipt | None:
    """Which of our messages the other end calls `external_id`."""
    return session.get(Receipt, (lane, external_id))


def keep(session: Session, received: Sequence[Kept]) -> None:
    """Notes them; what was known by such a name before (a message edited again) has it no more."""
    if received:
        insert_or_change(session, Receipt, ("lane", "external_id"), received)


def forget_lane(session: Session, lane: str) -> None:
    session.execute(delete(Receipt).where(Receipt.lane == lane))


def forget_older(session: Session, *, before: datetime, without_ticket: datetime) -> None:
    """Drops what is older than `before`, and what has to do with no ticket sooner, with its conversation."""
    old = or_(Receipt.at < before, and_(Receipt.ticket_number.is_(None), Receipt.at < without_ticket))
    session.execute(delete(Receipt).where(old))
