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
        self._common = frozenset(one for one in common if not one.isdigit())

    def of(self, words: Sequence[str]) -> Features:
        """Features of words that are what they are: those of the content."""
        stems = list(map(stem, words))
        return self._features(dict.fromkeys(stems, 1.0), stems, words)

    def soft(self, ways: Sequence[Alternatives], words: Sequence[str]) -> Features:
        """Features of words whose stems may each be read in several ways (none = unknown), with weights."""
        found: dict[str, float] = {}
        for some in ways:
            for way, likeness in some:
                found[way] = max(found.get(way, 0.0), likeness)
        return self._features(found, [some[0][0] if some else "" for some in ways], words)

    def _features(self, found: dict[str, float], stems: Sequence[str], words: Sequence[str]) -> Features:
        """`stems` in their order, "" for an unknown one."""
        return Features(
            found, self._pairs(stems), _ends(stems), self._slots(stems), tuple(filter(str.isalpha, words))
        )

    def _pairs(self, stems: Sequence[str]) -> dict[str, float]:
        stop = self._stop
        return {
            pair(before, after): 0.5 if before in stop and after in stop else 1.0
            for before, after in pairwise(stems)
            if before and after
        }

    def _slots(self, stems: Sequence[str]) -> tuple[str, ...]:
        if self._common.issuperset(stems) or not self._common:
            return ()
        kinds = [one if one in self._common else NUMBER if one.isdigit() else RARE for one in stems]
        some = (both for both in pairwise(kinds) if RARE in both or NUMBER in both)
        return tuple(dict.fromkeys(pair(*both) for both in some))


def _ends(stems: Sequence[str]) -> tuple[str, ...]:
    first, last = (stems[0], stems[-1]) if stems else ("", "")
    return (*(pair(BEGINNING, one) for one in (first,) if one), *(pair(one, END) for one in (last,) if one))
