"""How sure to be of a ranking: two logistic judgements over a few figures that don't depend on length.

`calibrating` finds them, `matching` uses them.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from knowledge.reliability import Bin


@dataclass(frozen=True, slots=True)
class Figures:
    """What the judgements look at; each grows with the chance that the first entry is right."""

    lead: float
    """Log-odds of the first entry against all others."""
    gap: float
    """Evidence by which it leads the second."""
    over_other: float
    """The same beside the nearest subject that is not ours."""
    likeness: float
    coverage: float
    """Share of the telling words that phrasings of entries know."""
    anchored: float
    """1 when something in the message ties it to the pass Culture."""
    native: float
    """1 when it names no other scheme or firm."""

    def values(self) -> tuple[float, ...]:
        # `dataclasses.astuple` copies deeply: a tenth of the time of a decision.
        return (
            *(self.lead, self.gap, self.over_other, self.likeness),
            *(self.coverage, self.anchored, self.native),
        )


@dataclass(frozen=True, slots=True)
class Judgement:
    constant: float
    weights: Figures

    def probability(self, figures: Figures) -> float:
        parts = zip(self.weights.values(), figures.values(), strict=True)
        score = self.constant + sum(weight * value for weight, value in parts)
        return 1 / (1 + math.exp(-max(min(score, 30.0), -30.0)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Where one zone ends and the next begins; each is named by what happens there."""

    answer: float
    """P(right) from which the first entry is given as the answer."""
    propose: float
    """P(right) under which nothing is near enough to be proposed."""
    decline: float
    """P(about us) under which a message that names nothing of ours is declined…"""
    decline_anchored: float
    """… the same when something seems to tie it to us…"""
    decline_foreign: float
    """… and the same when it names another scheme or firm."""
    doors: Mapping[str, float] = field(default_factory=dict)
    """Evidence by which a door must lead everything else, to be opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidence:
    """Fitted by `calibrating` on messages that the index had not seen."""

    sure: Judgement
    """P(the first entry answers the message)."""
    about_us: Judgement
    """P(the message is about the pass Culture)."""
    thresholds: Thresholds
    curve: tuple[Bin, ...]


DEFAULT = Confidence(
    sure=Judgement(-6.06, Figures(0.25, 0.31, 0.55, 0.00, 1.34, 0.14, 2.11)),
    about_us=Judgement(-8.70, Figures(0.00, 0.00, 0.93, 0.00, 3.82, 0.49, 3.11)),
    thresholds=Thresholds(
        answer=0.83,
        propose=0.11,
        decline=0.17,
        decline_anchored=0.08,
        decline_foreign=0.98,
    ),
    curve=(),
)
"""For a content too small to learn from: what the shipped one taught."""
