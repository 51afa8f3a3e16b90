"""How near a message is to each single phrasing: IDF-weighted soft matching of words."""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz

from knowledge.arrays import Floats, Ints
from knowledge.corpus import Line
from knowledge.spelling import Alternatives

STOP_WEIGHT = 0.15
# Wording beyond words (order, endings) decides between near-equals only.
WORDING_SHARE = 0.2
_LONGEST_WORDING = 400
_NO_CHANCE = 2


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest phrasing of one entry; `likeness` is 1 for the same words."""

    likeness: float
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Postings:
    """Which lines hold which stem. Lines are numbered in the order of their entries."""

    stems: tuple[str, ...]
    weight: Floats
    """How telling each stem is."""
    starts: Ints
    """Where the lines of each stem begin in `lines`; one more at the end."""
    lines: Ints
    mass: Floats
    """Sum of the weights of the stems of each line."""
    owners: Ints
    """Rank of the entry of each line, rising."""
    wordings: tuple[str, ...]
    """Each line as its stems."""


def postings(lines: Sequence[Line], ranks: dict[str, int], stop_stems: frozenset[str]) -> Postings:
    said = [line.stems for line in lines]
    frequency = Counter(stem for stems in said for stem in set(stems))
    weight = {
        stem: math.log1p(len(lines) / count) * (STOP_WEIGHT if stem in stop_stems else 1.0)
        for stem, count in frequency.items()
    }
    lines_with: dict[str, list[int]] = defaultdict(list)
    for number, of_line in enumerate(said):
        for stem in set(of_line):
            lines_with[stem].append(number)
    stems = tuple(sorted(lines_with))
    return Postings(
        stems=stems,
        weight=np.array([weight[stem] for stem in stems], np.float32),
        starts=np.cumsum([0, *(len(lines_with[stem]) for stem in stems)]).astype(np.int32),
        lines=np.array([number for stem in stems for number in lines_with[stem]], np.int32),
        mass=np.array([sum(weight[stem] for stem in set(of_line)) or 1.0 for of_line in said], np.float32),
        owners=np.array([ranks[line.owner] for line in lines], np.int32),
        wordings=tuple(map(" ".join, said)),
    )


class Phrasings:
    def __init__(self, of: Postings, stop_stems: frozenset[str]) -> None:
        self._of = of
        self._stop = stop_stems
        self._number = {stem: number for number, stem in enumerate(of.stems)}
        self._rare = math.log1p(len(of.mass))
        self._root = np.sqrt(of.mass)
        self._first = np.searchsorted(of.owners, np.arange(int(of.owners.max(initial=0)) + 2))

    def know(self, stem: str) -> bool:
        """Whether any of them holds the stem."""
        return stem in self._number

    def weight(self, stem: str) -> float:
        """How telling a word is; one that nobody wrote is as telling as any."""
        number = self._number.get(stem)
        return self._rare if number is None else float(self._of.weight[number])

    def hold(self, rank: int, stem: str) -> bool:
        """Whether the phrasings of the entry of that rank hold the stem, and not by chance."""
        return int((self._of.owners[self._lines(stem)] == rank).sum()) >= _NO_CHANCE

    def usual(self, entries: int) -> Floats:
        """How many lines each of so many entries has beside the usual number, in natural logs."""
        lines = np.log(np.maximum(np.bincount(self._of.owners, minlength=entries), 1))
        found: Floats = (lines - lines.sum() / max(entries, 1)).astype(np.float32)
        return found

    def _lines(self, stem: str) -> Ints:
        number = self._number.get(stem)
        if number is None:
            return self._of.lines[:0]
        return self._of.lines[self._of.starts[number] : self._of.starts[number + 1]]

    def nearest(self, words: Sequence[Alternatives], ranks: Collection[int]) -> dict[int, Nearest]:
        """For each entry (by rank) that shares a telling word with the message."""
        mass = 0.0
        telling: list[tuple[str, float]] = []
        common: list[tuple[str, float]] = []
        for ways in dict.fromkeys(map(tuple, words)):
            mass += max((self.weight(stem) for stem, _ in ways), default=self._rare)
            for stem, likeness in ways:
                (common if stem in self._stop else telling).append((stem, likeness))
        shared = self._shared(telling)
        alike = np.where(shared > 0, shared + self._shared(common), 0.0)
        alike /= self._root * math.sqrt(mass or 1.0)
        return {rank: near for rank in ranks if (near := self._best(alike, rank)) is not None}

    def _shared(self, stems: Sequence[tuple[str, float]]) -> Floats:
        """How much of these each line holds."""
        lines = [self._lines(stem) for stem, _ in stems]
        weights = [likeness * self.weight(stem) for stem, likeness in stems]
        each = np.repeat(weights, list(map(len, lines)))
        shares: Floats = np.bincount(
            np.concatenate([self._of.lines[:0], *lines]), each, len(self._of.mass)
        ).astype(np.float32)
        return shares

    def _best(self, alike: Floats, rank: int) -> Nearest | None:
        if rank + 1 >= len(self._first) or self._first[rank] == self._first[rank + 1]:
            return None
        line = int(self._first[rank] + alike[self._first[rank] : self._first[rank + 1]].argmax())
        return Nearest(min(float(alike[line]), 1.0), line) if alike[line] > 0 else None

    def wording(self, nearest: Nearest, stems: Sequence[str]) -> float:
        """Likeness with the wording of the phrasing mixed in."""
        said = " ".join(stems)[:_LONGEST_WORDING]
        ratio = fuzz.token_sort_ratio(said, self._of.wordings[nearest.line]) / 100
        return (1 - WORDING_SHARE) * nearest.likeness + WORDING_SHARE * ratio
