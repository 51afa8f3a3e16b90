"""The directory of referents: who they are, what they serve, when they are away."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, bindparam, delete, false, func, or_, select
from sqlalchemy.orm import Session

from storage import schedules
from storage.columns import rows_of
from storage.prepared import Prepared
from storage.rights import Right, holders, may
from storage.rows import WholeRows
from storage.tables import Absence, Reach, Referent, ReferentTerritory


def add(
    session: Session, *, name: str, role: str, national: bool, email: str | None, now: datetime
) -> Referent:
    referent = Referent(name=name, role=role, national=national, email=email, created_at=now)
    session.add(referent)
    session.flush()
    return referent


def get(session: Session, referent_id: int) -> Referent | None:
    """A referent in office."""
    referent = session.get(Referent, referent_id)
    return referent if referent is not None and referent.removed_at is None else None


def stays(session: Session, referent: Referent) -> bool:
    """Whether a referent is in office, and will be until the transaction ends."""
    session.flush()  # what is read again forgets what was not written yet
    session.refresh(referent, with_for_update={"read": True})
    return referent.removed_at is None


def for_administrator(session: Session, referent_id: int, admin: Referent) -> Referent | None:
    """The only way from a number to a referent for changes: not found and not allowed read the same."""
    return get(session, referent_id) if may(admin, Right.DIRECTORY) else None


def for_lead(session: Session, referent_id: int, who: Referent) -> Referent | None:
    """The same for reading details and noting absences: a lead reaches who serves their regions."""
    return session.scalar(_led_by(who).where(Referent.id == referent_id))


def led_by(session: Session, who: Referent) -> Sequence[Referent]:
    """Whose details somebody may read and whose absences they may note, by name."""
    return session.scalars(_led_by(who).order_by(Referent.name)).all()


def _led_by(who: Referent) -> Select[Referent]:
    people = in_office()
    return people if may(who, Right.DIRECTORY) else people.where(Referent.id.in_(within_reach(who)))


def within_reach(lead: Referent) -> Select[int]:
    """Numbers of those who serve the regions of a lead, themselves included; nobody for who is none."""
    reach = select(Reach.territory).where(Reach.referent_id == lead.id)
    serving = select(ReferentTerritory.referent_id).where(ReferentTerritory.territory.in_(reach))
    return serving if may(lead, Right.REGION_STAFF) else serving.where(false())


def in_office() -> Select[Referent]:
    """Referents who were not removed."""
    return select(Referent).where(Referent.removed_at.is_(None))


def name_of(session: Session, referent_id: int | None) -> str | None:
    """The name behind a number, of those removed too."""
    referent = session.get(Referent, referent_id) if referent_id is not None else None
    return referent.name if referent is not None else None


def by_name(session: Session, name: str) -> Referent | None:
    """Compared here, not in SQL: SQLite's lower() knows no « É »."""
    wanted = name.strip().casefold()
    return next((one for one in everyone(session) if one.name.casefold() == wanted), None)


def by_telegram(session: Session, telegram_id: int) -> Referent | None:
    session.flush()
    referent_id = _BY_TELEGRAM(session, {"account": telegram_id}).scalar()
    return session.get(Referent, referent_id) if referent_id is not None else None


def by_email(session: Session, email: str) -> Referent | None:
    found = in_office().where(func.lower(Referent.email) == email.strip().lower())
    return session.scalars(found.order_by(Referent.id)).first()


def everyone(session: Session) -> Sequence[Referent]:
    """All in office, by name."""
    return session.scalars(in_office().order_by(Referent.name)).all()


def removed(session: Session) -> dict[int, str]:
    """Those who left, by id."""
    rows = session.execute(select(Referent.id, Referent.name).where(Referent.removed_at.is_not(None)))
    return {referent_id: name for referent_id, name in rows}  # noqa: C416  # rows are Row objects


def writing(session: Session) -> Sequence[Referent]:
    """Those with something begun in their chat, in office or not."""
    return session.scalars(select(Referent).where(Referent.awaiting.is_not(None))).all()


def serving(session: Session, territory: str) -> Sequence[Referent]:
    """Who serves a territory, oldest in the directory first."""
    return _SERVING(session, {"code": territory})


def region_pool(session: Session, territory: str) -> Sequence[Referent]:
    """Who serves any territory of the same region, its leads included."""
    near = select(Reach.referent_id).where(Reach.territory == territory)
    rows = select(Referent).where(Referent.id.in_(near), Referent.removed_at.is_(None))
    return session.scalars(rows.order_by(Referent.id)).all()


