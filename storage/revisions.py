"""What happens to messages after they were said: their outbox items and receipts, by transcript row."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from storage.tables import OutboxItem, Receipt

CHANGE = "change"
"""The purpose of items that edit or delete what was said before."""


def items(session: Session, transcript_id: int) -> Sequence[OutboxItem]:
    """The messages that a row made, in order; not the changes to them."""
    found = select(OutboxItem).where(OutboxItem.transcript_id == transcript_id, OutboxItem.purpose != CHANGE)
    return session.scalars(found.order_by(OutboxItem.id)).all()


def rewrite(session: Session, item_id: int, payload: dict[str, Any]) -> bool:
    """Replaces a message that certainly has not left; False when it may have."""
    return _change(session, item_id, payload=payload)


def withdraw(session: Session, item_id: int) -> bool:
    """Takes back a message that certainly has not left; False when it may have."""
    return _change(session, item_id, status="cancelled", payload=None)


def supersede(session: Session, transcript_id: int) -> None:
    """Failed messages of a row stand for it no more: it is sent again. They stay in the operators' list."""
    failed = update(OutboxItem).where(
        OutboxItem.transcript_id == transcript_id, OutboxItem.status.in_(("failed", "cancelled"))
    )
    session.execute(failed.values(transcript_id=None).execution_options(synchronize_session=False))


def external_ids(session: Session, lane: str, transcript_id: int) -> list[str]:
    """What the other end calls the messages of a row, in the order in which they came there."""
    found = select(Receipt.external_id).where(Receipt.lane == lane, Receipt.transcript_id == transcript_id)
    return sorted(session.scalars(found), key=lambda external_id: (len(external_id), external_id))


def addressed(
    session: Session, lane: str, transcript_id: int | None, payload: dict[str, Any]
) -> dict[str, Any]:
    """A change with the id of the message that it changes, known once that was delivered."""
    if "part" not in payload or transcript_id is None:
        return payload
    ids = external_ids(session, lane, transcript_id)
    return payload | {"message_id": ids[payload["part"]] if payload["part"] < len(ids) else None}


def detach(session: Session, lane: str, external_id: str) -> None:
    """A message at the other end is no part of its row any more; a reply to it still finds its ticket."""
    gone = update(Receipt).where(Receipt.lane == lane, Receipt.external_id == external_id)
    session.execute(gone.values(transcript_id=None).execution_options(synchronize_session=False))


def change_states(session: Session, ids: Collection[int]) -> dict[int, tuple[str, str | None]]:
    """What became of the newest change of each of these rows: status and reason."""
    rows = session.execute(
        select(OutboxItem.transcript_id, OutboxItem.status, OutboxItem.reason)
        .where(OutboxItem.transcript_id.in_(ids), OutboxItem.purpose == CHANGE)
        .order_by(OutboxItem.id)
    )
    return {row_id: (status, reason) for row_id, status, reason in rows if row_id is not None}


def _change(session: Session, item_id: int, **values: Any) -> bool:
    waiting = update(OutboxItem).where(
        OutboxItem.id == item_id, OutboxItem.status == "waiting", OutboxItem.uncertain.is_(False)
    )
    done = session.execute(waiting.values(**values).execution_options(synchronize_session=False))
    return bool(done.rowcount)  # type: ignore[attr-defined]  # a CursorResult, as for every UPDATE
