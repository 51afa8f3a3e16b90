"""Entries to mend since an answer of theirs was judged wrong or incomplete, and who is to be told.

At most one stands for each entry. It ends when the entry is mended, or said again.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, Text, Update, and_, cast, delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from storage.columns import rows_of
from storage.directory import in_office
from storage.quality import given
from storage.rights import Right, holders
from storage.tables import Contact, Correction, Question, Referent, Repair

LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Somebody who had an answer, and when last."""

    contact: Contact
    at: datetime
    audience: str | None
    territory: str | None
    told: bool


def begin(
    session: Session, entry_id: str, verdict: str, *, note: str, by_id: int, now: datetime
) -> Repair | None:
    """A new one; None when one of this entry stands already."""
    repair = Repair(entry_id=entry_id, verdict=verdict, note=note or None, opened_at=now, opened_by_id=by_id)
    try:
        with session.begin_nested():
            session.add(repair)
    except IntegrityError:
        return None
    return repair


def worsen(session: Session, repair: Repair) -> bool:
    """What was incomplete is wrong; False if it was wrong already."""
    worse = update(Repair).where(Repair.id == repair.id, Repair.verdict == "incomplete")
    return _changed(session, repair, worse.values(verdict="wrong"))


def add_note(session: Session, repair: Repair, note: str) -> None:
    """Another one found something wrong with it, too."""
    if note and note not in (repair.note or ""):
        repair.note = " · ".join(filter(None, (repair.note, note)))[:LONGEST_NOTE]


def end(session: Session, repair: Repair, *, by_id: int | None, now: datetime) -> bool:
    """The entry is mended; False if it was ended before."""
    ended = update(Repair).where(Repair.id == repair.id, Repair.ended_at.is_(None))
    return _changed(session, repair, ended.values(ended_at=now, ended_by_id=by_id))


def write_correction(session: Session, repair: Repair, words: str, *, by_id: int, now: datetime) -> bool:
    """What those who had the answer are told; False when somebody wrote that before."""
    first = update(Repair).where(Repair.id == repair.id, Repair.correction.is_(None))
    return _changed(session, repair, first.values(correction=words, corrected_at=now, corrected_by_id=by_id))


def get(session: Session, repair_id: int) -> Repair | None:
    return session.get(Repair, repair_id)


def standing_of(session: Session, entry_id: str) -> Repair | None:
    found = select(Repair).where(Repair.entry_id == entry_id, Repair.ended_at.is_(None))
    return session.scalar(found.with_for_update().execution_options(populate_existing=True))


def standing(session: Session) -> Sequence[Repair]:
    """Those that are not ended: wrong ones first, then the oldest."""
    found = select(Repair).where(Repair.ended_at.is_(None))
    return session.scalars(found.order_by(Repair.verdict.desc(), Repair.id)).all()


def any_wrong(session: Session, entry_ids: Collection[str]) -> bool:
    """Whether one of these entries waits to be mended because it was wrong."""
    found = select(Repair.id).where(
        Repair.entry_id.in_(entry_ids), Repair.ended_at.is_(None), Repair.verdict == "wrong"
    )
    return session.scalar(found.limit(1)) is not None


def count_standing(session: Session) -> int:
    return session.scalar(select(func.count()).where(Repair.ended_at.is_(None))) or 0


def editors(session: Session) -> Sequence[Referent]:
    """Who mends entries: those of that role, without any everybody who may."""
    may = in_office().where(holders(Right.CONTENT)).order_by(Referent.id)
    found = session.scalars(may).all()
    return [one for one in found if one.role == "editor"] or found


def receivers(session: Session, repair: Repair, *, since: datetime) -> list[Receiver]:
    """Who had this entry's answer from then on until it was mended and is still known, the last first."""
    newest: dict[int, tuple[Question, Contact]] = {}
    for question, contact in session.execute(_had(repair, since).order_by(Question.id)):
        if repair.entry_id in (question.entry_id, *given(question)):
            newest[contact.id] = question, contact
    told = set(session.scalars(select(Correction.contact_id).where(Correction.repair_id == repair.id)))
    found = [
        Receiver(
            contact=contact,
            at=question.asked_at,
            audience=question.audience,
            territory=question.territory,
            told=contact.id in told,
        )
        for question, contact in newest.values()
    ]
    return sorted(found, key=lambda one: (one.at, one.contact.id), reverse=True)


def note_told(session: Session, repair: Repair, contact_ids: Sequence[int], *, now: datetime) -> None:
    """Notes who is told, in the transaction that tells them."""
    rows = [{"repair_id": repair.id, "contact_id": one, "told_at": now} for one in contact_ids]
    if rows:
        session.execute(rows_of(Correction).insert(), rows)


def count_told(session: Session, repair_id: int) -> int:
    """Of those who are still known."""
    return session.scalar(select(func.count()).where(Correction.repair_id == repair_id)) or 0


def lock(session: Session, repair_id: int) -> Repair | None:
    """Keeps others from telling the same people until the transaction ends."""
    return session.get(Repair, repair_id, with_for_update=True, populate_existing=True)


def forget_older(session: Session, *, before: datetime) -> None:
    """Drops what ended before then, and who was told of it."""
    old = select(Repair.id).where(Repair.ended_at < before)
    session.execute(delete(Correction).where(Correction.repair_id.in_(old)))
    session.execute(delete(Repair).where(Repair.ended_at < before))


def _had(repair: Repair, since: datetime) -> Select[Question, Contact]:
    # The candidates as text narrow them to a few rows, whose marks are then read.
    named = cast(Question.candidates, Text).contains(f'"{repair.entry_id}"', autoescape=True)
    at_once = and_(Question.outcome == "answer", named)
    found = (
        select(Question, Contact)
        .join(Contact, Contact.id == Question.contact_id)
        .where(Question.asked_at >= since, or_(Question.entry_id == repair.entry_id, at_once))
    )
    return found if repair.ended_at is None else found.where(Question.asked_at < repair.ended_at)


def _changed(session: Session, repair: Repair, statement: Update) -> bool:
    result = session.execute(statement.execution_options(synchronize_session=False))
    session.refresh(repair)
    return bool(result.rowcount)  # type: ignore[attr-defined]  # a CursorResult, as for every UPDATE
