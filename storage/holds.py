"""Rule-change freezes: which tags and entries are on hold, and which were."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from storage.columns import rows_of
from storage.prepared import Prepared
from storage.tables import Hold

Kind = Literal["tag", "entry"]
_HOLDS = rows_of(Hold)
_KNOWN = "holds.known"
# Built once, and on the table itself: each answer asks for it.
_TARGETS = Prepared(select(_HOLDS.c.kind, _HOLDS.c.target).where(_HOLDS.c.thawed_at.is_(None)))


def place(
    session: Session, kind: Kind, target: str, *, reason: str, referent_id: int | None, now: datetime
) -> Hold:
    hold = Hold(kind=kind, target=target, reason=reason, held_at=now, held_by_id=referent_id)
    session.add(hold)
    session.flush()
    session.info.pop(_KNOWN, None)
    return hold


def active(session: Session) -> Sequence[Hold]:
    """What is on hold now, the oldest first."""
    on_hold = select(Hold).where(Hold.thawed_at.is_(None))
    return session.scalars(on_hold.order_by(Hold.id)).all()


def targets(session: Session) -> frozenset[tuple[Kind, str]]:
    """The tags and entries that are on hold now, read once in a turn: what it says goes by one answer."""
    known: frozenset[tuple[Kind, str]] | None = session.info.get(_KNOWN)
    if known is None:
        known = frozenset((kind, target) for kind, target in _TARGETS(session, {}).all())
        session.info[_KNOWN] = known
    return known


def ended(session: Session, *, limit: int = 50) -> Sequence[Hold]:
    """What was on hold, the newest first."""
    over = select(Hold).where(Hold.thawed_at.is_not(None))
    return session.scalars(over.order_by(Hold.thawed_at.desc(), Hold.id.desc()).limit(limit)).all()


def lift(session: Session, kind: str, target: str, *, referent_id: int | None, now: datetime) -> bool:
    """Ends every hold on a tag or an entry; False when there was none (any more)."""
    on_it = update(Hold).where(Hold.kind == kind, Hold.target == target, Hold.thawed_at.is_(None))
    session.info.pop(_KNOWN, None)
    lifted = session.scalars(on_it.values(thawed_at=now, thawed_by_id=referent_id).returning(Hold.id))
    return bool(lifted.all())


def get(session: Session, hold_id: int) -> Hold | None:
    return session.get(Hold, hold_id)
