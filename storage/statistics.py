"""What was asked in a period and what became of it: counts, of which none leads back to a person.

Everything here reads `ix_questions_figures` alone, so that a week costs what it holds and not what the years
before it hold. Entries are counted by their id: the database knows no themes. By `nearest`, a question that
no entry answered counts for the one that it is nearest to.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, case, func, select
from sqlalchemy.orm import Session

from storage.tables import Question

Fate = Literal["answered", "proposed", "handed_over", "left", "declined", "distress"]
FATES: tuple[Fate, ...] = ("answered", "proposed", "handed_over", "left", "declined", "distress")
"""What becomes of a question. `left`: no sure answer, and the human who was offered was not asked for."""
Dimension = Literal["audience", "territory", "entry", "nearest"]

_COLUMNS: Mapping[Dimension, SQLColumnExpression[str | None]] = {
    "audience": Question.audience,
    "territory": Question.territory,
    "entry": Question.entry_id,
    "nearest": func.coalesce(Question.entry_id, Question.nearest_id),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which questions and demands: from `start` until before `end`; `territories`: None is all of them."""

    start: datetime
    end: datetime
    territories: frozenset[str] | None = None

    def holds(self, at: SQLColumnExpression[Any], territory: SQLColumnExpression[Any]) -> ColumnElement[bool]:
        """The condition on a moment and a territory."""
        return and_(at >= self.start, at < self.end, self.covers(territory))

    def covers(self, territory: SQLColumnExpression[Any]) -> ColumnElement[bool]:
        """The condition on a territory; of all of them, those that are not known too.

        Wrapped, so that no database goes through all the years of a territory by its index for a week.
        """
        if self.territories is None:
            return and_(True)
        return func.coalesce(territory, "").in_(sorted(self.territories))


@dataclass(frozen=True, slots=True)
class Tally:
    """How many questions, by what became of them; how many answers were said to help, or not to."""

    fates: Mapping[Fate, int] = field(default_factory=dict)
    helped: int = 0
    unhelpful: int = 0

    @property
    def total(self) -> int:
        return sum(self.fates.values())

    def __add__(self, other: "Tally") -> "Tally":
        fates = {fate: self.fates.get(fate, 0) + other.fates.get(fate, 0) for fate in FATES}
        return Tally(
            {fate: number for fate, number in fates.items() if number},
            self.helped + other.helped,
            self.unhelpful + other.unhelpful,
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One question, without its words, its person or the number of its demand."""

    asked_at: datetime
    audience: str | None
    territory: str | None
    channel: str
    fate: Fate
    entry_id: str | None
    feedback: str | None
    nearest_id: str | None


def tallies(session: Session, scope: Scope, by: Dimension) -> dict[str | None, Tally]:
    """The tally of each value; the values' sum is the tally of the whole."""
    columns = _COLUMNS[by].label("value"), _fate(), Question.feedback.label("feedback")  # type: ignore[var-annotated]
    rows = _questions(scope, *columns).subquery()
    found: dict[str | None, Tally] = {}
    for name, fate, feedback, number in session.execute(select(rows, func.count()).group_by(*rows.c)):
        helped, unhelpful = number * (feedback == "yes"), number * (feedback == "no")
        found[name] = found.get(name, Tally()) + Tally({fate: number}, helped, unhelpful)
    return found


def asked(session: Session, scope: Scope, by: Dimension) -> Counter[str | None]:
    """How often, by value: what the weeks before are compared by."""
    rows = _questions(scope, _COLUMNS[by].label("value")).subquery()
    counts = session.execute(select(rows.c.value, func.count()).group_by(rows.c.value))
    return Counter({value: number for value, number in counts})  # noqa: C416  # rows are Row objects


def rows(session: Session, scope: Scope, *, limit: int) -> Iterator[Row]:
    """One row per question, in order; at most `limit`."""
    columns = (Question.asked_at, Question.audience, Question.territory, Question.channel)
    found = _questions(scope, *columns, _fate(), Question.entry_id, Question.feedback, _COLUMNS["nearest"])
    for row in session.execute(found.order_by(Question.asked_at, Question.id).limit(limit)):
        yield Row(*row)


def first(session: Session) -> datetime | None:
    """When the oldest question that is kept was asked."""
    return session.scalar(select(func.min(Question.asked_at)))


def _questions(scope: Scope, *columns: Any) -> Select[Any]:
    """Columns of the questions in scope; small talk is none."""
    inside = scope.holds(Question.asked_at, Question.territory)
    return select(*columns).where(inside, Question.outcome != "smalltalk")


def _fate() -> ColumnElement[str]:
    """Whoever has a demand went on to a human, whatever the robot had said before."""
    return case(
        (Question.outcome == "distress", "distress"),
        (Question.ticket_number.is_not(None), "handed_over"),
        (Question.entry_id.is_not(None), "answered"),
        (Question.outcome.in_(("answer", "chosen", "guide")), "answered"),
        (Question.outcome == "propose", "proposed"),
        (Question.outcome == "out_of_scope", "declined"),
        else_="left",
    ).label("fate")
