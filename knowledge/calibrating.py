"""How sure to be, fitted on messages that the index had not seen (see `trials`).

Both judgements are logistic with weights that may not be negative, so that more evidence never lowers a
score. The thresholds follow from what they are to bring about on those messages; where the content has
labelled examples enough, on these: they are what people write, phrasings are what authors think of.
"""

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from knowledge.arrays import Floats
from knowledge.confidence import Confidence, Figures, Judgement, Thresholds
from knowledge.entries import KnowledgeBase
from knowledge.leads import SMALL_TALK_DOOR
from knowledge.learned import Groundwork, Learned
from knowledge.meanings import Meanings
from knowledge.reliability import Judged, reliability
from knowledge.trials import Trial, examples, trials

FEWEST = 200
"""Phrasings under which nothing can be fitted."""
FEWEST_EXAMPLES = 200
EXAMPLES_MASS = 4.0
"""Weight of all examples beside all other trials."""
OFF_TOPIC_MASS = 0.4
"""Weight of all off-topic lines beside the phrasings: few in the content, many in life."""

WRONG_ANSWERS = 0.008
"""Of the messages that an entry answers, that many may be answered wrongly."""
FALSE_ANSWERS = 0.02
"""Of those that are not about us, that many may be answered: those that are not declined first."""
UNPROPOSED = 0.008
"""Of those with their entry among the first three, that many may go unproposed."""
DECLINED = 0.01
"""Of those about us, that many may be taken for off-topic."""
DECLINED_ANCHORED = 0.002
"""Of all those about us, that many in spite of something that ties them to us."""
DECLINED_FOREIGN = 0.03
"""The same of those that name another scheme or firm."""
FALSE_DOORS = {
    "distress": 0.01,
    "human": 0.007,
    SMALL_TALK_DOOR: 0.002,
    "casework": 0.045,
    "referent": 0.03,
}
"""Of the messages that want no door, that many may open it."""


def study(kb: KnowledgeBase, meanings: Meanings | None = None) -> Learned:
    """All that there is to learn. Takes a minute of two cores for 30,000 phrasings; docs/matching.md."""
    groundwork = Groundwork(kb, meanings)
    if not _is_enough(kb):
        return groundwork.learned(kb)
    asked = list(trials(kb, groundwork))
    learned = groundwork.learned(kb)
    return replace(learned, confidence=_calibrated([*asked, *examples(kb, learned)]))


def _is_enough(kb: KnowledgeBase) -> bool:
    """Whether a content is large enough for learning how sure to be."""
    return sum(len(entry.phrasings) for entry in kb.entries.values()) >= FEWEST and bool(
        kb.language.off_topic
    )


def _calibrated(asked: Sequence[Trial]) -> Confidence:
    weights = _weights(asked)
    values = np.array([trial.figures for trial in asked], np.float64)
    sure = _fit(values, _flags(trial.right for trial in asked), weights)
    about_us = _fit(values, _flags(trial.about_us for trial in asked), weights)
    chances, scopes = _chances(sure, asked), _chances(about_us, asked)
    return Confidence(
        sure=sure,
        about_us=about_us,
        thresholds=_thresholds(asked, chances, scopes, _door_thresholds(asked)),
        curve=reliability(map(Judged, chances.tolist(), (t.right for t in asked), weights.tolist())).bins,
    )


def _flags(values: Iterator[bool]) -> Floats:
    return np.array(list(values), np.float64)


def _chances(judgement: Judgement, asked: Sequence[Trial]) -> Floats:
    return np.array([judgement.probability(Figures(*trial.figures)) for trial in asked])


def _weights(asked: Sequence[Trial]) -> Floats:
    """Every group of trials has the mass that is named above."""
    example = np.array([trial.example for trial in asked])
    ours = np.array([trial.about_us for trial in asked])
    weights = np.ones(len(asked))
    weights[~example & ~ours] = OFF_TOPIC_MASS * (~example & ours).sum() / max((~example & ~ours).sum(), 1)
    if example.any():
        weights[example] = EXAMPLES_MASS * weights[~example].sum() / example.sum()
    return weights


def _fit(values: Floats, wanted: Floats, weights: Floats) -> Judgement:
    """Weighted logistic regression, no weight under zero."""
    middle, spread = values.mean(0), values.std(0)
    spread[spread == 0] = 1.0
    scaled = (values - middle) / spread
    total = weights.sum()

    def loss(unknowns: Floats) -> tuple[float, Floats]:
        # The search may try weights so large that exp() by itself would overflow.
        chance = expit(unknowns[0] + scaled @ unknowns[1:])
        kept = np.clip(np.where(wanted, chance, 1 - chance), 1e-12, 1)
        miss = weights * (chance - wanted) / total
        return -float((weights * np.log(kept)).sum() / total), np.concatenate([[miss.sum()], scaled.T @ miss])

    size = len(fields(Figures))
    found = minimize(loss, np.zeros(size + 1), jac=True, bounds=[(None, None), *[(0.0, None)] * size]).x
    plain = found[1:] / spread
    return Judgement(float(found[0] - plain @ middle), Figures(*map(float, plain)))


def _thresholds(
    asked: Sequence[Trial], chances: Floats, scopes: Floats, doors: dict[str, float]
) -> Thresholds:
    example = np.array([trial.example for trial in asked])
    counted = example if example.sum() >= FEWEST_EXAMPLES else ~example
    asked = [trial for trial, counts in zip(asked, counted, strict=True) if counts]
    chances, scopes = chances[counted], scopes[counted]
    answerable = np.array([trial.answerable for trial in asked])
    right = np.array([trial.right for trial in asked])
    among_first = np.array([trial.among_first for trial in asked])
    ours = np.array([trial.about_us for trial in asked])
    anchored = np.array([Figures(*trial.figures).anchored > 0 for trial in asked])
    wrong = np.where(~right, chances, 0.0)[answerable]
    decline = float(np.quantile(scopes[ours], DECLINED))
    false = np.where(~anchored & (scopes < decline), 0.0, chances)[~ours]
    return Thresholds(
        answer=max(_exceeded_by(wrong, WRONG_ANSWERS), _exceeded_by(false, FALSE_ANSWERS)),
        propose=float(np.quantile(chances[answerable & among_first], UNPROPOSED)),
        decline=decline,
        decline_anchored=float(np.quantile(scopes[ours], DECLINED_ANCHORED)),
        decline_foreign=float(np.quantile(scopes[ours], DECLINED_FOREIGN)),
        doors=doors,
    )


def _door_thresholds(trials: Sequence[Trial]) -> dict[str, float]:
    found = {}
    for door, share in FALSE_DOORS.items():
        others = (trial for trial in trials if door not in trial.allowed)
        leads = [trial.doors[door] for trial in others if door in trial.doors]
        if leads:
            found[door] = _exceeded_by(np.array(leads), share)
    return found


def _exceeded_by(chances: Floats, share: float) -> float:
    """The value that this share of them exceeds."""
    return float(np.quantile(chances, 1 - share)) if chances.size else 0.0
