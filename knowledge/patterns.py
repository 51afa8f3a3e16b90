"""Short patterns of words (see `language.py`), looked for in messages."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pydantic import BaseModel

from knowledge.language import Language
from knowledge.normalising import Normaliser, stem

MAX_GAP = 2
Span = tuple[int, int]


class Patterns:
    def __init__(self, lines: Iterable[str], normaliser: Normaliser) -> None:
        self._by_first: dict[str, list[tuple[frozenset[str], ...]]] = {}
        self.words: set[str] = set()
        for line in lines:
            steps = tuple(_steps(line, normaliser))
            for word in steps[0] if steps else ():
                self._by_first.setdefault(word, []).append(steps)
            self.words.update(word for step in steps for word in step)

    def spans(self, stems: Sequence[str]) -> list[Span]:
        """Where patterns are found: first word, and one past the last."""
        found: list[Span] = []
        if self._by_first.keys().isdisjoint(stems):  # as nearly always: a message is looked through for many
            return found
        for start, word in enumerate(stems):
            for steps in self._by_first.get(word, ()):
                end = _end(stems, start, steps)
                if end:
                    found.append((start, end))
        return found

    def covered(self, stems: Sequence[str]) -> set[int]:
        """Positions of all words inside some pattern."""
        return {position for start, end in self.spans(stems) for position in range(start, end)}


def words_of(language: Language) -> frozenset[str]:
    """The words that patterns of `language` give a choice of."""
    return frozenset(
        word for line in _lines(language) if "|" in line for part in line.split() for word in part.split("|")
    )


def _lines(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case BaseModel():
            yield from _lines(tuple(one for _, one in value))
        case Mapping():
            yield from _lines(tuple(value.values()))
        case tuple():
            for one in value:
                yield from _lines(one)


def _steps(line: str, normaliser: Normaliser) -> Iterable[frozenset[str]]:
    if "|" not in line:
        yield from (frozenset((stem(word),)) for word in normaliser.spelled(line))
        return
    for part in line.split():
        yield frozenset(filter(None, map(normaliser.longest_stem, part.split("|"))))


def _end(stems: Sequence[str], start: int, steps: Sequence[frozenset[str]]) -> int:
    """One past the last word of the pattern that begins at `start`, 0 if it isn't there."""
    position = start
    for step in steps[1:]:
        for following in range(position + 1, min(position + 2 + MAX_GAP, len(stems))):
            if stems[following] in step:
                position = following
                break
        else:
            return 0
    return position + 1
