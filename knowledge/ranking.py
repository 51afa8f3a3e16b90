"""The entries in the order of the evidence for them, and what there is to judge that order by."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.entries import Audience, Entry, KnowledgeBase
from knowledge.index import Index, Line
from knowledge.language import Language
from knowledge.normalising import Normaliser, split_words, stem
from knowledge.patterns import Patterns
from knowledge.phrasings import Nearest, Phrasings
from knowledge.queries import Clause, Query, QueryReader
from knowledge.spelling import Speller

# Measured on held-out phrasings, like the constants of the index.
AUDIENCE_PRIOR = 2.5  # evidence that an entry for others must have more; 1.5: -0.5 point, 0.5: -3
CLAUSE_SHARE = 0.3  # how much the best clause of a long message counts against the whole; 0 to 0.5: no change
PREVIOUS_SHARE = 0.8
LOOKED_AT = 30
_OTHER = "!"
"""Ids that begin so are no entries: subjects that are not ours, or an entry's negatives."""


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
    other: float
    """Evidence for the nearest subject that is not ours."""
    coverage: float
    """Share of the telling words that the content knows, 0-1."""
    content_words: int


class Ranker:
    """Built once for a knowledge base; keeps no state between messages but a cache of repairs."""

    def __init__(self, kb: KnowledgeBase) -> None:
        language = kb.language
        self.normaliser = Normaliser(language, _word_counts(kb))
        self.stop = frozenset(map(stem, self.normaliser.stop_words))
        self._entries = kb.entries
        counts: Counter[str] = Counter()
        texts = list(_texts(kb))
        self._line_texts = [text for _, text in texts]
        self.lines = [self._line(entry.id, text, counts) for entry, text in texts]
        answers = {entry.id: self._stems(entry_words(entry), counts) for entry in kb.entries.values()}
        others = [self._line(owner, text, counts) for owner, text in _others(kb)]
        self.reader = QueryReader(
            self.normaliser,
            Speller(counts, _known_words(language, self.normaliser)),
            Patterns(language.politeness, self.normaliser),
            self.stop,
        )
        self.index = Index([*self.lines, *others], answers, self.stop)
        self.phrasings = Phrasings(self.lines, self.stop)
        self.own_words = {entry: frozenset[str]() for entry in kb.entries}
        for line in self.lines:
            self.own_words[line.entry] |= frozenset(line.stems)

    def text_of(self, line: int) -> str:
        """A phrasing as its author wrote it."""
        return self._line_texts[line]

    def _stems(self, text: str, counts: Counter[str]) -> tuple[str, ...]:
        words = self.normaliser.words(text)
        counts.update(words)
        return tuple(map(stem, words))

    def _line(self, owner: str, text: str, counts: Counter[str]) -> Line:
        return Line(owner, self._stems(text, counts))

    def rank(self, query: Query, audience: Audience | None = None, previous: Query | None = None) -> Ranking:
        """`previous` is the message that this one follows on: it lends its words."""
        scores = self._scores(query)
        if previous is not None:
            before = self._scores(previous)
            scores = [now + PREVIOUS_SHARE * then for now, then in zip(scores, before, strict=True)]
        return self._ranking(query, scores, audience)

    def rank_clause(self, clause: Clause, audience: Audience | None = None) -> Ranking:
        """The same for one clause by itself."""
        content = tuple(word for word in clause.stems if word not in self.stop)
        query = Query("", clause.stems, clause, (), (), content, frozenset())
        return self._ranking(query, self.index.scores(clause.ways, clause.stems), audience)

    def _scores(self, query: Query) -> list[float]:
        scores = self.index.scores(query.whole.ways, query.whole.stems)
        if not query.clauses:
            return scores
        by_clause = [self.index.scores(clause.ways, clause.stems) for clause in query.clauses]
        best = map(max, zip(*by_clause, strict=True))
        return [
            (1 - CLAUSE_SHARE) * whole + CLAUSE_SHARE * part for whole, part in zip(scores, best, strict=True)
        ]

    def _ranking(self, query: Query, scores: Sequence[float], audience: Audience | None) -> Ranking:
        evidence: dict[str, float] = {}
        other = 0.0
        for owner, score in zip(self.index.ids, scores, strict=True):
            if owner.startswith(_OTHER):
                other = max(other, score)
            else:
                evidence[owner] = score - self._prior(owner, audience)
        first = sorted(evidence, key=evidence.__getitem__, reverse=True)[:LOOKED_AT]
        near = self.phrasings.nearest(query.whole.ways, frozenset(first))
        ranked = tuple(self._ranked(entry, evidence[entry], near.get(entry), query) for entry in first)
        return Ranking(
            ranked,
            other,
            self._share(query.content, self.index.known),
            len(set(query.content)),
        )

    def _ranked(self, entry: str, evidence: float, near: Nearest | None, query: Query) -> Ranked:
        if near is None:
            return Ranked(entry, evidence, 0.0, None)
        return Ranked(entry, evidence, self.phrasings.wording(near, query.whole.stems), near.line)

    def _share(self, content: Sequence[str], known: Callable[[str], bool]) -> float:
        weights = {word: self.phrasings.weight(word) for word in content}
        total = sum(weights.values())
        return sum(weight for word, weight in weights.items() if known(word)) / total if total else 0.0

    def _prior(self, entry: str, audience: Audience | None) -> float:
        return 0.0 if audience is None or self._entries[entry].is_for(audience) else AUDIENCE_PRIOR


def entry_words(entry: Entry) -> str:
    return " ".join((entry.answer, *entry.variants.values()))


def _texts(kb: KnowledgeBase) -> Iterator[tuple[Entry, str]]:
    for entry in kb.entries.values():
        for text in (entry.title, *entry.keywords, *entry.phrasings):
            yield entry, text


def _others(kb: KnowledgeBase) -> Iterator[tuple[str, str]]:
    for subject, lines in kb.language.off_topic.items():
        for line in lines:
            yield _OTHER + subject, line
    for entry in kb.entries.values():
        for line in entry.negatives:
            yield f"{_OTHER}{entry.id}", line


def _word_counts(kb: KnowledgeBase) -> Counter[str]:
    words = Counter(word for _, text in _texts(kb) for word in split_words(text))
    words.update({word for line in _language_lines(kb.language) for word in split_words(line)})
    return words


def _language_lines(language: Language) -> list[str]:
    lines = [*language.known_words, *language.schemes, *language.distress, *language.human]
    lines += [*language.smalltalk_words, *language.human_alone, *language.casework, *language.anchors]
    return lines + [line for kind in language.smalltalk.values() for line in kind]


def _known_words(language: Language, normaliser: Normaliser) -> set[str]:
    lines = _language_lines(language)
    return {word for line in lines for word in (*normaliser.words(line), *split_words(line))}
