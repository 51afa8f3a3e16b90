"""Two questions in one message: where it splits, and what answers each half.

A message may split at every joint (« et », a comma, the end of a sentence). The split is taken whose
halves say most by themselves, and it counts only when they are about different entries, each surely not
the other's. When both halves ask something less is needed than when one may only tell a story.
"""

from dataclasses import dataclass

from knowledge.entries import Audience
from knowledge.judging import Judge, Judged
from knowledge.outcomes import Parts
from knowledge.queries import Split
from knowledge.ranking import Ranking

ASKING_FROM = 0.4
"""P(right) from which each half counts, when both ask something…"""
TELLING_FROM = 0.7
"""… and when one does not."""
ANSWER_FROM = 0.7
"""P(right) from which each half is answered: what a half says by itself is less than what it means."""
ASKING_MARGIN = 1.5
"""Evidence by which each half must speak for its own entry rather than for that of the other half…"""
TELLING_MARGIN = 3.5
_TRIED = 3
"""Splits that are looked at closely."""


@dataclass(frozen=True, slots=True)
class Double:
    parts: Parts
    """The nearest entries of each half, best first."""
    sure: tuple[float, float]
    """P(right) of each."""

    @property
    def answers(self) -> bool:
        """Whether both are sure enough to be given as answers."""
        return min(self.sure) >= ANSWER_FROM


def double(judge: Judge, judged: Judged, audience: Audience | None) -> Double | None:
    """None when the message asks one thing."""
    telling = judge.ranker.telling
    splits = sorted(judged.query.splits, key=lambda split: -min(telling(split.first), telling(split.second)))
    tried = [_halves(judge, split, audience) for split in splits[:_TRIED]]
    halves = max(tried, key=lambda halves: min(halves.sure), default=None)
    return halves.double() if halves is not None else None


@dataclass(frozen=True, slots=True)
class _Halves:
    first: Ranking
    second: Ranking
    sure: tuple[float, float]
    asking: bool

    def double(self) -> Double | None:
        """None when they are not surely two."""
        if not self.first.entries or not self.second.entries:
            return None
        if min(self.sure) < (ASKING_FROM if self.asking else TELLING_FROM):
            return None
        margin = min(_margin(self.first, self.second), _margin(self.second, self.first))
        if margin < (ASKING_MARGIN if self.asking else TELLING_MARGIN):
            return None
        return Double((_first(self.first), _first(self.second)), self.sure)


def _halves(judge: Judge, split: Split, audience: Audience | None) -> _Halves:
    first, one = judge.sure_of(split.first, audience)
    second, other = judge.sure_of(split.second, audience)
    return _Halves(one, other, (first, second), split.asking)


def _margin(own: Ranking, other: Ranking) -> float:
    """By how much a half prefers its own entry to that of the other half; 0 for the same one."""
    wanted = other.entries[0].entry_id
    against = [ranked.evidence for ranked in own.entries if ranked.entry_id == wanted]
    return own.entries[0].evidence - (against or [own.entries[-1].evidence])[0]


def _first(ranking: Ranking) -> tuple[str, ...]:
    return tuple(ranked.entry_id for ranked in ranking.entries[:3])
