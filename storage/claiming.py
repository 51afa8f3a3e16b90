"""The statement by which items of the inbox are claimed."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Update,
    and_,
    bindparam,
    exists,
    literal_column,
    or_,
    select,
    update,
)

from storage.columns import chosen_once, database_now, rows_of, usually
from storage.tables import InboxItem

# As literals: SQLite uses a partial index only where it can read the same words in the query.
NEW: ColumnElement[str] = literal_column("'new'")
UNFINISHED: tuple[ColumnElement[str], ...] = (NEW, literal_column("'leased'"))
_ITEMS = rows_of(InboxItem)


def due(item: Any, now: datetime | BindParameter[datetime]) -> Any:
    """What nobody put off is due whatever the clock says: set back, it would let later ones go first."""
    return or_(item.due_at <= now, item.due_at == item.received_at)


def claiming(*, suspect: bool, lease_ms: int, of_lane: bool = False) -> Update:
    """Leases the first `room` items that are due at `at`, each the first of its lane, to `new_token`.

    All of them, or those of the lane `of_lane` alone.
    """
    item, other, later = _ITEMS.c, _ITEMS.alias("other").c, _ITEMS.alias("later").c
    now: BindParameter[datetime] = bindparam("at")
    # A later item may be in hand already when a timer comes due.
    blocked = exists().where(
        other.lane == item.lane,
        other.status.in_(UNFINISHED),
        other.id != item.id,
        and_(other.id < item.id, or_(due(other, now), other.put_off)) | (other.status == "leased"),
    )
    followed = exists().where(_new_in(later, item.lane), later.id > item.id, due(later, now))
    takeable = or_(due(item, now), and_(item.put_off, followed))
    # By `ix_inbox_due`: of thousands of timers none is looked at long before its time.
    soon = and_(usually(item.status == NEW), item.due_at <= bindparam("soon"))
    ready = select(item.id).where(soon, takeable, ~blocked, item.suspect.is_(suspect))
    ready = ready.where(item.retry_at <= database_now())
    if of_lane:
        ready = ready.where(_new_in(item, bindparam("of_lane")))
    # Who waits alone and was tried least comes first: a machine that keeps dying must not hit the same one.
    order = (item.attempts, item.id) if suspect else (item.due_at, item.id)
    # SQLAlchemy leaves FOR UPDATE out on SQLite, where the one writer makes it needless.
    ready = ready.order_by(*order).limit(bindparam("room")).with_for_update(skip_locked=True, of=_ITEMS)
    leased = {"status": "leased", "alone": suspect, "lease_until": database_now() + lease_ms}
    return (
        update(_ITEMS)
        .where(item.id.in_(chosen_once(ready)), item.status == "new")
        .values(leased | {"token": bindparam("new_token")})
        .returning(item.id, item.key, item.lane, item.payload, item.received_at, item.put_off, item.due_at)
    )


def following(lane: Any, item_id: Any, now: BindParameter[datetime]) -> Select[bool]:
    """Whether something else of a lane is due, or was put off."""
    item = _ITEMS.c
    ready = or_(due(item, now), item.put_off)
    found = exists().where(_new_in(item, lane), item.id != item_id, ready)
    return select(found.label("followed"))


def _new_in(item: Any, lane: Any) -> ColumnElement[bool]:
    """By `ix_inbox_open`: a lane has few unfinished items, however many are new."""
    return and_(item.lane == lane, item.status.in_(UNFINISHED), usually(item.status == NEW))
