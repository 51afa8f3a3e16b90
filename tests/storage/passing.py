"""The database's clock cannot be turned; what is measured by it can be moved closer instead."""

from datetime import UTC, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from storage.tables import Gate, InboxItem, OutboxItem

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

_MEASURED = (
    (InboxItem, InboxItem.lease_until),
    (InboxItem, InboxItem.retry_at),
    (OutboxItem, OutboxItem.lease_until),
    (OutboxItem, OutboxItem.retry_at),
    (Gate, Gate.until),
)


def time_passes(session: Session, *, seconds: float) -> None:
    """As if that many seconds had gone by on the database's clock."""
    for table, column in _MEASURED:
        earlier = update(table).where(column > 0).values({column: column - int(seconds * 1000)})
        session.execute(earlier.execution_options(synchronize_session=False))


def gates_open(session: Session) -> None:
    """As if every back-off and pause were over; roles stay with whoever holds them."""
    session.execute(update(Gate).where(Gate.holder.is_(None)).values(until=0))
