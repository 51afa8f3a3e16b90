"""Finding entries by words that stand in them, for those who look after them; not for people's questions."""

from collections.abc import Iterable
from functools import lru_cache

from knowledge.entries import Entry
from knowledge.normalising import fold


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
