"""Opening hours and targets as they were set: the national ones, territories', referents' own."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from storage.columns import insert_once
from storage.rows import by_key
from storage.tables import Schedule

NATIONAL = "national"
Periods = Sequence[tuple[int, int, int]]


def of_territory(code: str) -> str:
    return f"territory:{code}"


def of_referent(referent_id: int) -> str:
    return f"referent:{referent_id}"


def get(session: Session, owner: str) -> Schedule | None:
    return by_key(session, Schedule, owner)


def of_many(session: Session, owners: Collection[str]) -> dict[str, Schedule]:
    """What each of these owners has set, of those who have."""
    found = {owner: get(session, owner) for owner in owners}
    return {owner: schedule for owner, schedule in found.items() if schedule is not None}


def territories(session: Session) -> dict[str, Schedule]:
    """What is set for territories, by code."""
    prefix = of_territory("")
    found = session.scalars(
        select(Schedule).where(Schedule.owner.startswith(prefix)).order_by(Schedule.owner)
    )
    return {one.owner.removeprefix(prefix): one for one in found}


def keep(session: Session, owner: str, *, periods: Periods | None, reply_days: float | None) -> None:
    """Replaces what an owner has set; all None is nothing set."""
    if periods is None and reply_days is None:
        drop(session, owner)
        return
    insert_once(session, Schedule, "owner", owner=owner)
    kept = session.get_one(Schedule, owner)
    kept.periods = [list(period) for period in periods] if periods is not None else None
    kept.reply_days = reply_days
    session.flush()


def drop(session: Session, owner: str) -> None:
    """Back to what the next wider one has set."""
    session.execute(delete(Schedule).where(Schedule.owner == owner))
