"""Who was given which week's pack: each is given once, whatever happens around it."""

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from storage.tables import Referent


def give_once(session: Session, referent: Referent, week: str) -> bool:
    """Notes that a referent gets the pack of « 2026-W48 » now; False if they had it, or a later one."""
    not_yet = or_(Referent.told_week.is_(None), Referent.told_week < week)
    noted = update(Referent).where(Referent.id == referent.id, not_yet).values(told_week=week)
    changed = session.execute(noted.execution_options(synchronize_session=False))
    session.refresh(referent)
    return bool(changed.rowcount)  # type: ignore[attr-defined]  # a CursorResult, as for every UPDATE
