"""The memory of the weekly meeting: actions stay until somebody ends them."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from storage.tables import MeetingAction


def add(
    session: Session,
    *,
    what: str,
    who: str | None,
    referent_id: int | None,
    due: date,
    noted_by_id: int,
    now: datetime,
) -> MeetingAction:
    """Notes an action of a colleague (`referent_id`) or of somebody else (`who`)."""
    action = MeetingAction(
        what=what, who=who, referent_id=referent_id, due=due, noted_by_id=noted_by_id, noted_at=now
    )
    session.add(action)
    session.flush()
    return action


def get(session: Session, action_id: int) -> MeetingAction | None:
    return session.get(MeetingAction, action_id)


def open_ones(session: Session) -> Sequence[MeetingAction]:
    """What is still to be done, the most urgent first."""
    rows = select(MeetingAction).where(MeetingAction.ended_at.is_(None))
    return session.scalars(rows.order_by(MeetingAction.due, MeetingAction.id)).all()


def ended_since(session: Session, since: datetime) -> Sequence[MeetingAction]:
    """What was ended from then on, the last first."""
    rows = select(MeetingAction).where(MeetingAction.ended_at >= since)
    return session.scalars(rows.order_by(MeetingAction.ended_at.desc(), MeetingAction.id.desc())).all()


def end(session: Session, action_id: int, ending: str, *, by_id: int, now: datetime) -> bool:
    """« done » or « dropped »; False if it was ended already."""
    return _changed(session, action_id, ended_at=now, ended_by_id=by_id, ending=ending)


def postpone(session: Session, action_id: int, due: date) -> bool:
    """Another day for it; False if it was ended already."""
    return _changed(session, action_id, due=due)


def forget_older(session: Session, *, before: datetime) -> None:
    """Drops what was ended before then; what is open stays."""
    session.execute(delete(MeetingAction).where(MeetingAction.ended_at < before))


def _changed(session: Session, action_id: int, **values: object) -> bool:
    still_open = update(MeetingAction).where(MeetingAction.id == action_id, MeetingAction.ended_at.is_(None))
    result = session.execute(still_open.values(**values))
    return bool(result.rowcount)  # type: ignore[attr-defined]  # a CursorResult, as for every UPDATE
