"""The part of a text where what was looked for stands, with the words marked."""

import re
from collections.abc import Sequence

from knowledge.normalising import fold
from knowledge.searching import Sought

LENGTH = 160
_WORD = re.compile(r"[^\W_]+")


def excerpt(text: str, terms: Sequence[Sought]) -> tuple[tuple[str, bool], ...]:
    """About `LENGTH` characters of a text as it was written, in pieces; those that were looked for are True.

    Nothing when none of it is there.
    """
    text = " ".join(text.split())
    marks = [found.span() for found in _WORD.finditer(text) if _is_sought(fold(found[0]), terms)]
    if not marks:
        return ()
    start, end = _around(text, marks)
    pieces = [("…", False)] if start else []
    for first, last in marks:
        if first >= start and last <= end:
            pieces += [(text[start:first], False), (text[first:last], True)]
            start = last
    pieces.append((text[start:end], False))
    if end < len(text):
        pieces.append(("…", False))
    return tuple((piece, sought) for piece, sought in pieces if piece)


def _is_sought(word: str, terms: Sequence[Sought]) -> bool:
    for term in terms:
        for one in term.words:
            if word == one or (not term.exact and len(one) > 2 and word.startswith(one)):
                return True
    return False


def _around(text: str, marks: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Where to begin and end, between words, so that most of the marks can be seen."""
    if len(text) <= LENGTH:
        return 0, len(text)

    def seen(start: int) -> int:
        return sum(start <= first and last <= start + LENGTH * 3 // 4 for first, last in marks)

    best = max((first for first, _ in marks), key=seen)
    start = max(0, best - LENGTH // 4)
    start = text.rfind(" ", 0, start) + 1 if start else 0
    end = min(len(text), start + LENGTH)
    return start, end if end == len(text) else max(text.rfind(" ", start, end), best + 1)
