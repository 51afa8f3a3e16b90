"""What a newsletter may tell of a period, from figures and registers: never what somebody wrote."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.proposals import STANDING
from storage.statistics import Scope
from storage.tables import BlockingPoint, Hold, Proposal, Question


def most_asked(session: Session, scope: Scope, audience: str | None, *, at_least: int) -> list[str]:
    """Entries that were shown in `at_least` conversations or more, the most asked first.

    Questions whose person was forgotten by now count for nobody: there is no telling how many they were.
    """
    people = func.count(Question.contact_id.distinct())
    rows = select(Question.entry_id).where(
        scope.holds(Question.asked_at, Question.territory),
        Question.entry_id.is_not(None),
        Question.outcome.not_in(("smalltalk", "distress")),
    )
    if audience is not None:
        rows = rows.where(Question.audience == audience)
    rows = rows.group_by(Question.entry_id).having(people >= at_least)
    found = session.scalars(rows.order_by(people.desc(), Question.entry_id))
    return [entry_id for entry_id in found if entry_id is not None]


def thawed(session: Session, start: datetime, end: datetime) -> Sequence[Hold]:
    """What was on hold while a rule changed, and is said again since a moment of the period."""
    rows = select(Hold).where(Hold.thawed_at >= start, Hold.thawed_at < end)
    return session.scalars(rows.order_by(Hold.id)).all()


def taught(session: Session, start: datetime, end: datetime) -> set[str]:
    """Entries to which editors accepted more wordings in the period."""
    rows = select(Proposal.target).where(
        Proposal.kind == "phrasing",
        Proposal.state.in_(STANDING),
        Proposal.decided_at >= start,
        Proposal.decided_at < end,
    )
    return {target for target in session.scalars(rows) if target is not None}


def solved(session: Session, start: datetime, end: datetime) -> Sequence[BlockingPoint]:
    """Blocking points that were solved in the period, the newest first."""
    rows = select(BlockingPoint).where(
        BlockingPoint.state == "solved", BlockingPoint.ended_at >= start, BlockingPoint.ended_at < end
    )
    return session.scalars(rows.order_by(BlockingPoint.ended_at.desc(), BlockingPoint.id)).all()
