"""The outbox: messages to deliver, in order per lane, written in the transaction that decided them.

    waiting ──claim──▶ sending ──sent──▶ sent
       ▲                  │ uncertain: the call may have reached the other end; sent again, marked as such
       ├──────────────────┤ put back (door away, told to wait): nothing counted, a gate decides when
       │                  ▼
       └─────────────── failed: refused for good, or 24 hours old; its author is told

A message found `sending` after its lease is uncertain: a copy is better than a loss.
"""

import secrets
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, delete, func, select, update
from sqlalchemy.orm import Session

from storage import gates, receipts, revisions, sending, signals
from storage.columns import database_now
from storage.tables import OutboxItem

_BY_GRAVITY = ("sent", "sending", "waiting", "cancelled", "failed")

FEW = 4
"""Receipts that are sooner written down one by one: a list of them makes a statement of its own each time."""
UNDELIVERED = ("waiting", "sending", "failed")


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message in hand until its lease runs out."""

    id: int
    lane: str
    channel: str
    payload: dict[str, Any]
    token: str
    repeated: bool
    attempts: int
    created_at: datetime
    ticket_number: int | None
    transcript_id: int | None
    author_id: int | None
    purpose: str
    taken_at: float
    """By the monotonic clock of the process, at a time when nobody else could see it taken."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """A message that has arrived, and what the other end calls it."""

    parcel: Parcel
    external_id: str | None


def put(
    session: Session,
    *,
    lane: str,
    payload: dict[str, Any],
    now: datetime,
    transcript_id: int | None = None,
    ticket_number: int | None = None,
    author_id: int | None = None,
    purpose: str = "say",
) -> None:
    """Queues a message for the address `lane`; its channel is what stands before the colon."""
    values = {
        "lane": lane,
        "channel": lane.split(":", 1)[0],
        "payload": payload,
        "created_at": now,
        "transcript_id": transcript_id,
        "ticket_number": ticket_number,
        "author_id": author_id,
        "purpose": purpose,
    }
    sending.PUT(session, values)
    signals.filled_outbox(session)


def claim(session: Session, channel: str, *, limit: int, pace: gates.Pace | None = None) -> list[Parcel]:
    """Takes up to `limit` messages of a channel, each the first of its lane, whose gates are open."""
    if pace is not None:
        limit = min(limit, gates.allowance(session, pace))
    if limit <= 0:
        return []
    parcels = [_addressed(session, parcel) for parcel in _lease(session, channel, limit)]
    if pace is not None:
        gates.spend(session, pace, [parcel.lane for parcel in parcels])
    return parcels


def waits(session: Session, lane: str) -> bool:
    """Whether anything is to be sent to an address that nobody has begun to send."""
    return bool(sending.WAITS(session, {"at_lane": lane}).scalar())


def note_dead(session: Session, *, everything: bool = False) -> None:
    """Puts back what dead processes were sending, as uncertain."""
    if everything:
        leased = update(OutboxItem).where(OutboxItem.status == "sending")
        session.execute(leased.values(status="waiting", token=None, uncertain=True))
    else:
        sending.DEAD(session, {})


def doubt_all(session: Session) -> None:
    """Whatever waits may have gone out since this database was copied: it goes again, marked as such."""
    session.execute(update(OutboxItem).where(_open()).values(status="waiting", token=None, uncertain=True))


def sent(session: Session, delivered: Collection[Delivered], *, now: datetime) -> set[int]:
    """Delivered, all in one go; the ids of those that nobody else has finished meanwhile."""
    mine = _finish_sent(session, [one.parcel for one in delivered], now=now)
    ours = [one for one in delivered if one.parcel.id in mine]
    for one in ours:
        _detach_replaced(session, one)
    receipts.keep(
        session,
        [
            {
                "lane": one.parcel.lane,
                "external_id": one.external_id,
                "transcript_id": one.parcel.transcript_id,
                "ticket_number": one.parcel.ticket_number,
                "at": now,
            }
            for one in ours
            if one.external_id is not None
        ],
    )
    return mine


def failed(session: Session, parcel: Parcel, *, now: datetime, reason: str) -> bool:
    """Given up for good; False if somebody else has finished it meanwhile."""
    return _finish(session, parcel, "failed", now=now, reason=reason[:500])


def put_back(
    session: Session, parcel: Parcel, *, uncertain: bool = False, wait_ms: int = 0, counted: bool = False
) -> None:
    """Waits for another try; `uncertain` when the call may have reached the other end."""
    signals.filled_outbox(session)
    values = {
        "status": "waiting",
        "token": None,
        "uncertain": parcel.repeated or uncertain,
        "retry_at": database_now() + wait_ms,
        "attempts": OutboxItem.attempts + (1 if counted else 0),
    }
    session.execute(update(OutboxItem).where(*_held(parcel)).values(values))


def readdress(session: Session, old: str, new: str) -> None:
    """A chat has moved: what waits for it follows."""
    session.execute(update(OutboxItem).where(OutboxItem.lane == old, _open()).values(lane=new))


def cancel(session: Session, lane: str, *, purpose: str | None = None) -> None:
    """Nothing more goes to this address (of one purpose, where it has others); contents are wiped."""
    items = update(OutboxItem).where(OutboxItem.lane == lane)
    if purpose is not None:
        items = items.where(OutboxItem.purpose == purpose)
    session.execute(items.values(status=_cancelled(), payload=None, token=None))


def cancel_ticket(session: Session, number: int) -> None:
    """Notices about a ticket that is gone are not sent any more."""
    values = {"status": "cancelled", "payload": None, "token": None}
    session.execute(update(OutboxItem).where(OutboxItem.ticket_number == number, _open()).values(values))


def states_of(session: Session, number: int, purpose: str, *, since: datetime) -> set[str]:
    """What became of the messages of one purpose about a ticket that were written at or after `since`."""
    rows = select(OutboxItem.status).where(
        OutboxItem.ticket_number == number, OutboxItem.purpose == purpose, OutboxItem.created_at >= since
    )
    return set(session.scalars(rows.distinct()))


def states_by_transcript(session: Session, ids: Collection[int]) -> dict[int, tuple[str, str | None]]:
    """Delivery state and reason of transcript rows that were sent; of several parts, the worst."""
    rows = session.execute(
        select(OutboxItem.transcript_id, OutboxItem.status, OutboxItem.reason).where(
            OutboxItem.transcript_id.in_(ids), OutboxItem.purpose != revisions.CHANGE
        )
    )
    states: dict[int, tuple[str, str | None]] = {}
    for transcript_id, status, reason in sorted(rows, key=lambda row: _BY_GRAVITY.index(row.status)):
        if transcript_id is not None:
            states[transcript_id] = (status, reason)
    return states


def failures(session: Session, *, limit: int = 100) -> Sequence[OutboxItem]:
    given_up = select(OutboxItem).where(OutboxItem.status == "failed")
    return session.scalars(given_up.order_by(OutboxItem.id.desc()).limit(limit)).all()


def counts(session: Session) -> dict[str, int]:
    """Messages by status."""
    rows = session.execute(select(OutboxItem.status, func.count()).group_by(OutboxItem.status)).all()
    return {status: count for status, count in rows}  # noqa: C416  # rows are Row objects


def waiting(session: Session, lane: str) -> int:
    """How many messages to an address have not left yet."""
    return session.scalar(select(func.count()).where(OutboxItem.lane == lane, _open())) or 0


def undelivered(session: Session) -> dict[str, int]:
    """Messages that wait, are being sent or failed; what went out is too much to be counted often."""
    rows = select(OutboxItem.status, func.count()).where(OutboxItem.status.in_(UNDELIVERED))
    found = {status: count for status, count in session.execute(rows.group_by(OutboxItem.status))}  # noqa: C416  # rows are Row objects
    return {status: found.get(status, 0) for status in UNDELIVERED}


def oldest(session: Session) -> datetime | None:
    """When the oldest message that still waits was written."""
    return session.scalar(select(func.min(OutboxItem.created_at)).where(_open()))


def forget_done(session: Session, *, before: datetime, limit: int) -> int:
    """Drops what was finished before `before`; how many."""
    finished = and_(~_open(), func.coalesce(OutboxItem.finished_at, OutboxItem.created_at) < before)
    old = delete(OutboxItem).where(OutboxItem.id.in_(select(OutboxItem.id).where(finished).limit(limit)))
    result = session.execute(old.execution_options(synchronize_session=False))
    return int(result.rowcount)  # type: ignore[attr-defined]  # a CursorResult, as for every DELETE


def _lease(session: Session, channel: str, room: int) -> list[Parcel]:
    token = secrets.token_hex(16)
    rows = sending.CLAIM(session, {"of_channel": channel, "room": room, "new_token": token}).all()
    return [_parcel(row, token) for row in sorted(rows, key=lambda row: row.id)]


def _addressed(session: Session, parcel: Parcel) -> Parcel:
    payload = revisions.addressed(session, parcel.lane, parcel.transcript_id, parcel.payload)
    return parcel if payload is parcel.payload else replace(parcel, payload=payload)


def _parcel(item: Any, token: str) -> Parcel:
    return Parcel(
        id=item.id,
        lane=item.lane,
        channel=item.channel,
        payload=item.payload or {},
        token=token,
        repeated=item.uncertain,
        attempts=item.attempts,
        created_at=item.created_at,
        ticket_number=item.ticket_number,
        transcript_id=item.transcript_id,
        author_id=item.author_id,
        purpose=item.purpose,
        taken_at=time.monotonic(),
    )


def _detach_replaced(session: Session, one: Delivered) -> None:
    changed = one.parcel.payload.get("message_id") if "part" in one.parcel.payload else None
    if changed is not None and str(changed) != one.external_id:
        revisions.detach(session, one.parcel.lane, str(changed))


def _finish_sent(session: Session, parcels: Collection[Parcel], *, now: datetime) -> set[int]:
    """At rest by the quick way for one, under load all at once; a server is asked once for any number."""
    few = FEW if session.get_bind().dialect.name == "sqlite" else 1
    if len(parcels) <= few:
        return {parcel.id for parcel in parcels if _finish(session, parcel, "sent", now=now)}
    held = [(parcel.id, parcel.token) for parcel in parcels]
    return set(session.scalars(sending.SENT, {"held": held, "at": now}))


def _finish(
    session: Session, parcel: Parcel, status: str, *, now: datetime, reason: str | None = None
) -> bool:
    held = {"held_id": parcel.id, "held_token": parcel.token}
    values = {"new_status": status, "new_finished_at": now, "new_reason": reason}
    return bool(sending.FINISH(session, held | values).rowcount)


def _held(parcel: Parcel) -> tuple[Any, ...]:
    return (OutboxItem.id == parcel.id, OutboxItem.token == parcel.token, OutboxItem.status == "sending")


def _open() -> Any:
    return OutboxItem.status.in_(sending.UNFINISHED)


def _cancelled() -> Any:
    return case((_open(), "cancelled"), else_=OutboxItem.status)
