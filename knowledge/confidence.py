"""How sure to be of a ranking: two logistic judgements over a few figures that don't depend on length.

The coefficients were fitted by `python -m tests.knowledge.calibrate` on the shipped content alone:
the phrasings in five folds, each judged by a matcher that had never seen it, against the off-topic
lines of the other folds and against the phrasings of entries taken out (the near misses). None is
negative, so that more evidence never lowers a score. No labelled message was used.
"""

import math
from dataclasses import astuple, dataclass

from knowledge.ranking import Ranking


@dataclass(frozen=True, slots=True)
class Figures:
    """What the judgements look at; each grows with the chance that the first entry is right."""

    lead: float
    evidence: float
    over_other: float
    likeness: float
    coverage: float


@dataclass(frozen=True, slots=True)
class Judgement:
    constant: float
    weights: Figures

    def probability(self, figures: Figures) -> float:
        parts = zip(astuple(self.weights), astuple(figures), strict=True)
        score = self.constant + sum(weight * value for weight, value in parts)
        return 1 / (1 + math.exp(-max(min(score, 30.0), -30.0)))


SURE = Judgement(-7.52, Figures(0.16, 0.00, 0.51, 1.57, 3.67))
IN_SCOPE = Judgement(-6.20, Figures(0.00, 0.00, 0.66, 1.27, 3.96))


def figures(ranking: Ranking) -> Figures:
    first = ranking.entries[0]
    # Log-odds of the first entry if evidence were the log of a probability.
    rest = sum(math.exp(max(entry.evidence - first.evidence, -30.0)) for entry in ranking.entries[1:])
    return Figures(
        lead=min(-math.log(rest or 1e-3), 4.0) + 3.0,
        evidence=min(max(first.evidence, 0.0), 30.0) / 10,
        over_other=min(max(first.evidence - ranking.other, -6.0), 6.0),
        likeness=first.likeness,
        coverage=ranking.coverage,
    )


def sure(ranking: Ranking) -> float:
    """P(the first entry answers the message), 0-1."""
    return SURE.probability(figures(ranking)) if ranking.entries else 0.0


def in_scope(ranking: Ranking) -> float:
    """P(the message asks about something that some entry answers), 0-1."""
    return IN_SCOPE.probability(figures(ranking)) if ranking.entries else 0.0
