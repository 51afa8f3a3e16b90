"""What becomes of inbox items that are over: contents go, keys stay to know an event that comes again."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from storage.tables import InboxItem


def forget_done(session: Session, *, before: datetime, limit: int) -> int:
    """Drops the keys of items done before `before`; until then a repeated event is recognised."""
    old = select(InboxItem.id).where(InboxItem.status == "done", InboxItem.finished_at < before).limit(limit)
    dropped = delete(InboxItem).where(InboxItem.id.in_(old))
    result = session.execute(dropped.execution_options(synchronize_session=False))
    return int(result.rowcount)  # type: ignore[attr-defined]  # a CursorResult, as for every DELETE


def drop_lane(session: Session, lane: str, *, waiting: bool) -> None:
    """Erases what came from an address, and what still waits too if told so; keys stay for deduplication."""
    items = update(InboxItem).where(InboxItem.lane == lane)
    if not waiting:
        items = items.where(InboxItem.status != "new")
    session.execute(items.values(_emptied()))


def drop_parked(session: Session, *, before: datetime) -> None:
    """Erases items that were set aside before `before` and that nobody retried."""
    old = update(InboxItem).where(InboxItem.status == "parked", InboxItem.received_at < before)
    session.execute(old.values(_emptied()))


def _emptied() -> dict[str, Any]:
    finished_at = func.coalesce(InboxItem.finished_at, InboxItem.received_at)
    return {"status": "done", "payload": None, "token": None, "finished_at": finished_at}
