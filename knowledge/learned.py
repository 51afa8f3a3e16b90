"""What was learnt from one version of the content: all that takes long to work out, ready to be kept."""

from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.confidence import DEFAULT, Confidence
from knowledge.corpus import corpus, known_words, word_counts
from knowledge.entries import KnowledgeBase
from knowledge.features import Featuriser
from knowledge.index import Weights
from knowledge.normalising import Normaliser, stop_stems
from knowledge.phrasings import Postings, postings


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
    confidence: Confidence = DEFAULT


def learn_from(kb: KnowledgeBase) -> Learned:
    """Not calibrated. Takes seconds."""
    from knowledge.learning import learn  # scipy: a tenth of a second that a start from the cache saves

    written = word_counts(kb)
    normaliser = Normaliser(kb.language, written)
    stop = stop_stems(normaliser)
    lines = corpus(kb, normaliser)
    weights = learn(lines, Featuriser(stop))
    ranks = {owner: rank for rank, owner in enumerate(weights.owners)}
    return Learned(
        weights=weights,
        postings=postings(lines.lines, ranks, stop),
        counts=lines.counts,
        written=written,
        known=known_words(kb.language, normaliser),
    )
