"""Automatic answers that are drawn each week to be judged, and what was judged of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, case, delete, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session

from storage.columns import insert_once, rows_of
from storage.tables import Question, Referent, ReferentTerritory, Repair, Sample, SampledAnswer
from storage.unanswered import in_reach

Verdict = Literal["right", "incomplete", "wrong"]
VERDICTS: tuple[Verdict, ...] = ("right", "incomplete", "wrong")
State = Literal["right", "incomplete", "wrong", "waiting", "erased", "mended"]
"""Of a drawn answer. `erased`: nobody can judge it any more; `mended`: its entry was, after it was given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A drawn answer with its question."""

    answer: SampledAnswer
    question: Question
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgements:
    """What became of a week's sample."""

    week: str
    answers: int
    counts: Mapping[State, int]


def answers(session: Session, start: datetime, end: datetime) -> Sequence[tuple[int, bool]]:
    """Numbers of the questions that were answered automatically, and whether their words are there."""
    found = select(Question.id, Question.text.is_not(None)).where(
        Question.asked_at >= start,
        Question.asked_at < end,
        Question.outcome == "answer",
        Question.entry_id.is_not(None),
    )
    return [(number, held) for number, held in session.execute(found)]


def given(question: Question) -> tuple[str, ...]:
    """The entries that were said at once; one that was chosen afterwards is none of them."""
    noted = tuple(str(one["id"]) for one in question.candidates if one.get("given"))
    return noted or ((question.entry_id,) if question.entry_id is not None else ())


def draw(session: Session, week: str, questions: Sequence[Question], *, answers: int, now: datetime) -> bool:
    """Sets a week's answers aside, in this order; False when that was done before."""
    if not insert_once(session, Sample, "week", week=week, drawn_at=now, answers=answers):
        return False
    rows = [
        {"week": week, "place": place, "question_id": question.id, "entry_id": given(question)[0]}
        for place, question in enumerate(questions, start=1)
    ]
    if rows:
        session.execute(insert(rows_of(SampledAnswer)), rows)
    return True


def weeks(session: Session) -> Sequence[str]:
    """Those of which answers were drawn, the last first."""
    return session.scalars(select(Sample.week).order_by(Sample.week.desc())).all()


def newest_waiting(session: Session, reader: Referent) -> str | None:
    """The last week that holds something for this reader to judge."""
    found = _asked(func.max(SampledAnswer.week)).where(_open_to(reader), _state() == "waiting")
    newest: str | None = session.scalar(found)
    return newest


def of_week(session: Session, reader: Referent, week: str) -> list[Asked]:
    """What this reader may judge of a week, or could have: of their own territories first."""
    served = select(ReferentTerritory.territory).where(ReferentTerritory.referent_id == reader.id)
    nearness = case((Question.territory.in_(served), 0), (Question.territory.is_not(None), 1), else_=2)
    found = _rows().where(SampledAnswer.week == week, _open_to(reader))
    return _read(session, found.order_by(nearness, SampledAnswer.place))


def get(session: Session, reader: Referent, answer_id: int) -> Asked | None:
    """The only way from a number to a drawn answer: not there and not theirs read the same."""
    found = _read(session, _rows().where(SampledAnswer.id == answer_id, _open_to(reader)))
    return found[0] if found else None


def judge(
    session: Session, answer_id: int, verdict: Verdict, *, entry_id: str, by_id: int, now: datetime
) -> bool:
    """Notes a judgement; False when somebody judged before."""
    first = update(SampledAnswer).where(SampledAnswer.id == answer_id, SampledAnswer.verdict.is_(None))
    values = {"verdict": verdict, "entry_id": entry_id, "judged_at": now, "judged_by_id": by_id}
    result = session.execute(first.values(**values))
    return bool(result.rowcount)  # type: ignore[attr-defined]  # a CursorResult, as for every UPDATE


def judgements(session: Session, first: str, last: str) -> list[Judgements]:
    """Of the samples of these weeks, the last first."""
    between = Sample.week >= first, Sample.week <= last
    state = _state().label("state")
    drawn = _asked(SampledAnswer.week, state).where(SampledAnswer.week >= first, SampledAnswer.week <= last)
    rows = drawn.subquery()
    counts: dict[str, dict[State, int]] = {}
    for week, name, number in session.execute(select(rows, func.count()).group_by(*rows.c)):
        counts.setdefault(week, {})[name] = number
    samples = session.scalars(select(Sample).where(*between).order_by(Sample.week.desc()))
    return [
        Judgements(week=one.week, answers=one.answers, counts=counts.get(one.week, {})) for one in samples
    ]


def forget_older(session: Session, *, before: datetime, staff_before: datetime) -> None:
    """Drops samples of before then, and earlier who judged."""
    old = select(Sample.week).where(Sample.drawn_at < before)
    session.execute(delete(SampledAnswer).where(SampledAnswer.week.in_(old)))
    session.execute(delete(Sample).where(Sample.drawn_at < before))
    named = SampledAnswer.judged_at < staff_before, SampledAnswer.judged_by_id.is_not(None)
    session.execute(update(SampledAnswer).where(*named).values(judged_by_id=None))


def _asked(*columns: Any) -> Select[Any]:
    return (
        select(*columns).select_from(SampledAnswer).join(Question, Question.id == SampledAnswer.question_id)
    )


def _rows() -> Select[Any]:
    return _asked(SampledAnswer, Question, _state())


def _read(session: Session, rows: Select[Any]) -> list[Asked]:
    fresh = rows.execution_options(populate_existing=True)
    return [Asked(answer=one, question=asked, state=state) for one, asked, state in session.execute(fresh)]


def _open_to(reader: Referent) -> ColumnElement[bool]:
    """What comes from nowhere known is nobody's: it is everybody's to judge."""
    return or_(Question.territory.is_(None), in_reach(reader))


def _state() -> ColumnElement[State]:
    mended = exists().where(Repair.entry_id == SampledAnswer.entry_id, Repair.ended_at > Question.asked_at)
    return case(
        (SampledAnswer.verdict.is_not(None), SampledAnswer.verdict),
        (Question.text.is_(None), "erased"),
        (mended, "mended"),
        else_="waiting",
    )
