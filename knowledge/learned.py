"""What was learnt from one version of the content: all that takes long to work out, ready to be kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from knowledge.confidence import DEFAULT, Confidence
from knowledge.corpus import corpus, known_words, word_counts
from knowledge.entries import KnowledgeBase
from knowledge.features import Featuriser, common_stems
from knowledge.index import Weights
from knowledge.meanings import NO_MEANINGS, Meanings
from knowledge.normalising import Normaliser, stop_stems
from knowledge.patterns import words_of
from knowledge.phrasings import Postings, postings

FEWEST = 100
"""Lines under which no meaning is learnt: it has more numbers, and the words of French take seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    weights: Weights
    postings: Postings
    counts: Mapping[str, int]
    """How often each word stands in the corpus, in full spelling."""
    written: Mapping[str, int]
    """The same as it is written."""
    known: frozenset[str]
    """Words that are no misspelt word of ours."""
    common: frozenset[str]
    """Stems that are no rare words of the content."""
    meanings: Meanings
    longest_stems: Mapping[str, str]
    """See `Normaliser.longest_stem`: of the words of all patterns, each of which a start would work out."""
    confidence: Confidence = DEFAULT


class Groundwork:
    """What learning begins with, done once for a content and for all parts of it."""

    def __init__(self, kb: KnowledgeBase, meanings: Meanings | None = None) -> None:
        """`meanings` of the words of its language; without them those of French, if lines are enough."""
        # Of scipy and all the words of French: what a start from the cache saves.
        from knowledge.rows import Rows
        from knowledge.wordvectors import french

        self._written = word_counts(kb)
        normaliser = Normaliser(kb.language, self._written)
        self._known = known_words(kb.language, normaliser)
        self._stop = stop_stems(normaliser)
        self._read = cache(normaliser.words)
        self._longest_stems = {word: normaliser.longest_stem(word) for word in words_of(kb.language)}
        everything = corpus(kb, self._read)
        self._common = common_stems(line.stems for line in (*everything.lines, *everything.others))
        if meanings is None:
            meanings = french() if len(everything.lines) >= FEWEST else NO_MEANINGS
        self._meanings = meanings
        self._rows = Rows(everything, Featuriser(self._stop, self._common), self._meanings)

    def learned(self, part: KnowledgeBase) -> Learned:
        """What the content, or a part of it, teaches; not calibrated."""
        from knowledge.learning import learn

        lines = corpus(part, self._read)
        weights = learn(lines, self._rows)
        ranks = {owner: rank for rank, owner in enumerate(weights.owners)}
        return Learned(
            weights=weights,
            postings=postings(lines.lines, ranks, self._stop),
            counts=lines.counts,
            written=self._written,
            known=self._known,
            common=self._common,
            meanings=self._meanings,
            longest_stems=self._longest_stems,
        )


def learn_from(kb: KnowledgeBase) -> Learned:
    """Not calibrated. Takes seconds."""
    return Groundwork(kb).learned(kb)
