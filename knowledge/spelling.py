"""Repair of misspelt words against the words that the content uses."""

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel, JaroWinkler

from knowledge.lookalikes import Lookalikes

Alternatives = tuple[tuple[str, float], ...]

# Measured on public French question sets: with two typos in a question, repair is worth 5 to 12 points.
_FIRST_LOOK = 0.84
_SHORTEST = 3
_SHORT = 3
"""Letters of words, acronyms most of them, that are repaired by one letter only."""
_SHORT_LIKENESS = 0.6
_NEAR_BEST = 0.1
_MOST = 4
_COMMON = 0.02
"""How much likelier each natural log of its count makes a word."""


class Speller:
    """Words of ours, and words that are known without being ours: those are never repaired."""

    def __init__(self, vocabulary: Mapping[str, int], known: Iterable[str] = ()) -> None:
        self._vocabulary = vocabulary
        self._known = frozenset(known)
        targets = [word for word, count in vocabulary.items() if count >= _least_count(len(word))]
        self._lookalikes = Lookalikes(targets, _FIRST_LOOK)
        self._short = [word for word in targets if len(word) <= _SHORT + 1]
        self._repair = lru_cache(maxsize=8192)(self._look_up)

    def alternatives(self, word: str) -> Alternatives:
        """Words of the vocabulary that were meant, with weights up to 1; () for an unknown word."""
        if word in self._vocabulary:
            return ((word, 1.0),)
        if word in self._known or len(word) < _SHORTEST or not word.isalpha():
            return ()
        return self._repair(word[:40])

    def _look_up(self, word: str) -> Alternatives:
        if len(word) <= _SHORT:
            slips = [other for other in self._short if OSA.distance(word, other, score_cutoff=1) == 1]
            return tuple((other, _SHORT_LIKENESS) for other in sorted(slips, key=self._rarity)[:2])
        near = self._lookalikes.of(word)
        alike = JaroWinkler.normalized_similarity
        found = process.extract(word, near, scorer=alike, score_cutoff=_FIRST_LOOK, limit=12)
        scored = sorted(((self._likelihood(word, other), other) for other, _, _ in found), reverse=True)
        if not scored or scored[0][0] < _least(len(word)):
            return ()
        best = scored[0][0]
        return tuple(
            (other, min(score, 1.0) ** 1.5) for score, other in scored[:_MOST] if score >= best - _NEAR_BEST
        )

    def _rarity(self, word: str) -> int:
        return -self._vocabulary[word]

    def _likelihood(self, word: str, other: str) -> float:
        return _likeness(word, other) + _COMMON * math.log(self._vocabulary[other])


def _least_count(length: int) -> float:
    """How often a word stands there to be a target: written once it may itself be a typo of an author."""
    if length < _SHORTEST:
        return math.inf
    return 5 if length <= _SHORT else 2 if length <= _SHORT + 1 else 1


def _likeness(word: str, other: str) -> float:
    return max(
        OSA.normalized_similarity(word, other),
        Indel.normalized_similarity(word, other) - 0.05,
    )


def _least(length: int) -> float:
    """One wrong letter in four or five is a guess; in eight it is a slip."""
    return 0.72 if length <= 5 else 0.7
