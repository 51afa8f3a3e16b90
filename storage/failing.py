"""The statements by which items of the inbox come again: after a failure, a death or a clock set back."""

from datetime import datetime, timedelta

from sqlalchemy import BindParameter, Select, Update, and_, bindparam, case, exists, or_, select, update

from storage.claiming import NEW, due
from storage.columns import database_now, rows_of, seconds_between
from storage.tables import InboxItem

CLOCKS_APART = timedelta(minutes=1)
"""By how much another machine's clock may be ahead for its events to be handled at once, not in a second."""
ATTEMPTS = 5
"""Attempts alone before an item is parked."""

_ITEMS = rows_of(InboxItem)


def bringing_back() -> Update:
    """What is to come although nobody put it off, or not for so long, since the clock was set back."""
    item = _ITEMS.c
    now: BindParameter[datetime] = bindparam("at")
    soon: BindParameter[datetime] = bindparam("soon")
    # A short wait was for some seconds; a long one is for a moment of the clock, and keeps it.
    waits = seconds_between(item.received_at, item.due_at)
    short = and_(item.received_at > soon, waits <= CLOCKS_APART.total_seconds())
    too_long = and_(item.put_off, item.due_at > soon)
    early = update(_ITEMS).where(item.status == NEW, item.due_at > now)
    early = early.where(or_(item.due_at == item.received_at, too_long, short))
    return early.values(received_at=now, due_at=now)


def failing() -> Update:
    """One more attempt ended badly, for the reason `why`; alone from now on, and later each time."""
    item = _ITEMS.c
    counted = item.attempts + case((item.alone, 1), else_=0)
    wait = case((item.alone, 1000 * (1 + item.attempts)), else_=0)
    return update(_ITEMS).values(
        status=case((counted >= ATTEMPTS, "parked"), else_="new"),
        attempts=counted,
        suspect=True,
        token=None,
        reason=bindparam("why"),
        retry_at=database_now() + wait,
    )


def suspects_waiting() -> Select[bool]:
    """Whether any of them may be tried by now."""
    item = _ITEMS.c
    takeable = and_(item.status == NEW, item.retry_at <= database_now())
    waiting = exists().where(item.suspect, due(item, bindparam("at")), takeable)
    return select(waiting.label("waiting"))
