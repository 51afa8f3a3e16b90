"""All that is learnt from: phrasings, answers, negatives and off-topic lines, as words."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from knowledge.entries import Entry, KnowledgeBase
from knowledge.language import Language
from knowledge.normalising import Normaliser, split_words, stem

OFF_TOPIC = "!"
SMALL_TALK = "~"
DOOR = "@"
"""Owners that begin so are no entries: subjects not ours, kinds of small talk, doors before the entries."""


@dataclass(frozen=True, slots=True)
class Line:
    """One phrasing (or title, or keyword): whose it is, and its words in full spelling."""

    owner: str
    words: tuple[str, ...]
    text: str

    @property
    def stems(self) -> tuple[str, ...]:
        return tuple(map(stem, self.words))


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    lines: tuple[Line, ...]
    """Of entries, in their order."""
    others: tuple[Line, ...]
    """Off-topic lines by subject, small talk by kind, then what is said at each door."""
    negatives: tuple[Line, ...]
    """Lines that look like their owner's and are not."""
    answers: Mapping[str, tuple[str, ...]]
    """Words of each entry's answers."""
    counts: Mapping[str, int]
    """How often each word of these stands there: what misspelt words are repaired to."""


def corpus(kb: KnowledgeBase, read: Callable[[str], Sequence[str]]) -> Corpus:
    """`read` finds the words of a text."""

    def line(owner: str, text: str) -> Line:
        return Line(owner, tuple(read(text)), text)

    entries = kb.entries.values()
    lines = [line(entry.id, text) for entry in entries for text in said_of(entry)]
    others = [line(owner, text) for owner, text in _others(kb.language)]
    negatives = [line(owner, text) for owner, text in _negatives(kb)]
    answers = {entry.id: tuple(read(" ".join((entry.answer, *entry.variants.values())))) for entry in entries}
    words = chain((one.words for one in (*lines, *others, *negatives)), answers.values())
    return Corpus(
        lines=tuple(lines),
        others=tuple(others),
        negatives=tuple(negatives),
        answers=answers,
        counts=Counter(chain.from_iterable(words)),
    )


def _others(language: Language) -> Iterator[tuple[str, str]]:
    marked = (OFF_TOPIC, language.off_topic), (SMALL_TALK, language.smalltalk_said), (DOOR, language.said)
    for mark, by_owner in marked:
        for owner, lines in by_owner.items():
            for text in lines:
                yield mark + owner, text


def _negatives(kb: KnowledgeBase) -> Iterator[tuple[str, str]]:
    for entry in kb.entries.values():
        for text in entry.negatives:
            yield entry.id, text
    for door, lines in kb.language.said_not.items():
        for text in lines if door in kb.language.said else ():
            yield DOOR + door, text


def said_of(entry: Entry) -> Iterator[str]:
    """Every way in which people, or its author, name the question of an entry."""
    yield entry.title
    yield from entry.keywords
    yield from entry.phrasings


def word_counts(kb: KnowledgeBase) -> Counter[str]:
    """Words as they are written in the content, before anything is read into them."""
    texts = chain.from_iterable(map(said_of, kb.entries.values()))
    words = Counter(chain.from_iterable(map(split_words, texts)))
    words.update({word for line in _language_lines(kb.language) for word in split_words(line)})
    return words


def known_words(language: Language, normaliser: Normaliser) -> frozenset[str]:
    """Words that are no misspelt word of ours, whoever wrote them."""
    lines = _language_lines(language)
    return frozenset(word for line in lines for word in (*normaliser.words(line), *split_words(line)))


def _language_lines(language: Language) -> list[str]:
    lines = [*language.known_words, *language.schemes, *language.distress, *language.human]
    lines += [*language.smalltalk_words, *language.human_alone, *language.casework, *language.anchors]
    return lines + [line for kind in language.smalltalk.values() for line in kind]
