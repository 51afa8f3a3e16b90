"""What of a message is weighed: its words, pairs of neighbours, its ends, and runs of letters in words.

A name, a place, an hour stand there once each, and what is said around them again and again: in a second
set of pairs a rare word and a number are but a rare word and a number.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from knowledge.normalising import stem
from knowledge.spelling import Alternatives

RUNS = (3, 4)
LETTERS = "#"
"""Begins the names of runs of letters, which no word does."""
RARE = "?"
NUMBER = "0-9"
BEGINNING = "^"
END = "$"
"""Beside the first and the last word of a message."""
COMMON = 6
"""Lines that a common word stands in, at least."""
_MOST_WORDS = 20_000


@dataclass(frozen=True, slots=True)
class Features:
    """Weights by name; a pair of two stop words weighs half."""

    words: dict[str, float]
    pairs: dict[str, float]
    ends: tuple[str, ...]
    """Its first and its last word, as such: a message begins with what it asks, and often is one word."""
    slots: tuple[str, ...]
    """Pairs of neighbours with a rare word or a number, as such."""
    spelled: tuple[str, ...]
    """The words whose `runs` of letters count, each as often as it stands there."""

    @property
    def letters(self) -> Iterable[str]:
        """Each run of letters once."""
        return dict.fromkeys(run for word in self.spelled for run in runs(word))


@lru_cache(_MOST_WORDS)
def runs(word: str) -> tuple[str, ...]:
    """The names of the runs of letters of a word, its beginning and its end marked."""
    marked = f"<{word}>"
    return tuple(
        LETTERS + marked[start : start + size] for size in RUNS for start in range(len(marked) - size + 1)
    )


def pair(before: str, after: str) -> str:
    """The name of two neighbours."""
    return f"{before} {after}"


def common_stems(lines: Iterable[Iterable[str]]) -> frozenset[str]:
    """Those of so many lines of stems that they are no rare words."""
    counts = Counter(one for stems in lines for one in set(stems))
    return frozenset(one for one, count in counts.items() if count >= COMMON)


class Featuriser:
    def __init__(self, stop_stems: frozenset[str], common: frozenset[str] = frozenset()) -> None:
        """All stems that are not `common` are rare; where none is, rarity means nothing: no slots."""
        self._stop = stop_stems
        self._common = common

    def of(self, words: Sequence[str]) -> Features:
        """Features of words that are what they are: those of the content."""
        return self.soft([((stem(word), 1.0),) for word in words], words)

    def soft(self, ways: Sequence[Alternatives], words: Sequence[str]) -> Features:
        """Features of words whose stems may each be read in several ways (none = unknown), with weights."""
        stop = self._stop
        found = Features({}, {}, _ends(ways), self._slots(ways), tuple(filter(str.isalpha, words)))
        before = ""
        for some in ways:
            for way, likeness in some:
                found.words[way] = max(found.words.get(way, 0.0), likeness)
            first = some[0][0] if some else ""
            if before and first:
                found.pairs[pair(before, first)] = 0.5 if before in stop and first in stop else 1.0
            before = first
        return found

    def _slots(self, ways: Sequence[Alternatives]) -> tuple[str, ...]:
        if not self._common:
            return ()
        kinds = [self._kind(some[0][0] if some else RARE) for some in ways]
        some = (both for both in pairwise(kinds) if not {RARE, NUMBER}.isdisjoint(both))
        return tuple(dict.fromkeys(pair(*both) for both in some))

    def _kind(self, stem: str) -> str:
        if stem.isdigit():
            return NUMBER
        return stem if stem in self._common else RARE


def _ends(ways: Sequence[Alternatives]) -> tuple[str, ...]:
    first, last = (ways[0], ways[-1]) if ways else ((), ())
    return (*(pair(BEGINNING, way) for way, _ in first[:1]), *(pair(way, END) for way, _ in last[:1]))
