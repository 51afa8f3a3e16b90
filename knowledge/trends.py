"""What is new or growing: this week's counts against those of the weeks before, unless it may be chance.

Each count is tested by how rarely it would be this high if nothing had changed. Questions come in bunches, so
that weeks differ by more than a fair die: counts are taken as negative binomial, their unevenness is learnt
from the weeks before, and given the sum of all weeks this week's part is then beta-binomial (binomial, where
they are even). A thing that grows only as everything does is not told. Many things are tested at once:
Benjamini and Hochberg's step keeps the share of false alarms below `FALSE_ALARMS`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

FALSE_ALARMS = 0.05
LEAST = 5
"""Times this week below which nothing is told: small numbers are not dramatised."""
LEAST_MORE = 3.0
"""Times more than in a usual week."""
LEAST_RATIO = 1.5
_UNEVEN = 0.02
"""Least variance of a rate beside its square: weeks differ by some 14 % whatever happens."""
_KNOWN_WHOLE = 50
"""Questions about other things from which their growth is taken for that of everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rise:
    """Something that came more often than chance makes likely."""

    key: str
    now: int
    usual: float
    """Times in a usual week of those before."""
    q: float
    """Share of false alarms among what is at least as striking."""

    @property
    def new(self) -> bool:
        """Whether it never came in the weeks before."""
        return self.usual == 0


def rising(now: Mapping[str, int], before: Sequence[Mapping[str, int]]) -> tuple[Rise, ...]:
    """The most striking first; nothing without at least two weeks to compare with."""
    if len(before) < 2:
        return ()
    tried = sorted(key for key, times in now.items() if times + _sum(before, key) >= LEAST)
    uneven = _unevenness([[week.get(key, 0) for week in before] for key in tried])
    parts = _parts(now, before)
    tests = [_chance(key, now, before, parts, uneven) for key in tried]
    found = [
        Rise(key=key, now=now[key], usual=_sum(before, key) / len(before), q=q)
        for key, q in zip(tried, _adjusted(tests), strict=True)
    ]
    told = (one for one in found if one.q <= FALSE_ALARMS and _matters(one))
    return tuple(sorted(told, key=lambda one: (one.q, -one.now, one.key)))


def _matters(rise: Rise) -> bool:
    much = rise.now - rise.usual >= LEAST_MORE and rise.now >= LEAST_RATIO * rise.usual
    return much and rise.now >= LEAST


def _sum(weeks: Sequence[Mapping[str, int]], key: str) -> int:
    return sum(week.get(key, 0) for week in weeks)


def _unevenness(counts: Sequence[Sequence[int]]) -> float:
    """By how much a rate varies from week to week, squared and beside its square; of all things together."""
    over, squares = 0.0, 0.0
    for weeks in counts:
        mean = sum(weeks) / len(weeks)
        variance = sum((times - mean) ** 2 for times in weeks) / (len(weeks) - 1)
        over += variance - mean
        squares += mean**2
    return max(_UNEVEN, over / squares if squares else 0.0)


def _chance(
    key: str,
    now: Mapping[str, int],
    before: Sequence[Mapping[str, int]],
    parts: Sequence[tuple[float, int, str]],
    uneven: float,
) -> float:
    """How likely this week's count is to be at least this high if nothing had changed."""
    times, earlier = now[key], _sum(before, key)
    share = max(1 / (1 + len(before)), _share_of_others(key, parts))
    weeks = len(before) / uneven
    this = weeks * share / (1 - share) if share < 1 else math.inf
    return _at_least(times, times + earlier, this, weeks) if this < math.inf else 1.0


def _parts(now: Mapping[str, int], before: Sequence[Mapping[str, int]]) -> list[tuple[float, int, str]]:
    """Of each thing: this week's part of all weeks, and how often it came; the smallest part first."""
    keys = {key for week in (now, *before) for key, times in week.items() if times}
    times = {key: (now.get(key, 0), _sum(before, key)) for key in keys}
    return sorted((this / (this + earlier), this + earlier, key) for key, (this, earlier) in times.items())


def _share_of_others(key: str, parts: Sequence[tuple[float, int, str]]) -> float:
    """This week's part of all weeks, for half of all else: what another spike does not move."""
    others = [(part, times) for part, times, other in parts if other != key]
    whole = sum(times for _, times in others)
    if whole < _KNOWN_WHOLE:
        return 0.0
    passed = accumulate(times for _, times in others)
    return next(part for (part, _), so_far in zip(others, passed, strict=True) if 2 * so_far >= whole)


def _at_least(times: int, total: int, this: float, others: float) -> float:
    """P(X ≥ times) of a beta-binomial X of `total`; each term from the one before it."""
    if times == 0:
        return 1.0
    first = (
        math.lgamma(total + 1)
        - math.lgamma(times + 1)
        - math.lgamma(total - times + 1)
        + _log_beta(times + this, total - times + others)
        - _log_beta(this, others)
    )
    passed = np.arange(times, total, dtype=float)
    steps = (total - passed) * (passed + this) / ((passed + 1) * (total - passed - 1 + others))
    return min(1.0, math.exp(first) * (1.0 + float(np.cumprod(steps).sum())))


def _log_beta(one: float, other: float) -> float:
    return math.lgamma(one) + math.lgamma(other) - math.lgamma(one + other)


def _adjusted(chances: Sequence[float]) -> list[float]:
    """Each chance as the share of false alarms that telling it, and all that are smaller, would bring."""
    order = sorted(range(len(chances)), key=lambda at: chances[at])
    adjusted, least = [1.0] * len(chances), 1.0
    for rank, at in zip(range(len(order), 0, -1), reversed(order), strict=True):
        least = min(least, chances[at] * len(chances) / rank)
        adjusted[at] = least
    return adjusted
