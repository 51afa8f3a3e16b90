"""Of thousands of words, the few that may be like another: by their letters in common, and their first ones.

Comparing with each word takes milliseconds, most of them spent on fetching it; the letters of all of them
are two small tables.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from knowledge.arrays import Ints

_PLACES = 32 ** np.arange(3, -1, -1, dtype=np.int32)
"""Of the first four letters, when they are written as one number."""
_PREFIX = 0.1
"""What Winkler adds, of what is lacking, for each of the first four letters that are the same."""
_ROUNDING = 1e-4


class Lookalikes:
    def __init__(self, words: Sequence[str], least: float) -> None:
        """`least` is the Jaro-Winkler likeness that matters."""
        counts = _letters(words)
        self._words = words
        # The first of a letter, the second, … each a row of its own: rows are added up, nothing else.
        self._having = np.array([counts > n for n in range(int(counts.max(initial=1)))], np.uint8)
        self._first = _first(words)
        self._lengths = np.array(list(map(len, words)), np.float32)
        self._most = 1 - least + _ROUNDING

    def of(self, word: str) -> list[str]:
        """All words that are as like as that, and others, in their order."""
        lacking = (2 - self._common(word) * (1 / self._lengths + 1 / len(word))) / 3
        near = np.flatnonzero(lacking <= self._most / (1 - _PREFIX * len(_PLACES)))
        rest = 1 - _PREFIX * self._beginning(word, near)
        return self._those(near[lacking[near] * rest <= self._most])

    def one_off(self, word: str) -> list[str]:
        """All words that differ by one letter or by the order of two, and others, in their order."""
        return self._those(np.flatnonzero(self._common(word) >= np.maximum(self._lengths, len(word)) - 1))

    def _common(self, word: str) -> Ints:
        """How many letters each word has in common with this one."""
        common = np.zeros(len(self._words), np.uint8)
        for letter, count in Counter(_codes(word).tolist()).items():
            for having in self._having[:count, letter]:
                common += having
        return common

    def _beginning(self, word: str, near: Ints) -> Ints:
        """How many of its first four letters those words begin with."""
        differing = self._first[near] ^ _first([word])
        count: Ints = np.add.reduce([differing < place for place in _PLACES], dtype=np.uint8)
        return count

    def _those(self, which: Ints) -> list[str]:
        return [self._words[n] for n in which.tolist()]


def _letters(words: Sequence[str]) -> Ints:
    """How often each letter, known by its last five bits, stands in each word: 32 × words."""
    owners = np.repeat(np.arange(len(words)), list(map(len, words)))
    counts = np.bincount(_codes("".join(words)) * np.int64(len(words)) + owners, minlength=32 * len(words))
    found: Ints = counts.reshape(32, len(words)).astype(np.uint8)
    return found


def _first(words: Sequence[str]) -> Ints:
    """The first letters of each word, known the same way, as one number."""
    letters = _codes("".join(word[: len(_PLACES)].ljust(len(_PLACES)) for word in words))
    found: Ints = letters.reshape(-1, len(_PLACES)) @ _PLACES
    return found


def _codes(text: str) -> Ints:
    codes: Ints = np.frombuffer(text.encode("ascii", "replace"), np.uint8) & 31
    return codes
