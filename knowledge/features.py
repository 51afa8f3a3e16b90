"""What of a message is weighed: its words, pairs of neighbours, and runs of letters inside words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.normalising import stem
from knowledge.spelling import Alternatives

RUNS = (2, 3, 4, 5)
LETTERS = "#"
"""Begins the names of runs of letters, which no word does."""
_MOST_WORDS = 20_000


@dataclass(frozen=True, slots=True)
class Features:
    """Weights by name, in three groups; a pair of two stop words weighs half."""

    words: dict[str, float]
    pairs: dict[str, float]
    letters: dict[str, int]
    """How often each run stands there."""


class Featuriser:
    def __init__(self, stop_stems: frozenset[str]) -> None:
        self._stop = stop_stems
        self._runs: dict[str, tuple[str, ...]] = {}

    def of(self, words: Sequence[str]) -> Features:
        """Features of words that are what they are: those of the content."""
        return self.soft([((stem(word), 1.0),) for word in words], words)

    def soft(self, ways: Sequence[Alternatives], words: Sequence[str]) -> Features:
        """Features of words whose stems may each be read in several ways (none = unknown), with weights."""
        stop = self._stop
        found = Features({}, {}, Counter())
        before = ""
        for some in ways:
            for way, likeness in some:
                found.words[way] = max(found.words.get(way, 0.0), likeness)
            first = some[0][0] if some else ""
            if before and first:
                found.pairs[f"{before} {first}"] = 0.5 if before in stop and first in stop else 1.0
            before = first
        for word in words:
            if word.isalpha():
                for run in self._runs_of(word):
                    found.letters[run] = found.letters.get(run, 0) + 1
        return found

    def _runs_of(self, word: str) -> tuple[str, ...]:
        found = self._runs.get(word)
        if found is None:
            marked = f"<{word}>"
            found = tuple(
                LETTERS + marked[start : start + size]
                for size in RUNS
                for start in range(len(marked) - size + 1)
            )
            if len(self._runs) < _MOST_WORDS:
                self._runs[word] = found
        return found
