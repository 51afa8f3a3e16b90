"""A message as the matcher sees it: clauses of words, each word in the ways it may be read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.normalising import Normaliser, cut, fold, split_words, stem
from knowledge.patterns import Patterns
from knowledge.readings import Readings
from knowledge.spelling import Alternatives

MAX_WORDS = 160
MAX_CLAUSES = 12
_LEAST_CLAUSE = 3
_LONG = 14
_SENTENCE = re.compile(r"[.?!…;\n]+|\s[-–]\s")
_MAX_DOUBLE = 260
_MAX_SPLITS = 5
_JOINT = re.compile(
    r"[?!.;\n]+\s*(?:(?:et|sinon|aussi|puis)\s)?"
    r"|,\s*(?:(?:et|ou|mais|puis)\s)?"
    r"|\s(?:et|puis|sinon|ensuite|en plus|aussi|ainsi que)\s(?:(?:puis|aussi|en plus|sinon|apres|après)\s)?",
    re.I,
)
_ASKING = re.compile(
    r"\b(?:comment|coment|comen|cmt|cmnt|combien|cb|cbn|quand|kan|kand|qd|quel\w*|kel\w*|qui|ou|quoi|koi"
    r"|pourquoi|pk|pq|est-?ce|esk|esq\w*|c koi)\b"
    r"|-(?:t-)?(?:ils?|elles?|on|vous|nous|je|tu)\b|\?"
    r"|\b(?:peu[tx]|puis|pouvez|pouvons|jpeux|faut|doit|dois|devons|droit|y a)\b"
)
_HINGE = re.compile(
    r",|:|\b(?:mais|sauf que|du coup|parce que|pcq|et puis|et apres|alors que|sachant que)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Clause:
    """Some words of a message: as meant, their stems, and the ways they may be read (none = unknown)."""

    words: tuple[str, ...]
    stems: tuple[str, ...]
    ways: tuple[Alternatives, ...]

    def __len__(self) -> int:
        return len(self.stems)


@dataclass(frozen=True, slots=True)
class Split:
    """Two halves of a message that may be a question each."""

    first: Clause
    second: Clause
    asking: bool
    """Whether both ask something, rather than one telling what happened."""


@dataclass(frozen=True, slots=True)
class Query:
    text: str
    stems: tuple[str, ...]
    """Every word, courtesies included."""
    whole: Clause
    """The message without courtesies."""
    clauses: tuple[Clause, ...]
    """Parts of a long message; empty for a short one."""
    content: tuple[str, ...]
    """Stems that are no stop words."""


class QueryReader:
    def __init__(
        self, normaliser: Normaliser, readings: Readings, politeness: Patterns, stop: frozenset[str]
    ) -> None:
        self._normaliser = normaliser
        self._readings = readings
        self._politeness = politeness
        self._stop = stop

    def read(self, text: str) -> Query:
        text = cut(text)
        told = _told_once(text)
        readings = self._readings.of_one_message()
        everything = self._words(told, readings)
        whole = self._without_courtesies(everything)
        clauses = self._clauses(_pieces(told), readings)
        return Query(
            text,
            everything.stems,
            whole,
            clauses if len(clauses) > 1 else (),
            tuple(word for word in whole.stems if word not in self._stop),
        )

    def _clauses(self, pieces: Sequence[str], readings: Readings) -> tuple[Clause, ...]:
        if len(pieces) < 2:  # it would be the whole message once more
            return ()
        if len(pieces) > MAX_CLAUSES:
            pieces = [*pieces[: MAX_CLAUSES // 2], *pieces[-MAX_CLAUSES // 2 :]]
        clauses = (self._without_courtesies(self._words(piece, readings)) for piece in pieces)
        return tuple(clause for clause in clauses if self._tells(clause))

    def splits(self, query: Query) -> tuple[Split, ...]:
        """Ways to read a message as two questions."""
        text = query.text
        if len(text) > _MAX_DOUBLE:
            return ()
        splits = []
        for joint in _JOINT.finditer(text):
            # The question mark stays with the question that it ends.
            halves = text[: joint.end()] if "?" in joint[0] else text[: joint.start()], text[joint.end() :]
            first, second = (self._without_courtesies(self._words(half, self._readings)) for half in halves)
            if self._tells(first) and self._tells(second):
                splits.append(Split(first, second, all(_ASKING.search(fold(half)) for half in halves)))
        return tuple(splits[:_MAX_SPLITS])

    def _tells(self, clause: Clause) -> bool:
        return len(clause) >= _LEAST_CLAUSE and any(word not in self._stop for word in clause.stems)

    def _words(self, text: str, readings: Readings) -> Clause:
        words = self._normaliser.words(text, readings.mended)[:MAX_WORDS]
        ways = readings.of(words)
        meant = tuple(way[0][0] if way else word for word, way in zip(words, ways, strict=True))
        stems = tuple(map(stem, meant))
        return Clause(meant, stems, tuple(map(_stemmed, ways)))

    def _without_courtesies(self, clause: Clause) -> Clause:
        polite = self._politeness.covered(clause.stems)
        kept = [n for n in range(len(clause)) if n not in polite]
        if not polite or sum(clause.stems[n] not in self._stop for n in kept) < 2:
            return clause
        return Clause(
            tuple(clause.words[n] for n in kept),
            tuple(clause.stems[n] for n in kept),
            tuple(clause.ways[n] for n in kept),
        )


def _stemmed(ways: Alternatives) -> Alternatives:
    return tuple((stem(way), likeness) for way, likeness in ways)


def _told_once(text: str) -> str:
    """Without the sentences that stood there before: they say nothing more, and would drown the rest."""
    sentences = _SENTENCE.split(text)
    first: dict[str, str] = {}
    for sentence in sentences:
        first.setdefault(" ".join(split_words(sentence)), sentence)
    return text if len(first) == len(sentences) else ". ".join(first.values())


def _pieces(text: str) -> list[str]:
    """Sentences, long ones cut again where the story turns."""
    pieces: list[str] = []
    for sentence in _SENTENCE.split(text):
        parts: Sequence[str] = [sentence] if len(sentence.split()) <= _LONG else _HINGE.split(sentence)
        pieces.extend(part for part in parts if part.strip())
    return pieces
