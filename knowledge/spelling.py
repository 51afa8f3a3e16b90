"""Repair of misspelt words against the words that the content uses."""

import math
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel, JaroWinkler

from knowledge.lookalikes import Lookalikes

Alternatives = tuple[tuple[str, float], ...]
"""Words that one may be, best first, and how likely each is, 1 for a sure one; () for an unknown word."""

MOST_REPAIRED = 30
"""Misspelt words, each another one, that are repaired in one message; those of people have six at most."""

# Measured on public French question sets: with two typos in a question, repair is worth 5 to 12 points.
_FIRST_LOOK = 0.84
_SHORTEST = 3
_SHORT = 3
"""Letters of words, acronyms most of them, that are repaired by one letter only."""
_SHORT_LIKELY = 0.71
_AS_WRITTEN = 0.9
"""How likely it is that a word that entries never use was meant as it is written."""
_NEAR_BEST = 0.15
_MOST = 12
_COMMON = 0.02
"""How much likelier each natural log of its count makes a word."""


class Speller:
    """Words of the content, and words that are known without being there: those are never repaired."""

    def __init__(
        self,
        vocabulary: Mapping[str, int],
        known: Iterable[str] = (),
        ours: Callable[[str], bool] = bool,
    ) -> None:
        """`ours`: whether entries use a word. One that others alone use may be a slip for one of those."""
        self._vocabulary = vocabulary
        self._known = frozenset(known)
        self._ours = ours
        targets = [word for word, count in vocabulary.items() if count >= _least_count(len(word))]
        self._lookalikes = Lookalikes(targets, _FIRST_LOOK)
        self._repair = lru_cache(maxsize=8192)(self._look_up)
        self._slip = lru_cache(maxsize=8192)(self._or_ours)

    def candidates(self, word: str) -> Alternatives:
        """The words that may have been meant, best first; a word that is written before others.

        Common ones may be likelier than 1.
        """
        if not self.doubtful(word):
            return self.as_written(word)
        return self._slip(word) if word in self._vocabulary else self._repair(word[:40])

    def as_written(self, word: str) -> Alternatives:
        """The word, when it is written anywhere in the content."""
        return ((word, 1.0),) if word in self._vocabulary else ()

    def doubtful(self, word: str) -> bool:
        """Whether another may have been meant, which takes a while to find out."""
        if word in self._known or not word.isalpha():
            return False
        return not self._ours(word) if word in self._vocabulary else len(word) >= _SHORTEST

    def _or_ours(self, word: str) -> Alternatives:
        meant = [(other, self._likelihood(word, other)) for other in self._slips(word) if self._ours(other)]
        return ((word, _AS_WRITTEN + self._commonness(word)), *meant) if meant else ((word, 1.0),)

    def _look_up(self, word: str) -> Alternatives:
        if len(word) <= _SHORT:
            slips = sorted(self._slips(word), key=self._commonness, reverse=True)
            return tuple((other, _SHORT_LIKELY) for other in slips[:2])
        near = self._lookalikes.of(word)
        alike = JaroWinkler.normalized_similarity
        found = process.extract(word, near, scorer=alike, score_cutoff=_FIRST_LOOK, limit=_MOST)
        scored = sorted(((self._likelihood(word, other), other) for other, _, _ in found), reverse=True)
        if not scored or scored[0][0] < _least(len(word)):
            return ()
        least = scored[0][0] - _NEAR_BEST
        return tuple((other, score) for score, other in scored if score >= least)

    def _slips(self, word: str) -> list[str]:
        near = self._lookalikes.one_off(word)
        return [other for other in near if OSA.distance(word, other, score_cutoff=1) == 1]

    def _likelihood(self, word: str, other: str) -> float:
        return _likeness(word, other) + self._commonness(other)

    def _commonness(self, word: str) -> float:
        return _COMMON * math.log(max(self._vocabulary[word], 1))


class Attempts:
    """The words of one message: those that come after so many misspelt ones stay as they are written."""

    def __init__(self, speller: Speller, most: int = MOST_REPAIRED) -> None:
        self._speller = speller
        self._most = most
        self._made = 0
        self._found: dict[str, Alternatives] = {}

    def candidates(self, word: str) -> Alternatives:
        """As `Speller.candidates`; a word too many is itself where it is written somewhere, else unknown."""
        found = self._found.get(word)
        if found is None:
            found = self._found[word] = self._find(word)
        return found

    def _find(self, word: str) -> Alternatives:
        if self._speller.doubtful(word):
            self._made += 1
            if self._made > self._most:
                return self._speller.as_written(word)
        return self._speller.candidates(word)


def _least_count(length: int) -> float:
    """How often a word stands there to be a target: written once it may itself be a typo of an author."""
    if length < _SHORTEST:
        return math.inf
    return 5 if length <= _SHORT else 2 if length <= _SHORT + 1 else 1


def _likeness(word: str, other: str) -> float:
    if len(word) <= _SHORT:
        return _SHORT_LIKELY
    return max(
        OSA.normalized_similarity(word, other),
        Indel.normalized_similarity(word, other) - 0.05,
    )


def _least(length: int) -> float:
    """One wrong letter in four or five is a guess; in eight it is a slip."""
    return 0.72 if length <= 5 else 0.7
