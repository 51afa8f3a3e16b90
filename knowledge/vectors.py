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
_PLAIN = np.array([1, PLAIN_PAIR, 0], np.float32)
"""What words, pairs, and ends with slots are worth…"""
_SCALED = np.array([1, SCALED_PAIR, SCALED_END], np.float32)
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
        said, plain, said_scaled = self.said(features)
        letters, times = self._letters(features.spelled)
        columns = np.concatenate([said, letters])
        plain = np.concatenate([plain, np.full(len(letters), PLAIN_LETTERS, np.float32)])
        scaled = np.concatenate([said_scaled, times]) * self._rarity[columns]
        for group in (scaled[: len(said)], scaled[len(said) :]):
            group /= math.sqrt(float(group @ group)) or 1.0
        return Vector(columns, plain / length(features), scaled)

    def said(self, features: Features) -> tuple[Ints, Floats, Floats]:
        """Columns of all but letters, with their values before any is divided: plain, scaled."""
        words, pairs = features.words, features.pairs
        whole = (*features.ends, *features.slots)
        weights = np.array([*words.values(), *pairs.values(), *([1.0] * len(whole))], np.float32)
        counts = len(words), len(pairs), len(whole)
        names = self.names.get
        columns = np.array([names(name, -1) for name in (*words, *pairs, *whole)], np.int32)
        there = columns >= 0
        weights, kinds = weights[there], np.repeat((0, 1, 2), counts)[there]
        return columns[there], weights * _PLAIN[kinds], weights * _SCALED[kinds]

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
