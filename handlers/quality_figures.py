"""The false-answer rate: how many of the judged answers were wrong, of one week and of thirteen together.

It is the whole service's: thirty answers a week say nothing of one territory. What nobody judged, what was
erased meanwhile and what was mended before anybody judged is in no rate, and is counted beside it.
"""

from dataclasses import dataclass

from handlers.sampling import WEEKS
from handlers.turn import Turn
from handlers.week import Week
from knowledge.evaluation import Share
from knowledge.texts import Raw
from storage import quality
from storage.quality import Judgements


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """`part` of `whole`, with Wilson's 95 % interval; of nothing there is none."""

    part: int
    whole: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedWeek:
    """A week's sample and what became of it."""

    week: Week
    answers: int
    """Automatic answers that were given in it."""
    drawn: int
    right: int
    incomplete: int
    wrong: int
    waiting: int
    gone: int
    """Those that nobody can judge any more: erased, or mended before."""

    @property
    def judged(self) -> int:
        return self.right + self.incomplete + self.wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Up to a week: that one and those before it, of which answers were drawn; the last first."""

    weeks: tuple[JudgedWeek, ...]
    wrong: Rate
    incomplete: Rate
    waiting: int

    @property
    def since(self) -> Week | None:
        return self.weeks[-1].week if self.weeks else None


def quality_until(turn: Turn, last: Week) -> Quality:
    found = quality.judgements(turn.session, last.earlier(WEEKS - 1).id, last.id)
    weeks = tuple(_judged(one) for one in found)
    judged = sum(one.judged for one in weeks)
    return Quality(
        weeks=weeks,
        wrong=rate(sum(one.wrong for one in weeks), judged),
        incomplete=rate(sum(one.incomplete for one in weeks), judged),
        waiting=sum(one.waiting for one in weeks),
    )


def rate(part: int, whole: int) -> Rate:
    share = Share(part, whole)
    low, high = share.interval() or (None, None)
    return Rate(part=part, whole=whole, share=share.value, low=low, high=high)


def percent(value: float | None) -> str:
    """« 3,4 % »; of nothing « – »."""
    return "–" if value is None else f"{100 * value:.1f}".removesuffix(".0").replace(".", ",") + " %"


def interval(found: Rate) -> str:
    """« 3,4 %, entre 1 % et 11,7 % »; nothing of nothing."""
    if found.share is None:
        return ""
    return f"{percent(found.share)}, entre {percent(found.low)} et {percent(found.high)}"


def in_words(turn: Turn, found: Quality) -> str:
    """« vérifiées … : 58 · fausses : 2 (3,4 %, entre 1 % et 11,7 %) · … »"""
    wrong, waiting = found.wrong, found.waiting
    if not wrong.whole:
        return turn.texts("week.unverified", waiting=waiting)
    return turn.texts(
        "week.verified",
        judged=wrong.whole,
        wrong=wrong.part,
        interval=Raw(interval(wrong)),
        incomplete=found.incomplete.part,
        waiting=waiting,
    )


def _judged(one: Judgements) -> JudgedWeek:
    week = Week.read(one.week)
    if week is None:
        raise ValueError(f"no week is called {one.week}")
    counts = one.counts
    return JudgedWeek(
        week=week,
        answers=one.answers,
        drawn=sum(counts.values()),
        right=counts.get("right", 0),
        incomplete=counts.get("incomplete", 0),
        wrong=counts.get("wrong", 0),
        waiting=counts.get("waiting", 0),
        gone=counts.get("erased", 0) + counts.get("mended", 0),
    )
