"""How near a message is to each single phrasing: IDF-weighted soft matching of words."""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from knowledge.index import Line

STOP_WEIGHT = 0.15
# Wording beyond words (order, endings) decides between near-equals only.
WORDING_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest phrasing of one entry; `likeness` is 1 for the same words."""

    likeness: float
    line: int


class Phrasings:
    def __init__(self, lines: Sequence[Line], stop_stems: frozenset[str]) -> None:
        frequency = Counter(stem for line in lines for stem in set(line.stems))
        self._lines = lines
        self._rare = math.log1p(len(lines))
        self._weight = {
            stem: math.log1p(len(lines) / count) * (STOP_WEIGHT if stem in stop_stems else 1.0)
            for stem, count in frequency.items()
        }
        self._stop = stop_stems
        self._mass = [sum(self._weight[stem] for stem in set(line.stems)) or 1.0 for line in lines]
        self._texts = [" ".join(line.stems) for line in lines]
        self._lines_with: dict[str, list[int]] = defaultdict(list)
        for number, line in enumerate(lines):
            for stem in set(line.stems) - stop_stems:
                self._lines_with[stem].append(number)

    def weight(self, stem: str) -> float:
        """How telling a word is; one that nobody wrote is as telling as any."""
        return self._weight.get(stem, self._rare)

    def nearest(
        self, words: Sequence[Sequence[tuple[str, float]]], entries: Collection[str]
    ) -> dict[str, Nearest]:
        """For each of these entries that shares a telling word with the message."""
        mass = 0.0
        shared: dict[int, float] = defaultdict(float)
        stop_words: set[str] = set()
        for ways in dict.fromkeys(map(tuple, words)):
            if not ways:
                mass += self._rare
                continue
            mass += max(self._weight.get(stem, self._rare) for stem, _ in ways)
            for stem, likeness in ways:
                if stem in self._stop:
                    stop_words.add(stem)
                value = likeness * self._weight.get(stem, 0.0)
                for number in self._lines_with.get(stem, ()):
                    shared[number] += value
        return self._best(shared, stop_words, mass or 1.0, entries)

    def _best(
        self, shared: dict[int, float], stop_words: set[str], mass: float, entries: Collection[str]
    ) -> dict[str, Nearest]:
        best: dict[str, Nearest] = {}
        for number, value in shared.items():
            entry = self._lines[number].entry
            if entry not in entries:
                continue
            for stem in self._lines[number].stems:
                if stem in stop_words:
                    value += self._weight[stem]
            likeness = min(value / math.sqrt(mass * self._mass[number]), 1.0)
            known = best.get(entry)
            if known is None or likeness > known.likeness:
                best[entry] = Nearest(likeness, number)
        return best

    def wording(self, nearest: Nearest, stems: Sequence[str]) -> float:
        """Likeness with the wording of the phrasing mixed in."""
        ratio = fuzz.token_sort_ratio(" ".join(stems)[:400], self._texts[nearest.line]) / 100
        return (1 - WORDING_SHARE) * nearest.likeness + WORDING_SHARE * ratio
