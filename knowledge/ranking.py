"""The entries in the order of the evidence for them, and what there is to judge that order by."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from knowledge.arrays import Floats
from knowledge.corpus import DOOR, OFF_TOPIC, SMALL_TALK, said_of
from knowledge.entries import Audience, KnowledgeBase
from knowledge.features import Featuriser
from knowledge.index import Index
from knowledge.leads import Doorkeeper, Leads
from knowledge.learned import Learned
from knowledge.normalising import Normaliser, stem, stop_stems
from knowledge.patterns import Patterns
from knowledge.phrasings import Phrasings
from knowledge.queries import Clause, Query, QueryReader
from knowledge.readings import Readings
from knowledge.spelling import Alternatives, Speller

# Measured on held-out phrasings, like the constants of the index.
AUDIENCE_PRIOR = 3.0  # evidence that an entry for others must have more; 1: -2 points
CLAUSE_SHARE = 0.3  # how much the best clause of a long message counts against the whole; 0 to 0.5: no change
PREVIOUS_SHARE = 0.8
LIKENESS_SHARE = 0.5  # how much the nearest phrasing counts among the first few
REPAIR_PRIOR = 1.25  # how much its number of lines speaks for an entry where every word was repaired
LOOKED_AT = 12
_LATELY = 64
"""Clauses whose evidence is remembered: as a whole and in halves, a message asks for some twice."""


@dataclass(frozen=True, slots=True)
class Ranked:
    entry_id: str
    evidence: float
    likeness: float
    """To its nearest phrasing, 0-1."""
    line: int | None
    """Which phrasing that is."""


@dataclass(frozen=True, slots=True)
class Ranking:
    entries: tuple[Ranked, ...]
    """Best first, at most LOOKED_AT."""
    rest: float
    """Evidence for all the other entries together, as one."""
    other: float
    """Evidence for the nearest subject that is not ours."""
    leads: Leads
    coverage: float
    """Share of the telling words that phrasings of entries know, 0-1."""


class Ranker:
    """Made once for a knowledge base; keeps no state between messages but caches, which change nothing."""

    def __init__(self, kb: KnowledgeBase, learned: Learned) -> None:
        language = kb.language
        self.normaliser = Normaliser(language, learned.written, learned.longest_stems)
        self.stop = stop_stems(self.normaliser)
        self.index = Index(learned.weights)
        self.phrasings = Phrasings(learned.postings, self.stop)
        lexicon = self.normaliser.lexicon
        speller = Speller(
            {**lexicon, **learned.counts},
            learned.known | self.normaliser.stop_words,
            lambda word: self.phrasings.know(stem(word)),
        )
        self.reader = QueryReader(
            self.normaliser,
            Readings(speller, self.index.familiar, lexicon),
            Patterns(language.politeness, self.normaliser),
            self.stop,
        )
        self.features = Featuriser(self.stop, learned.common)
        self._meanings = learned.meanings
        self._evidence = lru_cache(_LATELY)(self._weigh)
        self._texts = [text for entry in kb.entries.values() for text in said_of(entry)]
        owners = self.index.owners
        self._ours = sum(not owner.startswith((OFF_TOPIC, SMALL_TALK, DOOR)) for owner in owners)
        self.entry_ids = owners[: self._ours]
        self._others = slice(self._ours, len(owners) - sum(owner.startswith(DOOR) for owner in owners))
        self._usual = self.phrasings.usual(self._ours)
        self._rank = {owner: rank for rank, owner in enumerate(owners)}
        self._doorkeeper = Doorkeeper(owners, language.door_entries)
        self._priors = {
            audience: np.array(
                [
                    0.0 if kb.entries[owner].is_for(audience) else AUDIENCE_PRIOR
                    for owner in owners[: self._ours]
                ],
                np.float32,
            )
            for audience in Audience
        }

    def text_of(self, line: int) -> str:
        """A phrasing as its author wrote it."""
        return self._texts[line]

    def says(self, entry_id: str, stem: str) -> bool:
        """Whether phrasings of that entry hold the stem, and not by chance."""
        return self.phrasings.hold(self._rank[entry_id], stem)

    def words_for(self, entry_id: str, clause: Clause) -> tuple[str, ...]:
        """The words of a clause that speak for an entry, strongest first."""
        found = self.index.contributions(entry_id, self.features.of(clause.words))
        return tuple(word for word, _ in found)

    def rank(self, query: Query, audience: Audience | None = None, previous: Query | None = None) -> Ranking:
        """`previous` is the message that this one follows on: it lends its words."""
        scores = self._scores(query)
        if previous is not None:
            scores = scores + PREVIOUS_SHARE * self._scores(previous)
        return self._ranking(query, scores, audience)

    def rank_clause(self, clause: Clause, audience: Audience | None = None) -> tuple[Query, Ranking]:
        """The same for one clause by itself, and the clause as a message."""
        content = tuple(word for word in clause.stems if word not in self.stop)
        query = Query("", clause.stems, clause, (), content)
        return query, self._ranking(query, self._evidence(clause), audience)

    def evidence(self, clause: Clause, audience: Audience | None) -> Floats:
        """What a clause says for each of `entry_ids`."""
        return self._for(audience, self._evidence(clause))

    def _weigh(self, clause: Clause) -> Floats:
        """What a clause says for each owner; not to be written to."""
        features = self.features.soft(clause.ways, clause.words)
        evidence = self.index.scores(features, self._meanings.of(_meant(clause)))
        evidence[: self._ours] += REPAIR_PRIOR * _repaired(clause.ways) * self._usual
        evidence.flags.writeable = False
        return evidence

    def _scores(self, query: Query) -> Floats:
        scores = self._evidence(query.whole)
        if not query.clauses:
            return scores
        best = np.max([self._evidence(clause) for clause in query.clauses], axis=0)
        whole: Floats = (1 - CLAUSE_SHARE) * scores + CLAUSE_SHARE * best
        return whole

    def _ranking(self, query: Query, scores: Floats, audience: Audience | None) -> Ranking:
        ours, others = self._for(audience, scores), scores[self._others]
        first = np.argsort(-ours, kind="stable")[:LOOKED_AT]
        near = self.phrasings.nearest(query.whole.ways, first.tolist())
        ranked = []
        for rank in first.tolist():
            found = near.get(rank)
            likeness = self.phrasings.wording(found, query.whole.stems) if found else 0.0
            evidence = float(ours[rank]) + LIKENESS_SHARE * likeness
            ranked.append(Ranked(self.index.owners[rank], evidence, likeness, found.line if found else None))
        left = np.delete(ours, first)
        return Ranking(
            tuple(sorted(ranked, key=lambda one: -one.evidence)),
            float(np.log(np.exp(left).sum())) if left.size else -30.0,
            float(others.max()) if others.size else 0.0,
            self._doorkeeper.leads(scores),
            self._share(query.content),
        )

    def _for(self, audience: Audience | None, scores: Floats) -> Floats:
        """The evidence for our entries, less for those that are for others."""
        ours = scores[: self._ours]
        return ours if audience is None else ours - self._priors[audience]

    def _share(self, content: Sequence[str]) -> float:
        weights = {word: self.phrasings.weight(word) for word in content}
        total = sum(weights.values())
        return (
            sum(weight for word, weight in weights.items() if self.phrasings.know(word)) / total
            if total
            else 0.0
        )


def _meant(clause: Clause) -> Iterator[tuple[str, float]]:
    """Its words, and how sure it is that they are these."""
    for word, ways in zip(clause.words, clause.ways, strict=True):
        yield word, ways[0][1] if ways else 1.0


def _repaired(words: Sequence[Alternatives]) -> float:
    """Share of the words that may well be others than they are read as, 0-1."""
    unsure = sum(len(ways) > 1 or any(likeness < 1 for _, likeness in ways) for ways in words)
    return unsure / max(len(words), 1)
