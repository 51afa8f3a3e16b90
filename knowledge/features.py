"""What of a message is weighed: its words, pairs of neighbours, and runs of letters inside words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.spelling import Alternatives

STOP_WEIGHT = 0.75  # 0.5: -1 point on small public sets, no change on the shipped content
RUNS = (2, 3, 4, 5)
LETTERS = "#"
"""Begins the names of runs of letters, which no word does."""
_MOST_STEMS = 20_000


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

    def of(self, stems: Sequence[str]) -> Features:
        """Features of words that are what they are: those of the content."""
        return self.soft([((stem, 1.0),) for stem in stems], stems)

    def soft(self, words: Sequence[Alternatives], stems: Sequence[str]) -> Features:
        """Features of words that may each be read in several ways (none = unknown), with weights."""
        stop = self._stop
        found = Features({}, {}, Counter())
        before = ""
        for ways in words:
            for stem, likeness in ways:
                weight = likeness * (STOP_WEIGHT if stem in stop else 1.0)
                found.words[stem] = max(found.words.get(stem, 0.0), weight)
            first = ways[0][0] if ways else ""
            if before and first:
                found.pairs[f"{before} {first}"] = 0.5 if before in stop and first in stop else 1.0
            before = first
        for stem in stems:
            if stem not in stop and stem.isalpha():
                for run in self._runs_of(stem):
                    found.letters[run] = found.letters.get(run, 0) + 1
        return found

    def _runs_of(self, stem: str) -> tuple[str, ...]:
        found = self._runs.get(stem)
        if found is None:
            marked = f"<{stem}>"
            found = tuple(
                LETTERS + marked[start : start + size]
                for size in RUNS
                for start in range(len(marked) - size + 1)
            )
            if len(self._runs) < _MOST_STEMS:
                self._runs[stem] = found
        return found
