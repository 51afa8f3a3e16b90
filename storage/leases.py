"""Leases of what takes long are renewed by who does it: only the dead, frozen and cut off lose theirs."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from storage import queue, sending
from storage.columns import database_now
from storage.outbox import Parcel
from storage.queue import Claimed
from storage.tables import InboxItem, OutboxItem


def renew_items(session: Session, held: Collection[Claimed]) -> None:
    """Those that are still ours; one that somebody else has taken over stays theirs."""
    _renew(session, InboxItem, "leased", queue.LEASE_MS, held)


def renew_parcels(session: Session, held: Collection[Parcel]) -> int:
    """The same for messages that are being sent; how many are still ours."""
    return _renew(session, OutboxItem, "sending", sending.LEASE_MS, held)


def _renew(session: Session, table: Any, status: str, lease_ms: int, held: Collection[Any]) -> int:
    ids, tokens = [one.id for one in held], {one.token for one in held}
    ours = update(table).where(table.id.in_(ids), table.token.in_(tokens), table.status == status)
    renewed = ours.values(lease_until=database_now() + lease_ms)
    result = session.execute(renewed.execution_options(synchronize_session=False))
    return int(result.rowcount)  # type: ignore[attr-defined]  # a CursorResult, as for every UPDATE
