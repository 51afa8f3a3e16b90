"""What referents propose to learn. A decision is a conditional update: two editors decide once.

waiting ──accept──▶ accepted ──export──▶ exported
   └────reject────▶ rejected ◀──withdraw──┘
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import and_, bindparam, delete, func, not_, or_, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from storage.columns import rows_of
from storage.learning_tables import IN_EFFECT
from storage.prepared import Prepared
from storage.tables import Proposal

Kind = Literal["phrasing", "entry", "off_topic"]
STANDING = ("accepted", "exported")
_ROWS = rows_of(Proposal)
# Built once, and on the table itself: each question asks for them.
_HEEDED = select(_ROWS.c.kind, _ROWS.c.target, _ROWS.c.text).where(text(IN_EFFECT)).order_by(_ROWS.c.id)
_IN_EFFECT = Prepared(_HEEDED)
_TAUGHT = Prepared(_HEEDED.where(_ROWS.c.wording == bindparam("said")))


class Taught(NamedTuple):
    """What an accepted proposal adds to what the bot says."""

    kind: Kind
    target: str | None
    text: str


def add(
    session: Session,
    *,
    kind: Kind,
    target: str | None,
    words: str,
    wording: str,
    draft: Mapping[str, Any] | None = None,
    referent_id: int | None,
    now: datetime,
) -> Proposal:
    """A new proposal, waiting. `words` hold nothing personal; `wording` is their folded form."""
    proposal = Proposal(
        kind=kind,
        target=target,
        text=words,
        wording=wording,
        draft=dict(draft) if draft is not None else None,
        proposed_by_id=referent_id,
        proposed_at=now,
    )
    session.add(proposal)
    session.flush()
    return proposal


def get(session: Session, proposal_id: int) -> Proposal | None:
    return session.get(Proposal, proposal_id)


def waiting(session: Session, *, limit: int = 200) -> Sequence[Proposal]:
    """What is to be decided on, the oldest first."""
    found = select(Proposal).where(Proposal.state == "waiting").order_by(Proposal.id).limit(limit)
    return session.scalars(found).all()


def count_waiting(session: Session) -> int:
    return session.scalar(select(func.count()).where(Proposal.state == "waiting")) or 0


def of_referent(session: Session, referent_id: int, *, limit: int = 20) -> Sequence[Proposal]:
    """What one referent proposed, the newest first."""
    mine = select(Proposal).where(Proposal.proposed_by_id == referent_id)
    return session.scalars(mine.order_by(Proposal.id.desc()).limit(limit)).all()


def standing(session: Session, *, limit: int = 50) -> Sequence[Proposal]:
    """What was accepted and is not in the content's files as they are read, the newest first."""
    found = select(Proposal).where(Proposal.state.in_(STANDING), Proposal.joined_at.is_(None))
    return session.scalars(found.order_by(Proposal.id.desc()).limit(limit)).all()


def accepted(session: Session) -> Sequence[Proposal]:
    """What waits for its export, in the order of the decisions."""
    found = select(Proposal).where(Proposal.state == "accepted")
    return session.scalars(found.order_by(Proposal.decided_at, Proposal.id)).all()


def exported(session: Session) -> Sequence[Proposal]:
    """What was written into the content's files, and not yet found in the content as it is read."""
    found = select(Proposal).where(Proposal.state == "exported", Proposal.joined_at.is_(None))
    return session.scalars(found.order_by(Proposal.id)).all()


def drafted(session: Session) -> set[str]:
    """Ids that accepted drafts of entries have taken."""
    found = select(Proposal.draft).where(Proposal.kind == "entry", Proposal.state.in_(STANDING))
    return {str(draft["id"]) for draft in session.scalars(found) if draft}


def in_effect(session: Session) -> list[Taught]:
    """All that the bot heeds beside its content."""
    session.flush()
    return [Taught(*row) for row in _IN_EFFECT(session, {}).all()]


def taught(session: Session, wording: str) -> Taught | None:
    """What was accepted for exactly these words."""
    session.flush()
    row = _TAUGHT(session, {"said": wording}).first()
    return Taught(*row) if row is not None else None


def waiting_for(session: Session, wording: str, *, kind: Kind, target: str | None) -> Proposal | None:
    """The same proposal, made before and not decided on."""
    same = select(Proposal).where(
        Proposal.wording == wording, Proposal.kind == kind, Proposal.state == "waiting"
    )
    if target is not None:
        same = same.where(Proposal.target == target)
    return session.scalars(same.order_by(Proposal.id)).first()


def decide(
    session: Session,
    proposal_id: int,
    *,
    to: Literal["accepted", "rejected"],
    of: Sequence[str] = ("waiting",),
    now: datetime,
    **values: Any,
) -> bool:
    """Moves a proposal on; False when somebody did before, or its words were accepted for another."""
    statement = update(Proposal).where(Proposal.id == proposal_id, Proposal.state.in_(of))
    statement = statement.values(state=to, decided_at=now, **values)
    try:
        with session.begin_nested():
            changed = session.execute(statement.execution_options(synchronize_session=False))
    except IntegrityError:
        return False
    proposal = session.get(Proposal, proposal_id)
    if proposal is not None:
        session.refresh(proposal)
    return bool(changed.rowcount)  # type: ignore[attr-defined]  # a CursorResult, as for every UPDATE


def mark_exported(session: Session, ids: Collection[int]) -> None:
    """They stand in the content's files."""
    moved = update(Proposal).where(Proposal.id.in_(ids), Proposal.state == "accepted")
    session.execute(moved.values(state="exported"))


def mark_joined(session: Session, ids: Collection[int], *, now: datetime) -> None:
    """They were found in the content as it is read: it says them from now on."""
    found = update(Proposal).where(
        Proposal.id.in_(ids), Proposal.state == "exported", Proposal.joined_at.is_(None)
    )
    session.execute(found.values(joined_at=now))


def forget_older(session: Session, *, before: datetime) -> None:
    """Retention: what is neither waiting nor in effect needs no words any more."""
    over = or_(
        Proposal.state == "rejected", and_(Proposal.state == "exported", not_(Proposal.joined_at.is_(None)))
    )
    session.execute(delete(Proposal).where(over, Proposal.decided_at < before))
