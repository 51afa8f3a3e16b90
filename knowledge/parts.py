"""Two questions in one message: where it splits, and what answers each half.

A message may split at every joint (« et », a comma, the end of a sentence). A half that leans on the other
(« …et au bout de combien de temps ? ») is read in the light of the whole message. The split is taken in
which each half speaks most for its own entry and least for that of the other, and it counts when the whole
message, too, speaks for these two before all others. When both halves ask something less is needed than
when one may only tell a story.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.arrays import Floats
from knowledge.entries import Audience
from knowledge.judging import Judge, Judged
from knowledge.outcomes import Parts
from knowledge.queries import Clause, Split

# From labelled messages that were not used to judge them (docs/matching.md): the two kinds of evidence weigh
# alike, and asking on both sides is worth two units of them.
WHOLE_SHARE = 0.3
"""How much the whole message counts in the reading of a half."""
ASKING_FROM = 2.0
"""Evidence from which a message is two questions, when both halves ask something…"""
TELLING_FROM = 4.0
"""… and when one does not."""
ANSWER_FROM = 0.7
"""P(right) from which each half is answered: what a half says by itself is less than what it means."""
_MOST = 6.0
"""Evidence of one kind beyond this says no more."""
_SHOWN = 3


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
    ranker = judge.ranker
    splits = ranker.reader.splits(judged.query)
    if not splits or len(ranker.entry_ids) < 2:
        return None
    whole = ranker.evidence(judged.query.whole, audience)
    readings = [
        _read(split, ranker.evidence(split.first, audience), ranker.evidence(split.second, audience), whole)
        for split in splits
    ]
    best = max(readings, key=lambda reading: reading.worth)
    if best.worth < 0:
        return None
    one, other = best.one, best.other
    return Double(
        (_nearest(ranker.entry_ids, one, besides=other), _nearest(ranker.entry_ids, other, besides=one)),
        (_sure(judge, one, audience), _sure(judge, other, audience)),
    )


@dataclass(frozen=True, slots=True)
class _Half:
    clause: Clause
    owner: int
    """The entry that it asks for, by rank in the index."""
    evidence: Floats
    """For each entry, in the light of the whole message."""


@dataclass(frozen=True, slots=True)
class _Reading:
    one: _Half
    other: _Half
    worth: float
    """Evidence for two questions beyond what is needed."""


def _read(split: Split, one: Floats, other: Floats, whole: Floats) -> _Reading:
    """A split, from the evidence that each half and the whole message give by themselves."""
    light = one + WHOLE_SHARE * whole, other + WHOLE_SHARE * whole
    first, second = _owners(*light)
    apart = min(one[first] - one[second], other[second] - other[first])
    together = min(whole[first], whole[second]) - np.delete(whole, [first, second]).max(initial=0.0)
    needed = ASKING_FROM if split.asking else TELLING_FROM
    return _Reading(
        _Half(split.first, first, light[0]),
        _Half(split.second, second, light[1]),
        float(min(apart, _MOST) + np.clip(together, -_MOST, _MOST) - needed),
    )


def _owners(one: Floats, other: Floats) -> tuple[int, int]:
    """The two different entries that speak most for the halves."""
    first, second = int(one.argmax()), int(other.argmax())
    if first != second:
        return first, second
    next_first, next_second = _second(one), _second(other)
    if one[first] + other[next_second] >= one[next_first] + other[second]:
        return first, next_second
    return next_first, second


def _second(evidence: Floats) -> int:
    return int(evidence.argsort()[-2])


def _nearest(entry_ids: Sequence[str], half: _Half, *, besides: _Half) -> tuple[str, ...]:
    """Its own entry first, then the next ones but that of the other half."""
    order = [
        rank for rank in np.argsort(-half.evidence)[: _SHOWN + 2] if rank not in (half.owner, besides.owner)
    ]
    return tuple(entry_ids[rank] for rank in (half.owner, *order))[:_SHOWN]


def _sure(judge: Judge, half: _Half, audience: Audience | None) -> float:
    """P(right) of its entry, as far as the half says so by itself."""
    sure, ranking = judge.sure_of(half.clause, audience)
    return sure if ranking.entries[0].entry_id == judge.ranker.entry_ids[half.owner] else 0.0
