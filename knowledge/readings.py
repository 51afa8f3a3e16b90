"""Which words misspelt ones were meant as: those that are like them, and stand well between their neighbours.

« unit » is « nuit » in « travail de unit »: « de nuit » is written again and again, « de unit » never.
"""

from collections.abc import Callable, Container, Sequence
from copy import copy

from knowledge.features import BEGINNING, END, pair
from knowledge.normalising import stem
from knowledge.spelling import Alternatives, Attempts, Speller

# Measured on cdtn_fr: without neighbours two typos cost 0.3 points more; 0.02 and 0.04 find as much.
_NEIGHBOUR = 0.03
"""How much likelier it makes a word that it is often found beside its neighbour, for each natural log."""
_NEAR_BEST = 0.1
_MOST = 4
_LEAD = 0.05
"""By how much a word that another is read for must be the likeliest."""


class Readings:
    def __init__(
        self, speller: Speller, familiar: Callable[[str], float], lexicon: Container[str] = ()
    ) -> None:
        """`familiar` says how often a pair of stems is written, in natural logs, 0 for never.

        Something else is read for words of the `lexicon`.
        """
        self._speller = speller
        self._candidates = speller.candidates
        self._familiar = familiar
        self._lexicon = lexicon

    def of_one_message(self) -> "Readings":
        """The same, with as many repairs as a message may have."""
        readings = copy(self)
        readings._candidates = Attempts(self._speller).candidates
        return readings

    def mended(self, word: str) -> str:
        """The word of the lexicon that this one was to be, or the word as it is."""
        first, second, *_ = (*self._candidates(word), ("", 0.0), ("", 0.0))
        return first[0] if first[0] in self._lexicon and first[1] >= second[1] + _LEAD else word

    def of(self, words: Sequence[str]) -> tuple[Alternatives, ...]:
        """What each word of a message was meant as; none is likelier than 1."""
        candidates = [self._candidates(word) for word in words]
        alone = [stem(some[0][0]) if some else "" for some in candidates]
        before, found = BEGINNING, []
        for word, some, after in zip(words, candidates, [*alone, END][1:], strict=True):
            meant = self._between(word, before, some, after) if len(some) > 1 else some
            found.append(tuple((way, min(likely, 1.0) ** 1.5) for way, likely in meant))
            before = stem(meant[0][0]) if meant else ""
        return tuple(found)

    def _between(self, word: str, before: str, candidates: Alternatives, after: str) -> Alternatives:
        likely = dict(candidates)
        beside = {way: one + _NEIGHBOUR * self._often(before, stem(way), after) for way, one in candidates}
        order = sorted(beside, key=lambda way: -beside[way])[:_MOST]
        if word in likely:  # a word as it is written is that one, or it is not
            return ((order[0], 1.0 if order[0] == word else likely[order[0]]),)
        least = beside[order[0]] - _NEAR_BEST
        return tuple((way, likely[way]) for way in order if beside[way] >= least)

    def _often(self, before: str, word: str, after: str) -> float:
        pairs = [pair(before, word)] if before else []
        pairs += [pair(word, after)] if after else []
        return sum(map(self._familiar, pairs))
