"""The inbox: raw events and timers, in order per lane, each handled once.

    new ──claim──▶ leased ──finish──▶ done
     ▲               │ release (database or transport away: nothing counted), put off (more may come)
     ├───────────────┤ fail (unexpected exception) or lease run out (dead process)
     │               ▼
     └── suspect: claimed alone from now on; the fifth attempt alone that fails ──▶ parked

An attempt counts only when the item was started alone: otherwise a neighbour may have killed the process.
Leases use the database's clock; `due_at` uses the clock handed in, as whoever waits for it does.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from storage import signals
from storage.claiming import UNFINISHED, claiming, due, following
from storage.columns import database_now, insert_all_once, insert_once, rows_of
from storage.failing import CLOCKS_APART, bringing_back, failing, suspects_waiting
from storage.prepared import Prepared
from storage.tables import InboxItem

NOT_DONE = ("new", "leased", "parked")
_ITEMS = rows_of(InboxItem)

LEASE_MS = 30_000
LONGEST_WAIT_MS = 10_000


class LeaseLost(Exception):
    """Somebody else has taken the item over; nothing of this turn may be kept."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """An item in hand until its lease runs out."""

    id: int
    key: str
    lane: str
    payload: dict[str, Any]
    token: str
    received_at: datetime
    put_off: bool = False
    """It was, once: no second time."""
    waited: bool = False
    """That time is over, and nothing came behind it in its lane."""


def put(
    session: Session,
    *,
    key: str,
    lane: str,
    payload: dict[str, Any],
    now: datetime,
    due_at: datetime | None = None,
) -> bool:
    """Accepts an event; False if its key is known already (then nothing changes)."""
    due_at = due_at or now
    values = {"lane": lane, "payload": payload, "received_at": now, "due_at": due_at}
    accepted = insert_once(session, InboxItem, "key", key=key, **values)
    if accepted and due_at <= now:
        signals.filled_inbox(session)
    elif accepted:
        signals.put_timer(session, (due_at - now).total_seconds())
    return accepted


def put_all(session: Session, events: Sequence[tuple[str, str, dict[str, Any]]], *, now: datetime) -> None:
    """Accepts events (key, lane, payload) in their order, at once; one that is known changes nothing."""
    at = {"received_at": now, "due_at": now}
    rows = [{"key": key, "lane": lane, "payload": payload, **at} for key, lane, payload in events]
    insert_all_once(session, InboxItem, "key", rows)
    signals.filled_inbox(session)


def put_timer(
    session: Session,
    *,
    key: str,
    lane: str,
    kind: str,
    now: datetime,
    due_at: datetime,
    **arguments: str | int,
) -> bool:
    """Asks for `TimerDue(kind, arguments)` at `due_at`; the key makes it happen once."""
    payload = {"door": "timer", "kind": kind, "arguments": arguments}
    return put(session, key=key, lane=lane, payload=payload, now=now, due_at=due_at)


def claim(session: Session, *, now: datetime, limit: int) -> list[Claimed]:
    """Takes up to `limit` items, each the first that is due in its lane, in the order of their moments.

    Suspects are left alone.
    """
    return _lease(session, _CLAIM, at=now, room=limit)


def claim_lane(session: Session, lane: str, *, now: datetime) -> list[Claimed]:
    """The same of one lane: what waits in others, however much, is not looked at."""
    return _lease(session, _CLAIM_LANE, at=now, room=1, of_lane=lane)


def claim_suspect(session: Session, *, now: datetime) -> list[Claimed]:
    """Takes one item that ended badly before; to be called with nothing else in hand."""
    return _lease(session, _CLAIM_SUSPECT, at=now, room=1)


def note_dead(session: Session, *, now: datetime, everything: bool = False) -> bool:
    """Marks the items of dead processes: leases that ran out, or all (at the start, alone on a file).

    Returns whether items wait to be claimed alone.
    """
    at = {"at": now, "soon": now + CLOCKS_APART}
    _BRING_BACK(session, at)
    if everything:
        # Longer than anything waits: the clock was set back while nothing ran.
        stuck = update(InboxItem).where(InboxItem.retry_at > database_now() + LONGEST_WAIT_MS)
        session.execute(stuck.values(retry_at=0))
    dead = _ALL_DEAD if everything else _DEAD
    dead(session, {"why": "the process ended while handling it"})
    return bool(_SUSPECTS(session, at).scalar())


def finish(session: Session, item: Claimed, *, now: datetime) -> None:
    """Done, within the turn's transaction; raises LeaseLost if the lease is somebody else's by now."""
    held = {"held_id": item.id, "held_token": item.token}
    if _FINISH(session, held | {"at": now}).rowcount == 0:
        raise LeaseLost(item.key)


def followed(session: Session, item: Claimed, *, now: datetime) -> bool:
    """Whether another item of its lane waits for it to end."""
    return bool(_FOLLOWED(session, {"of_lane": item.lane, "after": item.id, "at": now}).scalar())


def release(session: Session, item: Claimed, *, wait_ms: int = 0) -> None:
    """Gives an item back untried: the database or a door was away, or we are stopping."""
    if not wait_ms:
        signals.filled_inbox(session)
    session.execute(
        update(InboxItem)
        .where(*_held(item))
        .values(status="new", token=None, retry_at=database_now() + wait_ms, lease_until=0)
    )


def put_off(session: Session, items: Sequence[Claimed], *, now: datetime, moment: timedelta) -> None:
    """Gives items back untried; each is claimed again a moment after it came, or when something is due
    behind it. One that came longer ago has a moment from now."""
    waits = [_left(moment, since=item.received_at, now=now) for item in items]
    held = [
        {"held_id": item.id, "held_token": item.token, "until": now + wait}
        for item, wait in zip(items, waits, strict=True)
    ]
    _PUT_OFF.many(session, held)
    for wait in waits:
        signals.put_timer(session, wait.total_seconds())


def fail(session: Session, item: Claimed, reason: str) -> None:
    """The turn ended by an unexpected exception; the fifth time alone parks the item."""
    _FAIL(session, {"held_id": item.id, "held_token": item.token, "why": reason[:500]})


def park(session: Session, item: Claimed, reason: str) -> None:
    """Sets aside an item that nobody will ever be able to read; its lane goes on."""
    values = {"status": "parked", "alone": True, "token": None, "reason": reason[:500]}
    session.execute(update(InboxItem).where(*_held(item)).values(values))


def newly_parked(session: Session) -> Sequence[str]:
    """The lanes of the items that were parked since the last time this was asked: each is told once."""
    return [row.lane for row in _TELL_PARKED(session, {}).all()]


def retry_parked(session: Session, ids: Collection[int] | None = None) -> list[int]:
    """Gives parked items, all or those of `ids`, another five attempts; returns which."""
    found = update(InboxItem).where(InboxItem.status == "parked")
    if ids is not None:
        found = found.where(InboxItem.id.in_(ids))
    again = found.values(status="new", attempts=0, suspect=True, retry_at=0).returning(InboxItem.id)
    return sorted(session.scalars(again.execution_options(synchronize_session=False)))


def parked(session: Session) -> Sequence[InboxItem]:
    return session.scalars(select(InboxItem).where(InboxItem.status == "parked").order_by(InboxItem.id)).all()


def counts(session: Session) -> dict[str, int]:
    """Items by status."""
    rows = session.execute(select(InboxItem.status, func.count()).group_by(InboxItem.status)).all()
    return {status: count for status, count in rows}  # noqa: C416  # rows are Row objects


def oldest(session: Session, *, now: datetime) -> datetime | None:
    """When the oldest item that should have been handled by now was due."""
    open_items = InboxItem.status.in_(UNFINISHED)
    return session.scalar(select(func.min(InboxItem.due_at)).where(open_items, due(InboxItem, now)))


def unfinished(session: Session) -> dict[str, int]:
    """Items that are not done, by status; those that are done are too many to be counted often."""
    rows = select(InboxItem.status, func.count()).where(InboxItem.status.in_(NOT_DONE))
    found = {status: count for status, count in session.execute(rows.group_by(InboxItem.status))}  # noqa: C416  # rows are Row objects
    return {status: found.get(status, 0) for status in NOT_DONE}


def newest(session: Session, *, lanes: str = "") -> datetime | None:
    """When the last item was accepted, of those that are still known and whose lane begins like that."""
    found = select(InboxItem.received_at).where(InboxItem.lane.startswith(lanes))
    return session.scalar(found.order_by(InboxItem.id.desc()).limit(1))


def _lease(session: Session, statement: Prepared, *, at: datetime, room: int, **more: str) -> list[Claimed]:
    token = secrets.token_hex(16)
    given = {"at": at, "soon": at + CLOCKS_APART, "room": room, "new_token": token, **more}
    rows = sorted(statement(session, given).all(), key=lambda row: row.id)
    return [_claimed(row, token, at) for row in rows]


def _claimed(row: Any, token: str, at: datetime) -> Claimed:
    waited = row.put_off and row.due_at <= at
    payload = row.payload or {}
    return Claimed(row.id, row.key, row.lane, payload, token, row.received_at, row.put_off, waited)


def _left(moment: timedelta, *, since: datetime, now: datetime) -> timedelta:
    """Of a moment that began then; all of it if that is over, or if the clock was set back meanwhile."""
    passed = now - since
    return moment - passed if timedelta(0) <= passed < moment else moment


def _held(item: Claimed) -> tuple[Any, ...]:
    return (InboxItem.id == item.id, InboxItem.token == item.token, InboxItem.status == "leased")


# Built once, and on the table itself: for what each turn needs, that takes a tenth of the time.
_CLAIM = Prepared(claiming(suspect=False, lease_ms=LEASE_MS))
_CLAIM_LANE = Prepared(claiming(suspect=False, lease_ms=LEASE_MS, of_lane=True))
_CLAIM_SUSPECT = Prepared(claiming(suspect=True, lease_ms=LEASE_MS))
_FOLLOWED = Prepared(following(bindparam("of_lane"), bindparam("after"), bindparam("at")))
_IN_HAND = (
    _ITEMS.c.id == bindparam("held_id"),
    _ITEMS.c.token == bindparam("held_token"),
    _ITEMS.c.status == "leased",
)
_HELD = update(_ITEMS).where(*_IN_HAND)
_FAIL = Prepared(failing().where(*_IN_HAND))
_FINISH = Prepared(_HELD.values(status="done", payload=None, token=None, finished_at=bindparam("at")))
_PUT_OFF = Prepared(
    _HELD.values(status="new", token=None, lease_until=0, put_off=True, due_at=bindparam("until"))
)
# Once a second, beside whatever else waits for the one connection that writes.
_BRING_BACK = Prepared(bringing_back())
_ALL_DEAD = Prepared(failing().where(_ITEMS.c.status == "leased"))
_DEAD = Prepared(failing().where(_ITEMS.c.status == "leased", _ITEMS.c.lease_until < database_now()))
_SUSPECTS = Prepared(suspects_waiting())
_TELL_PARKED = Prepared(
    update(_ITEMS)
    .where(_ITEMS.c.status == "parked", _ITEMS.c.alone)
    .values(alone=False)
    .returning(_ITEMS.c.lane)
)
