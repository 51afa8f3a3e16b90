"""Of thousands of words, the few that may be like another: by the letters that they have in common.

Comparing with each word takes milliseconds, most of them spent on fetching it; the letters of all of them
are one small table.
"""

from collections.abc import Sequence

import numpy as np

from knowledge.arrays import Bools, Ints

_PREFIX = 0.4
"""What Winkler adds at most, of what is lacking, for the same first letters."""
_ROUNDING = 1e-4


class Lookalikes:
    def __init__(self, words: Sequence[str], least: float) -> None:
        """`least` is the Jaro-Winkler likeness that matters."""
        self._words = words
        self._letters = _letters(words)
        self._lengths = np.array(list(map(len, words)), np.float32)
        self._least = (least - _PREFIX) / (1 - _PREFIX) - _ROUNDING

    def of(self, word: str) -> list[str]:
        """All words that are as like as that, and others, in their order."""
        common = self._common(word)
        most = (common * (1 / self._lengths + 1 / len(word)) + 1) / 3
        return self._those(most >= self._least)

    def one_off(self, word: str) -> list[str]:
        """All words that differ by one letter or by the order of two, and others, in their order."""
        return self._those(self._common(word) >= np.maximum(self._lengths, len(word)) - 1)

    def _common(self, word: str) -> Ints:
        """How many letters each word has in common with this one."""
        common: Ints = np.minimum(self._letters, _letters([word])).sum(0, dtype=np.uint8)
        return common

    def _those(self, which: Bools) -> list[str]:
        return [self._words[n] for n in np.flatnonzero(which).tolist()]


def _letters(words: Sequence[str]) -> Ints:
    """How often each letter, known by its last five bits, stands in each word: 32 × words."""
    owners = np.repeat(np.arange(len(words)), list(map(len, words)))
    codes = np.frombuffer("".join(words).encode("ascii", "replace"), np.uint8) & 31
    counts = np.bincount(codes * np.int64(len(words)) + owners, minlength=32 * len(words))
    found: Ints = counts.reshape(32, len(words)).astype(np.uint8)
    return found
