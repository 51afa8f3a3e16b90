"""Which message at the other end is which of ours."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from storage.tables import Receipt


def find(session: Session, lane: str, external_id: str) -> Receipt | None:
    """Which of our messages the other end calls `external_id`."""
    return session.get(Receipt, (lane, external_id))


def keep(
    session: Session,
    *,
    lane: str,
    external_id: str,
    transcript_id: int | None,
    ticket_number: int | None,
    now: datetime,
) -> None:
    session.merge(
        Receipt(
            lane=lane,
            external_id=external_id,
            transcript_id=transcript_id,
            ticket_number=ticket_number,
            at=now,
        )
    )


def forget_lane(session: Session, lane: str) -> None:
    session.execute(delete(Receipt).where(Receipt.lane == lane))


def forget_older(session: Session, *, before: datetime) -> None:
    session.execute(delete(Receipt).where(Receipt.at < before))
