"""The audit log: what people at the desk did. Rows are only added, and go when their time is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, false, func, select
from sqlalchemy.orm import Session

from storage.directory import within_reach
from storage.rights import Right, may
from storage.tables import Deed, Referent


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which rows to read; what is None narrows nothing."""

    referent_id: int | None = None
    action: str | None = None
    since: datetime | None = None
    before: datetime | None = None


def add(
    session: Session,
    *,
    at: datetime,
    referent_id: int | None,
    action: str,
    channel: str,
    target_kind: str | None,
    target: str | None,
    detail: str | None,
) -> None:
    """Adds a row. `target` is an id and `detail` holds codes and dates: neither says who wrote what to us."""
    detail = detail[:200] if detail else None
    session.add(
        Deed(
            at=at,
            referent_id=referent_id,
            action=action,
            channel=channel,
            target_kind=target_kind,
            target=target[:80] if target else None,
            detail=detail,
        )
    )


def done_since(session: Session, referent_id: int, action: str, target: str, *, since: datetime) -> bool:
    """Whether somebody did this to the same target since then."""
    found = select(Deed.id).where(
        Deed.referent_id == referent_id, Deed.action == action, Deed.target == target, Deed.at >= since
    )
    return session.scalar(found.limit(1)) is not None


def listed(
    session: Session, reader: Referent, wanted: Wanted, *, limit: int, offset: int = 0
) -> Sequence[Deed]:
    """What this reader may read of it, the newest first."""
    rows = _wanted(reader, wanted).order_by(Deed.at.desc(), Deed.id.desc())
    return session.scalars(rows.limit(limit).offset(offset)).all()


def count(session: Session, reader: Referent, wanted: Wanted) -> int:
    return session.scalar(select(func.count()).select_from(_wanted(reader, wanted).subquery())) or 0


def forget_older(session: Session, *, before: datetime) -> None:
    session.execute(delete(Deed).where(Deed.at < before))


def _wanted(reader: Referent, wanted: Wanted) -> Select[Deed]:
    rows = _readable(reader)
    if wanted.referent_id is not None:
        rows = rows.where(Deed.referent_id == wanted.referent_id)
    if wanted.action is not None:
        rows = rows.where(Deed.action == wanted.action)
    if wanted.since is not None:
        rows = rows.where(Deed.at >= wanted.since)
    if wanted.before is not None:
        rows = rows.where(Deed.at < wanted.before)
    return rows


def _readable(reader: Referent) -> Select[Deed]:
    """Administrators read all, leads what those who serve their regions did, others nothing."""
    rows = select(Deed)
    if may(reader, Right.JOURNAL):
        return rows
    if may(reader, Right.REGION_STAFF):
        return rows.where(Deed.referent_id.in_(within_reach(reader)))
    return rows.where(false())
