"""Puts what waits in a lane into the order in which it happened, when it arrived in another one."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from storage.tables import InboxItem

Rank = Callable[[str], int | None]
"""The place of a key among those of its kind; None for what has none, such as timers."""

_MOVED = ("key", "payload", "received_at", "due_at", "put_off")


def restore(session: Session, lane: str, rank: Rank) -> None:
    """Of the items that wait in `lane` and have a rank the lowest comes first; the others keep their place.

    Nothing is waited for: what is in hand or done already stays before what comes late.
    """
    columns = [getattr(InboxItem, name) for name in _MOVED]
    waiting = (
        select(InboxItem.id, *columns)
        .where(InboxItem.lane == lane, InboxItem.status == "new", InboxItem.suspect.is_(False))
        .order_by(InboxItem.id)
        .with_for_update()
    )
    rows = [row for row in session.execute(waiting).all() if rank(row.key) is not None]
    wanted = sorted(rows, key=lambda row: rank(row.key) or 0)
    moves = [(row.id, other) for row, other in zip(rows, wanted, strict=True) if row.id != other.id]
    if moves:
        _move(session, moves)


def _move(session: Session, moves: Sequence[tuple[int, Any]]) -> None:
    places = [place for place, _ in moves]
    # Two items have the same key for a moment otherwise, and keys are unique.
    apart = update(InboxItem).where(InboxItem.id.in_(places)).values(key=InboxItem.key + "~")
    session.execute(apart.execution_options(synchronize_session=False))
    for place, item in moves:
        values = {name: getattr(item, name) for name in _MOVED}
        statement = update(InboxItem).where(InboxItem.id == place).values(values)
        session.execute(statement.execution_options(synchronize_session=False))
