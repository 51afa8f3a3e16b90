"""Features as numbers, in the two views that the weights are for.

*plain*: what is there, divided so that evidence does not grow with the length of the message; for
log-ratios, which weigh rarity themselves. *scaled*: tf·idf, words with pairs and letters each of length 1;
for the regression, which must not mistake common for telling.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.arrays import Floats, Ints
from knowledge.features import Features, runs

# Measured on phrasings of the shipped content held out of the index (changes of top-1, ±1 point).
PLAIN_PAIR = 0.3
PLAIN_LETTERS = 0.06  # 0: -1 point; 0.12: -1 point
SCALED_PAIR = 0.7
SCALED_END = 0.7  # also of slots; on cdtn_fr: none: -0.8 point; neither says anything to the log-ratio
_MOST_WORDS = 20_000


@dataclass(frozen=True, slots=True)
class Vector:
    columns: Ints
    plain: Floats
    scaled: Floats


def length(features: Features) -> float:
    """What the plain view is divided by."""
    return math.sqrt(sum(features.words.values()) + PLAIN_PAIR * sum(features.pairs.values()) or 1.0)


class Space:
    """Which column a feature has, and how rare it is (natural log, 1 for one that is everywhere)."""

    def __init__(self, names: Mapping[str, int], rarity: Floats) -> None:
        self.names = names
        self._rarity = rarity
        self._runs: dict[str, Ints] = {}

    def vector(self, features: Features) -> Vector:
        """Features that the space does not know are left out."""
        known = self.said(features)
        numbers = np.array(known, np.float32).reshape(-1, 3)
        letters, times = self._letters(features.spelled)
        columns = np.concatenate([np.array([one[0] for one in known], np.int32), letters])
        plain = np.concatenate([numbers[:, 1], np.full(len(letters), PLAIN_LETTERS, np.float32)])
        scaled = np.concatenate([numbers[:, 2], times]) * self._rarity[columns]
        for group in (scaled[: len(known)], scaled[len(known) :]):
            group /= math.sqrt(float(group @ group)) or 1.0
        return Vector(columns, plain / length(features), scaled)

    def said(self, features: Features) -> list[tuple[int, float, float]]:
        """Columns of all but letters, with their values before any is divided: plain, scaled."""
        names = self.names.get
        known = [(c, w, w) for name, w in features.words.items() if (c := names(name)) is not None]
        known += [
            (c, PLAIN_PAIR * w, SCALED_PAIR * w)
            for name, w in features.pairs.items()
            if (c := names(name)) is not None
        ]
        whole = (*features.ends, *features.slots)
        known += [(c, 0.0, SCALED_END) for name in whole if (c := names(name)) is not None]
        return known

    def _letters(self, words: Sequence[str]) -> tuple[Ints, Floats]:
        """Columns of the runs of letters in these words, each once, and how often they stand there."""
        if not words:
            return np.zeros(0, np.int32), np.zeros(0, np.float32)
        columns, counts = np.unique(np.concatenate(list(map(self._runs_of, words))), return_counts=True)
        return columns, counts.astype(np.float32)

    def _runs_of(self, word: str) -> Ints:
        """Hundreds in a message, where words are tens: looked up once for each word."""
        found = self._runs.get(word)
        if found is None:
            names = self.names.get
            found = np.array([c for run in runs(word) if (c := names(run)) is not None], np.int32)
            if len(self._runs) < _MOST_WORDS:
                self._runs[word] = found
        return found
