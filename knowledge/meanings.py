"""Where words stand beside one another in French at large, so that one that nobody wrote here says something.

« bouquin » is near « livre », whether or not an entry has it. A text stands in the middle of its words, rare
ones weighing more (Arora, Liang and Ma 2017, « A simple but tough-to-beat baseline for sentence
embeddings »).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from knowledge.arrays import Floats, Ints

_MOST_WORDS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Meanings:
    """Words by their `key`, rising; many share a vector."""

    keys: Ints
    rows: Ints
    """Which vector each word has."""
    weights: Floats
    """How telling each word is, 0-1."""
    vectors: Floats
    _found: dict[str, Floats | None] = field(default_factory=dict, compare=False)

    @property
    def size(self) -> int:
        return int(self.vectors.shape[1])

    def of(self, words: Iterable[tuple[str, float]]) -> Floats:
        """Of folded words and how much each counts: of length 1, or nothing where none is known."""
        known = [(vector, share) for word, share in words if (vector := self.word(word)) is not None]
        if not known:
            return np.zeros(self.size, np.float32)
        vectors, shares = zip(*known, strict=True)
        return unit(np.array(shares, np.float32) @ np.array(vectors))

    def word(self, word: str) -> Floats | None:
        """Of a folded word, the longer the more telling it is; None for one that is not known."""
        if word in self._found:
            return self._found[word]
        wanted = key(word)
        place = int(np.searchsorted(self.keys, wanted))
        found = None
        if place < len(self.keys) and self.keys[place] == wanted:
            found = self.vectors[self.rows[place]].astype(np.float32) * np.float32(self.weights[place])
        if len(self._found) < _MOST_WORDS:
            self._found[word] = found
        return found


NO_MEANINGS = Meanings(
    keys=np.zeros(0, np.uint64),
    rows=np.zeros(0, np.uint32),
    weights=np.zeros(0, np.float16),
    vectors=np.zeros((0, 1), np.float16),
)
"""Of no words at all: what is learnt is what the lines say, and nothing else."""


def key(word: str) -> np.uint64:
    return np.uint64(keys([word])[0])


def keys(words: Iterable[str]) -> Ints:
    """The key of each word."""
    digests = (hashlib.blake2b(word.encode(), digest_size=8).digest() for word in words)
    return np.frombuffer(b"".join(digests), "<u8")


def unit(values: Floats) -> Floats:
    """Of length 1 along the last axis; nothing stays nothing."""
    lengths = np.linalg.norm(values, axis=-1, keepdims=True)
    scaled: Floats = values / np.where(lengths > 0, lengths, 1)
    return scaled
