"""How hard an answer is to read, by the length of its sentences: the one measure that authors can act on.

A line of a list is a sentence of its own, and so is what stands before a colon that opens a list.
Addresses of links are not read; a semicolon lets the reader breathe and ends a sentence too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.markup import BulletList, NumberedList, Paragraph, Span, parse

_END = re.compile(r"(?<=[.?!…;])[»\")]*\s+|\n+")
_WORD = re.compile(r"[^\W_]+(?:[-.,/][^\W_]+)*")
# Set on the shipped answers: one in forty goes over these, and each would read better in two sentences.
MEAN_WISHED = 22
LONGEST_WISHED = 35
EASY_MEAN = 13
EASY_LONGEST = 20


@dataclass(frozen=True, slots=True)
class Ease:
    """The mean length of the sentences in words, and the longest sentence."""

    mean: float
    longest: int
    sentence: str
    """The longest, as it stands."""


def sentences(text: str) -> Iterator[str]:
    """The sentences of light Markdown as people read them."""
    for block in parse(text):
        match block:
            case Paragraph(spans):
                parts = [spans]
            case BulletList(items) | NumberedList(items):
                parts = list(items)
        for part in parts:
            yield from (piece for piece in _END.split(_read(part)) if _WORD.search(piece))


def ease(text: str) -> Ease | None:
    """None for a text without words."""
    found = [(len(_words(sentence)), sentence) for sentence in sentences(text)]
    if not found:
        return None
    longest, sentence = max(found, key=lambda pair: pair[0])
    return Ease(sum(length for length, _ in found) / len(found), longest, sentence)


def faults(text: str, *, easy: bool = False) -> list[str]:
    """What makes it hard to read, in French; `easy` asks for the rules of easy-to-read French."""
    found = ease(text)
    if found is None:
        return []
    mean, longest = (EASY_MEAN, EASY_LONGEST) if easy else (MEAN_WISHED, LONGEST_WISHED)
    if found.longest > longest:
        start = " ".join(found.sentence.split()[:6])
        return [f"phrase de {found.longest} mots ({longest} au plus sont souhaités) : « {start}… »"]
    if found.mean > mean:
        return [f"{found.mean:.0f} mots par phrase en moyenne ({mean} au plus sont souhaités)"]
    return []


def _read(spans: tuple[Span, ...]) -> str:
    return "".join(span.text for span in spans)


def _words(sentence: str) -> list[str]:
    return _WORD.findall(sentence)
