"""The statements of each delivery, built once and on the table itself.

Building one anew for each call, on the mapped class, takes a millisecond of Python; this takes a tenth.
"""

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Update,
    bindparam,
    exists,
    insert,
    literal_column,
    select,
    tuple_,
    update,
)

from storage import gates
from storage.columns import chosen_once, database_now, rows_of, usually
from storage.prepared import Prepared
from storage.tables import Gate, OutboxItem

# As literals: SQLite uses a partial index only where it can read the same words in the query.
UNFINISHED: tuple[ColumnElement[str], ...] = (literal_column("'waiting'"), literal_column("'sending'"))

LEASE_MS = 60_000
"""Longer than any sender's time-out, so that a slow call is never made twice at once."""

_ITEMS = rows_of(OutboxItem)


def _claiming() -> Update:
    """Leases the first `room` messages of `of_channel`, each the first of its lane, to `new_token`."""
    item, earlier = _ITEMS.c, _ITEMS.alias("earlier").c
    blocked = exists().where(earlier.lane == item.lane, earlier.id < item.id, earlier.status.in_(UNFINISHED))
    names = (item.lane, gates.paced(item.lane), item.channel)
    gate = rows_of(Gate).c
    shut = exists().where(gate.name.in_(names), gate.until > database_now())
    ready = (
        select(item.id)
        .where(item.status == "waiting", item.channel == bindparam("of_channel"))
        .where(item.retry_at <= database_now(), ~blocked, ~shut)
        .order_by(item.id)
        .limit(bindparam("room"))
        .with_for_update(skip_locked=True, of=_ITEMS)
    )
    leased = {"status": "sending", "lease_until": database_now() + LEASE_MS}
    return (
        update(_ITEMS)
        .where(item.id.in_(chosen_once(ready)), item.status == "waiting")
        .values(leased | {"token": bindparam("new_token")})
        .returning(*_ITEMS.c)
    )


def _waiting_in(lane: BindParameter[str]) -> ColumnElement[bool]:
    """By `ix_outbox_open`: a lane has few unfinished messages, however many wait."""
    item = _ITEMS.c
    return exists().where(
        item.lane == lane, item.status.in_(UNFINISHED), usually(item.status == UNFINISHED[0])
    )


PUT = Prepared(insert(_ITEMS))
CLAIM = Prepared(_claiming())
WAITS = Prepared(select(_waiting_in(bindparam("at_lane")).label("waits")))
DEAD = Prepared(
    update(_ITEMS)
    .where(_ITEMS.c.status == "sending", _ITEMS.c.lease_until < database_now())
    .values(status="waiting", token=None, uncertain=True)
)
FINISH = Prepared(
    update(_ITEMS)
    .where(_ITEMS.c.id == bindparam("held_id"), _ITEMS.c.token == bindparam("held_token"))
    .where(_ITEMS.c.status == "sending")
    .values(payload=None, token=None)
    .values({name: bindparam(f"new_{name}") for name in ("status", "finished_at", "reason")})
)
SENT = (
    update(_ITEMS)
    .where(tuple_(_ITEMS.c.id, _ITEMS.c.token).in_(bindparam("held", expanding=True)))
    .where(_ITEMS.c.status == UNFINISHED[1])
    .values(status="sent", payload=None, token=None, finished_at=bindparam("at"))
    .returning(_ITEMS.c.id)
)
