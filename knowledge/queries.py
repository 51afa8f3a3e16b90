"""A message as the matcher sees it: clauses of words, each word in the ways it may be read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.normalising import Normaliser, cut, fold, split_words, stem
from knowledge.patterns import Patterns
from knowledge.spelling import Alternatives, Speller

MAX_WORDS = 160
MAX_CLAUSES = 12
_LEAST_CLAUSE = 3
_LONG = 14
_SENTENCE = re.compile(r"[.?!…;\n]+|\s[-–]\s")
_MAX_DOUBLE = 260
_JOINT = re.compile(r"[?;!\n]+|\.\s|,|\bet\b|\bou\b(?= (?:comment|est))", re.I)
_ASKING = re.compile(
    r"\b(?:comment|coment|cmt|combien|cb|quand|qd|quel\w*|qui|ou|quoi|koi|pourquoi|pk|est-?ce|esk|c est"
    r"|peu[tx]|puis|pou[vr]\w+|veu[tx]|jveux|jpeux|faut|doi[st]|dois|y a-t-il|sera\w*|va|ont|avec)\b"
)
_HINGE = re.compile(
    r",|:|\b(?:mais|sauf que|du coup|parce que|pcq|et puis|et apres|alors que|sachant que)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Clause:
    """Some words of a message: as stems, and each in the ways it may be read (none = unknown)."""

    stems: tuple[str, ...]
    ways: tuple[Alternatives, ...]

    def __len__(self) -> int:
        return len(self.stems)


@dataclass(frozen=True, slots=True)
class Query:
    text: str
    stems: tuple[str, ...]
    """Every word, courtesies included."""
    whole: Clause
    """The message without courtesies."""
    clauses: tuple[Clause, ...]
    """Parts of a long message; empty for a short one."""
    questions: tuple[Clause, ...]
    """Two or three clauses that may each be a question, else none."""
    content: tuple[str, ...]
    """Stems that are no stop words."""
    numbers: frozenset[int]


class QueryReader:
    def __init__(
        self, normaliser: Normaliser, speller: Speller, politeness: Patterns, stop: frozenset[str]
    ) -> None:
        self._normaliser = normaliser
        self._speller = speller
        self._politeness = politeness
        self._stop = stop

    def read(self, text: str) -> Query:
        text = cut(text)
        everything = self._words(text)
        whole = self._without_courtesies(everything)
        pieces = _pieces(text)
        if len(pieces) > MAX_CLAUSES:
            pieces = pieces[: MAX_CLAUSES // 2] + pieces[-MAX_CLAUSES // 2 :]
        clauses = tuple(
            clause
            for clause in (self._without_courtesies(self._words(piece)) for piece in pieces)
            if self._tells(clause)
        )
        return Query(
            text,
            everything.stems,
            whole,
            clauses if len(clauses) > 1 else (),
            self._questions(text),
            tuple(word for word in whole.stems if word not in self._stop),
            frozenset(int(word) for word in split_words(text) if word.isdigit() and len(word) < 7),
        )

    def _questions(self, text: str) -> tuple[Clause, ...]:
        if len(text) > _MAX_DOUBLE:
            return ()
        pieces = [part for part in _JOINT.split(text) if part.strip()]
        if len(pieces) < 2 or not all(_ASKING.search(fold(piece)) for piece in pieces[1:]):
            return ()
        parts = [self._without_courtesies(self._words(piece)) for piece in pieces]
        return tuple(parts) if 2 <= len(parts) <= 3 and all(map(self._tells, parts)) else ()

    def _tells(self, clause: Clause) -> bool:
        return len(clause) >= _LEAST_CLAUSE and any(word not in self._stop for word in clause.stems)

    def _words(self, text: str) -> Clause:
        words = self._normaliser.words(text)[:MAX_WORDS]
        ways = tuple(self._ways(word) for word in words)
        stems = tuple(way[0][0] if way else stem(word) for word, way in zip(words, ways, strict=True))
        return Clause(stems, ways)

    def _without_courtesies(self, clause: Clause) -> Clause:
        polite = self._politeness.covered(clause.stems)
        kept = [n for n in range(len(clause)) if n not in polite]
        if not polite or sum(clause.stems[n] not in self._stop for n in kept) < 2:
            return clause
        return Clause(tuple(clause.stems[n] for n in kept), tuple(clause.ways[n] for n in kept))

    def _ways(self, word: str) -> Alternatives:
        return tuple((stem(way), weight) for way, weight in self._speller.alternatives(word))


def _pieces(text: str) -> list[str]:
    """Sentences, long ones cut again where the story turns."""
    pieces: list[str] = []
    for sentence in _SENTENCE.split(text):
        parts: Sequence[str] = [sentence] if len(sentence.split()) <= _LONG else _HINGE.split(sentence)
        pieces.extend(part for part in parts if part.strip())
    return pieces
