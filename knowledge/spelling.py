"""Repair of misspelt words against the words that the content uses."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel, JaroWinkler

Alternatives = tuple[tuple[str, float], ...]

# Measured on public French question sets: with two typos in a question, repair is worth 5 to 12 points.
_FIRST_LOOK = 0.84
_SHORTEST = 4
_NEAR_BEST = 0.06


class Speller:
    """Words of ours, and words that are known without being ours: those are never repaired."""

    def __init__(self, vocabulary: Mapping[str, int], known: Iterable[str] = ()) -> None:
        self._vocabulary = vocabulary
        self._known = frozenset(known)
        # A word written once may itself be a typo of an author: no target for repairs.
        self._targets = [word for word, count in vocabulary.items() if count > 1 and len(word) >= _SHORTEST]
        self._repair = lru_cache(maxsize=8192)(self._look_up)

    def alternatives(self, word: str) -> Alternatives:
        """Words of the vocabulary that were meant, with weights up to 1; () for an unknown word."""
        if word in self._vocabulary:
            return ((word, 1.0),)
        if word in self._known or len(word) < _SHORTEST or not word.isalpha():
            return ()
        return self._repair(word[:40])

    def _look_up(self, word: str) -> Alternatives:
        near = process.extract(
            word, self._targets, scorer=JaroWinkler.normalized_similarity, score_cutoff=_FIRST_LOOK, limit=12
        )
        scored = sorted(((_likeness(word, other), other) for other, _, _ in near), reverse=True)
        if not scored or scored[0][0] < _least(len(word)):
            return ()
        best = scored[0][0]
        return tuple((other, score**1.5) for score, other in scored[:3] if score >= best - _NEAR_BEST)


def _likeness(word: str, other: str) -> float:
    return max(
        OSA.normalized_similarity(word, other),
        Indel.normalized_similarity(word, other) - 0.05,
    )


def _least(length: int) -> float:
    """One wrong letter in four or five is a guess; in eight it is a slip."""
    return 0.72 if length <= 5 else 0.7
