"""Finding entries, and what was said, by words that stand in them; not for people's questions."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from knowledge.entries import Entry
from knowledge.normalising import fold

MOST_TERMS = 12
"""Words of a search that count; nobody looks for a thirteenth."""
_WORD = re.compile(r"[^\W_]+")
_QUOTED = re.compile(r'["«“]([^"»”]*)["»”]')


@dataclass(frozen=True, slots=True)
class Sought:
    """One thing that must be there: a word, or several in a row when they stood in quotes."""

    words: tuple[str, ...]
    exact: bool
    """In quotes: the last word is no beginning of another."""


def words(text: str) -> str:
    """What a text is found by: its words and numbers as matching folds them, one space between them."""
    return " ".join(_WORD.findall(fold(text)))


def sought(query: str) -> tuple[Sought, ...]:
    """What somebody looks for. Anything can be typed: what is no word counts for nothing."""
    terms = [
        Sought(tuple(found), exact=True)
        for quoted in _QUOTED.findall(query)
        if (found := words(quoted).split())
    ]
    terms += [Sought((word,), exact=False) for word in words(_QUOTED.sub(" ", query)).split()]
    return tuple(dict.fromkeys(terms))[:MOST_TERMS]


def search(entries: Iterable[Entry], words: str) -> list[Entry]:
    """Those that hold every word somewhere (id, title, phrasings, answers), in the order of the content.

    Accents and capitals do not matter, and a word may be the beginning or the middle of another.
    """
    wanted = fold(words).split()
    return [entry for entry in entries if all(word in _folded(_text(entry)) for word in wanted)]


def _text(entry: Entry) -> str:
    said = (entry.answer, *entry.variants.values(), entry.facile or "")
    return "\n".join((entry.id, entry.title, *entry.tags, *entry.keywords, *entry.phrasings, *said))


@lru_cache(maxsize=2048)
def _folded(text: str) -> str:
    return fold(text)
