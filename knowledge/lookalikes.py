"""Of thousands of words, the few that may be like another: by the letters that they have in common.

Comparing with each word takes milliseconds, most of them spent on fetching it; the letters of all of them
are one small table.
"""

from collections.abc import Sequence

import numpy as np

from knowledge.arrays import Ints

_PREFIX = 0.4
"""What Winkler adds at most, of what is lacking, for the same first letters."""
_ROUNDING = 1e-4


class Lookalikes:
    def __init__(self, words: Sequence[str], least: float) -> None:
        """`least` is the Jaro-Winkler likeness that matters."""
        self._words = words
        self._letters = _letters(words)
        self._each = 1 / np.array(list(map(len, words)), np.float32)
        self._least = (least - _PREFIX) / (1 - _PREFIX) - _ROUNDING

    def of(self, word: str) -> list[str]:
        """All words that are as like as that, and others, in their order."""
        common = np.minimum(self._letters, _letters([word])).sum(0, dtype=np.uint8)
        most = (common * (self._each + 1 / len(word)) + 1) / 3
        return [self._words[n] for n in np.flatnonzero(most >= self._least).tolist()]


def _letters(words: Sequence[str]) -> Ints:
    """How often each letter, known by its last five bits, stands in each word: 32 × words."""
    owners = np.repeat(np.arange(len(words)), list(map(len, words)))
    codes = np.frombuffer("".join(words).encode("ascii", "replace"), np.uint8) & 31
    counts = np.bincount(codes * np.int64(len(words)) + owners, minlength=32 * len(words))
    found: Ints = counts.reshape(32, len(words)).astype(np.uint8)
    return found
