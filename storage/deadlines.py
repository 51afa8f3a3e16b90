"""Promised replies: which mark was told, which are near or over. Marks are reached once, in order."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from storage import life
from storage.tables import Ticket

Mark = Literal["near", "late", "still"]
OWED: tuple[life.State, ...] = ("waiting", "taken")
"""States in which a referent owes a reply."""
_BEFORE: Mapping[Mark, tuple[str, ...]] = {"near": (), "late": ("near",), "still": ("late",)}


def reach(session: Session, number: int, mark: Mark, *, due_at: datetime) -> bool:
    """Notes a mark; False when the promise was kept, moved or given up, or the mark was told already."""
    told_before = Ticket.reminded.in_(_BEFORE[mark])
    before = told_before if mark == "still" else or_(told_before, Ticket.reminded.is_(None))
    statement = update(Ticket).where(
        Ticket.number == number, Ticket.due_at == due_at, Ticket.state.in_(OWED), before
    )
    values: dict[str, Any] = {"reminded": mark}
    if mark != "near":
        values["stage"] = "national"  # deputies see what everybody was told of
    return life.changed_one(session, number, statement.values(values))
