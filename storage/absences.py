"""When referents are away: whole days, at most one absence of a referent at a time."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, or_, select, true
from sqlalchemy.orm import Session

from storage import directory
from storage.rights import Right, may
from storage.tables import Absence, Reach, Referent, ReferentTerritory


def note(
    session: Session,
    referent_id: int,
    *,
    starts_at: datetime,
    ends_at: datetime,
    replacement_id: int | None = None,
) -> Absence:
    """Notes an absence. It takes its days from those noted before, and joins one with the same replacement.

    Returns it as it stands then.
    """
    starts, ends = starts_at, ends_at
    for before in _touching(session, referent_id, starts_at, ends_at):
        if before.replacement_id == replacement_id:
            starts, ends = min(starts, before.starts_at), max(ends, before.ends_at)
            session.delete(before)
        else:
            _give_way(session, before, starts_at, ends_at)
    absence = Absence(referent_id=referent_id, starts_at=starts, ends_at=ends, replacement_id=replacement_id)
    session.add(absence)
    session.flush()
    return absence


def to_come(session: Session, referent_id: int, *, now: datetime) -> Sequence[Absence]:
    """A referent's present and future absences."""
    mine = select(Absence).where(Absence.referent_id == referent_id, Absence.ends_at > now)
    return session.scalars(mine.order_by(Absence.starts_at)).all()


def overlapping(
    session: Session, referent_id: int, starts_at: datetime, ends_at: datetime
) -> Sequence[Absence]:
    """A referent's absences of which at least a part lies in between."""
    within = _within(starts_at, ends_at)
    return session.scalars(
        select(Absence).where(Absence.referent_id == referent_id, within).order_by(Absence.starts_at)
    ).all()


def replaced_by(
    session: Session, referent_id: int, starts_at: datetime, ends_at: datetime
) -> Sequence[Absence]:
    """Absences of others in which a referent stands in, at least a part of which lies in between."""
    within = _within(starts_at, ends_at)
    return session.scalars(
        select(Absence).where(Absence.replacement_id == referent_id, within).order_by(Absence.starts_at)
    ).all()


def between(session: Session, starts_at: datetime, ends_at: datetime) -> Sequence[Absence]:
    """Everybody's absences of which a part lies in between: for reckoning, not for showing."""
    return session.scalars(select(Absence).where(_within(starts_at, ends_at))).all()


def visible(
    session: Session, who: Referent, starts_at: datetime, ends_at: datetime
) -> Sequence[tuple[Absence, Referent]]:
    """The absences that somebody may see, with whose they are, by day and name.

    Their own and those in which they stand in; those of their colleagues, of their regions, or all, by right.
    """
    rows = (
        select(Absence, Referent)
        .join(Referent, Referent.id == Absence.referent_id)
        .where(Referent.removed_at.is_(None), _within(starts_at, ends_at), _seen_by(who))
        .order_by(Absence.starts_at, Referent.name)
    )
    return [(absence, referent) for absence, referent in session.execute(rows)]


def for_staff(session: Session, absence_id: int, who: Referent) -> Absence | None:
    """The only way from a number to an absence: one's own, or of somebody whose absences one may note."""
    absence = session.get(Absence, absence_id)
    if absence is None:
        return None
    theirs = (
        absence.referent_id == who.id or directory.for_lead(session, absence.referent_id, who) is not None
    )
    return absence if theirs else None


def end(session: Session, absence: Absence, *, now: datetime) -> None:
    """Takes an absence back; of one that has begun, what is over stays: its replacement had the demands."""
    if absence.starts_at < now:
        absence.ends_at = min(absence.ends_at, now)
    else:
        session.delete(absence)
    session.flush()


def forget_older(session: Session, *, before: datetime) -> None:
    session.execute(delete(Absence).where(Absence.ends_at < before))


def _touching(session: Session, referent_id: int, starts_at: datetime, ends_at: datetime) -> list[Absence]:
    near = select(Absence).where(
        Absence.referent_id == referent_id, Absence.starts_at <= ends_at, Absence.ends_at >= starts_at
    )
    return list(session.scalars(near))


def _give_way(session: Session, before: Absence, starts_at: datetime, ends_at: datetime) -> None:
    """What is left of an absence outside the days of another: nothing, one piece or two."""
    pieces = [
        (before.starts_at, min(before.ends_at, starts_at)),
        (max(before.starts_at, ends_at), before.ends_at),
    ]
    session.delete(before)
    session.add_all(
        Absence(
            referent_id=before.referent_id, starts_at=start, ends_at=end, replacement_id=before.replacement_id
        )
        for start, end in pieces
        if start < end
    )


def _within(starts_at: datetime, ends_at: datetime) -> ColumnElement[bool]:
    return (Absence.starts_at < ends_at) & (Absence.ends_at > starts_at)


def _seen_by(who: Referent) -> ColumnElement[bool]:
    if may(who, Right.ALL_ABSENCES):
        return true()
    near = Reach if may(who, Right.REGION_STAFF) else ReferentTerritory
    territories = select(near.territory).where(near.referent_id == who.id)
    colleagues = select(ReferentTerritory.referent_id).where(ReferentTerritory.territory.in_(territories))
    mine = or_(Absence.referent_id == who.id, Absence.replacement_id == who.id)
    return or_(mine, Absence.referent_id.in_(colleagues))
