"""The directory of structures: who may see which, lists, and their steps.

A step from one stage to another is a conditional update: of two at once, one is done.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from storage.rights import Right, may
from storage.tables import (
    Absence,
    Reach,
    Referent,
    ReferentTerritory,
    Structure,
    StructureEvent,
)

MOST = 5_000
LAST = "reimbursed"
"""The stage after which nothing more is waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which structures to list; None narrows nothing."""

    territories: frozenset[str] | None = None
    kind: str | None = None
    stage: str | None = None
    stuck_since: date | None = None
    """Only those that came to their stage on that day or before, and have some way to go."""
    named: str | None = None
    """The whole folded name."""
    words: str | None = None
    """A part of the folded name, or the beginning of a SIRET."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What a structure is; its way is in its stages."""

    name: str
    folded: str
    kind: str
    territory: str
    siret: str | None = None
    contact_name: str | None = None
    contact_email: str | None = None


def reach(session: Session, who: Referent, *, now: datetime) -> frozenset[str] | None:
    """The territories whose structures somebody sees and keeps; None is all of them.

    While somebody is away, theirs are their replacement's too.
    """
    if may(who, Right.ALL_TICKETS):
        return None
    own = Reach if may(who, Right.REGION_TICKETS) else ReferentTerritory
    replaced = (
        select(ReferentTerritory.territory)
        .join(Absence, Absence.referent_id == ReferentTerritory.referent_id)
        .where(Absence.replacement_id == who.id, Absence.starts_at <= now, Absence.ends_at > now)
    )
    return frozenset(session.scalars(select(own.territory).where(own.referent_id == who.id).union(replaced)))


def for_referent(session: Session, structure_id: int, who: Referent, *, now: datetime) -> Structure | None:
    """The only way from a number to a structure: not found and not theirs read the same."""
    found = session.get(Structure, structure_id)
    codes = reach(session, who, now=now)
    return found if found is not None and (codes is None or found.territory in codes) else None


def listed(session: Session, wanted: Wanted, *, limit: int = MOST, skip: int = 0) -> Sequence[Structure]:
    """Those that wait longest for their next stage first; `skip` of them are left out."""
    rows = select(Structure).where(_fits(wanted)).order_by(Structure.since, Structure.folded, Structure.id)
    return session.scalars(rows.limit(limit).offset(skip)).all()


def count(session: Session, wanted: Wanted) -> int:
    return session.scalar(select(func.count()).select_from(Structure).where(_fits(wanted))) or 0


def by_siret(session: Session, siret: str) -> Structure | None:
    return session.scalar(select(Structure).where(Structure.siret == siret))


def by_name(session: Session, folded: str, territory: str) -> Structure | None:
    named = select(Structure).where(Structure.folded == folded, Structure.territory == territory)
    return session.scalar(named)


def add(
    session: Session, details: Details, *, stage: str, since: date, now: datetime, by_id: int | None
) -> Structure:
    """A new structure at its stage, with the first line of its history."""
    structure = Structure(**_fields(details), stage=stage, since=since, added_at=now)
    structure.contact_at = now if _has_contact(structure) else None
    session.add(structure)
    session.flush()
    note(session, structure.id, "added", now=now, by_id=by_id, stage=stage, reached=since)
    return structure


def change(session: Session, structure: Structure, details: Details, *, now: datetime) -> list[str]:
    """Writes what differs; the names of the fields that did. A contact that is written again counts anew."""
    before = structure.contact_name, structure.contact_email
    changed = [name for name, value in _fields(details).items() if getattr(structure, name) != value]
    for name in changed:
        setattr(structure, name, getattr(details, name))
    if (structure.contact_name, structure.contact_email) != before:
        structure.contact_at = now if _has_contact(structure) else None
    session.flush()
    return [name for name in changed if name != "folded"]


def move(session: Session, structure_id: int, *, of: str, to: str, since: date) -> bool:
    """Comes to another stage, or to the same on another day; False when it is at `of` no more."""
    step = update(Structure).where(Structure.id == structure_id, Structure.stage == of)
    result = session.execute(step.values(stage=to, since=since))
    return bool(result.rowcount)  # type: ignore[attr-defined]  # a CursorResult, as for every UPDATE


def note(
    session: Session,
    structure_id: int,
    what: str,
    *,
    now: datetime,
    by_id: int | None,
    stage: str | None = None,
    reached: date | None = None,
    detail: str | None = None,
) -> None:
    """Adds a line to a structure's history."""
    session.add(
        StructureEvent(
            structure_id=structure_id,
            at=now,
            what=what,
            stage=stage,
            reached=reached,
            detail=detail,
            by_id=by_id,
        )
    )


def history(session: Session, structure_id: int) -> Sequence[StructureEvent]:
    events = select(StructureEvent).where(StructureEvent.structure_id == structure_id)
    return session.scalars(events.order_by(StructureEvent.id)).all()


def remove(session: Session, structure_id: int) -> None:
    """The structure with its history; its tickets stay, and belong to none."""
    session.execute(delete(Structure).where(Structure.id == structure_id))


def places(session: Session, wanted: Wanted) -> dict[tuple[str, str], int]:
    """How many there are of each kind in each territory."""
    rows = select(Structure.territory, Structure.kind, func.count()).where(_fits(wanted))
    found = session.execute(rows.group_by(Structure.territory, Structure.kind))
    return {(territory, kind): number for territory, kind, number in found}


def _fields(details: Details) -> dict[str, str | None]:
    return {
        "name": details.name,
        "folded": details.folded,
        "kind": details.kind,
        "territory": details.territory,
        "siret": details.siret,
        "contact_name": details.contact_name,
        "contact_email": details.contact_email,
    }


def _has_contact(structure: Structure) -> bool:
    return structure.contact_name is not None or structure.contact_email is not None


def _fits(wanted: Wanted) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.territories is not None:
        conditions.append(Structure.territory.in_(sorted(wanted.territories)))
    if wanted.kind is not None:
        conditions.append(Structure.kind == wanted.kind)
    if wanted.stage is not None:
        conditions.append(Structure.stage == wanted.stage)
    if wanted.stuck_since is not None:
        conditions += [Structure.stage != LAST, Structure.since <= wanted.stuck_since]
    if wanted.named is not None:
        conditions.append(Structure.folded == wanted.named)
    if wanted.words is not None:
        named = Structure.folded.contains(wanted.words, autoescape=True)
        conditions.append(or_(named, Structure.siret.startswith(wanted.words, autoescape=True)))
    return and_(True, *conditions)
