"""Questions that nobody of ours answered: declined, handed over, proposed in vain, or « pas utile »."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session

from storage.rights import Right, may
from storage.statistics import Scope
from storage.tables import Question, Reach, Referent, ReferentTerritory

MOST = 5_000


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, masked, and without its person."""

    id: int
    text: str
    audience: str | None
    territory: str | None
    outcome: str


def listed(
    session: Session,
    reader: Referent,
    *,
    since: datetime,
    audience: str | None = None,
    territory: str | None = None,
    limit: int = MOST,
) -> list[Asked]:
    """Those that this reader may see, the newest `limit`, the oldest of them first."""
    found = _visible(reader).where(Question.asked_at >= since)
    if audience is not None:
        found = found.where(Question.audience == audience)
    if territory is not None:
        found = found.where(Question.territory == territory)
    rows = session.execute(found.order_by(Question.id.desc()).limit(limit)).all()
    return [Asked(*row) for row in reversed(rows)]


def within(session: Session, scope: Scope, *, limit: int) -> list[Asked]:
    """Those of a period and its territories, the newest `limit`, the oldest of them first."""
    inside = scope.holds(Question.asked_at, Question.territory)
    rows = session.execute(_asked().where(inside).order_by(Question.id.desc()).limit(limit)).all()
    return [Asked(*row) for row in reversed(rows)]


def count_within(session: Session, scope: Scope) -> int:
    inside = scope.holds(Question.asked_at, Question.territory)
    return session.scalar(select(func.count()).select_from(Question).where(inside, _in_vain())) or 0


def _asked() -> Select[int, str, str | None, str | None, str]:
    found = select(Question.id, Question.text, Question.audience, Question.territory, Question.outcome)
    return found.where(Question.text.is_not(None), _in_vain())  # type: ignore[return-value]  # the text is not null


def _visible(reader: Referent) -> Select[int, str, str | None, str | None, str]:
    """A referent sees those of their territories, a lead of their regions; who minds the content sees all."""
    return _asked().where(in_reach(reader))


def in_reach(reader: Referent) -> ColumnElement[bool]:
    """The condition on a question."""
    if may(reader, Right.ALL_TICKETS) or may(reader, Right.CONTENT):
        return true()
    own = Reach if may(reader, Right.REGION_TICKETS) else ReferentTerritory
    return Question.territory.in_(select(own.territory).where(own.referent_id == reader.id))


def _in_vain() -> ColumnElement[bool]:
    shown = Question.entry_id.is_not(None)
    nothing = and_(Question.outcome.in_(("handoff", "out_of_scope", "propose")), ~shown)
    return or_(nothing, Question.feedback == "no")