def national_desk(session: Session) -> Sequence[Referent]:
    """Who answers for all territories."""
    return _NATIONAL_DESK(session, {})


def keep_heads(session: Session) -> None:
    """Nobody else changes who administers or holds the national desk until the transaction ends."""
    heads = in_office().where(or_(holders(Right.DIRECTORY), holders(Right.NATIONAL_DESK)))
    locked = heads.order_by(Referent.id).with_for_update(of=Referent)
    session.scalars(locked.execution_options(populate_existing=True)).all()


def administrators(session: Session) -> Sequence[Referent]:
    return _ADMINISTRATORS(session, {})


def territories_of(session: Session, referent_id: int) -> list[str]:
    return [row.territory for row in _TERRITORIES_OF(session, {"referent": referent_id}).all()]


def reach_of(session: Session, referent_id: int) -> list[str]:
    """The territories of the regions that a referent serves in."""
    mine = select(Reach.territory).where(Reach.referent_id == referent_id)
    return list(session.scalars(mine.order_by(Reach.territory)))


def by_territory(session: Session) -> dict[str, list[Referent]]:
    """Who serves each territory that somebody serves."""
    rows = select(ReferentTerritory.territory, Referent).join(
        Referent, Referent.id == ReferentTerritory.referent_id
    )
    found: dict[str, list[Referent]] = {}
    for territory, referent in session.execute(rows.where(Referent.removed_at.is_(None))):
        found.setdefault(territory, []).append(referent)
    return found


def assign(
    session: Session, referent: Referent, territories: Collection[str], *, reach: Collection[str] = ()
) -> None:
    """Replaces the territories that a referent serves; `reach`, all those of their regions."""
    for table, wanted in ((ReferentTerritory, set(territories)), (Reach, set(reach))):
        mine = table.referent_id == referent.id
        known = set(session.scalars(select(table.territory).where(mine)))
        session.execute(delete(table).where(mine, table.territory.in_(known - wanted)))
        session.add_all(table(referent_id=referent.id, territory=code) for code in sorted(wanted - known))
    session.flush()


def absence(session: Session, referent_id: int, *, now: datetime) -> Absence | None:
    """The absence that a referent is in, if any."""
    return next(iter(_ABSENCE(session, {"referent": referent_id, "at": now})), None)


def remove(session: Session, referent: Referent, *, now: datetime) -> None:
    """Out of office: keeps the name for the history, gives everything else free."""
    referent.removed_at = now
    referent.telegram_id = None
    referent.email = None
    schedules.drop(session, schedules.of_referent(referent.id))
    assign(session, referent, ())


# Built once, and on the tables themselves: whoever is handed over waits for these, and each message asks
# whether a referent wrote it.
_PEOPLE = rows_of(Referent)
_SERVED, _AWAY = rows_of(ReferentTerritory), rows_of(Absence)
_IN_OFFICE = select(_PEOPLE).where(_PEOPLE.c.removed_at.is_(None)).order_by(_PEOPLE.c.id)
_SERVING = WholeRows(
    Referent,
    _IN_OFFICE.join(_SERVED, _SERVED.c.referent_id == _PEOPLE.c.id).where(
        _SERVED.c.territory == bindparam("code")
    ),
)
_NATIONAL_DESK = WholeRows(Referent, _IN_OFFICE.where(holders(Right.NATIONAL_DESK, _PEOPLE.c)))
_ADMINISTRATORS = WholeRows(Referent, _IN_OFFICE.where(holders(Right.DIRECTORY, _PEOPLE.c)))
_TERRITORIES_OF = Prepared(
    select(_SERVED.c.territory)
    .where(_SERVED.c.referent_id == bindparam("referent"))
    .order_by(_SERVED.c.territory)
)
_ABSENCE = WholeRows(
    Absence,
    select(_AWAY)
    .where(_AWAY.c.referent_id == bindparam("referent"))
    .where(_AWAY.c.starts_at <= bindparam("at"), _AWAY.c.ends_at > bindparam("at"))
    .order_by(_AWAY.c.ends_at.desc()),
)
_BY_TELEGRAM = Prepared(
    select(_PEOPLE.c.id).where(_PEOPLE.c.telegram_id == bindparam("account"), _PEOPLE.c.removed_at.is_(None))
)
