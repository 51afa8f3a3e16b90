"""« Camille relancer la DRAC pour le 04/12 »: who, what, and until when, as people type it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from handlers import absence_words
from knowledge.normalising import fold

_WEEK = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_SOON = {"aujourd'hui": 0, "demain": 1, "apres-demain": 2, "apres demain": 2}
_NEXT_MEETING = ("la prochaine reunion", "prochaine reunion", "la reunion", "la semaine prochaine")
_UNTIL = re.compile(r"\s(?:pour|avant|d['’]ici)\s+", re.IGNORECASE)
_BEFORE_A_DAY = ("le ", "ce ", "au ")


@dataclass(frozen=True, slots=True)
class Meant:
    """What was typed, taken apart; `who` as it was written, `due` None when no day was named."""

    who: str
    what: str
    due: date | None


def read(text: str, names: Sequence[str], today: date) -> Meant | None:
    """None when nobody is named: neither a colleague of `names`, nor « moi », nor somebody before a colon."""
    parts = _split(" ".join(text.split()), names)
    if parts is None or not parts[1]:
        return None
    who, rest = parts
    for found in reversed(list(_UNTIL.finditer(rest))):
        day = upcoming(rest[found.end() :], today)
        if day is not None:
            return Meant(who, rest[: found.start()].strip(), day)
    return Meant(who, rest, None)


def upcoming(words: str, today: date) -> date | None:
    """« 04/12 », « le 4/12/2026 », « vendredi », « la prochaine réunion »; None for other words."""
    said = fold(words).strip(" .!")
    said = next((said.removeprefix(word) for word in _BEFORE_A_DAY if said.startswith(word)), said)
    if said in _SOON:
        return today + timedelta(days=_SOON[said])
    if said in _NEXT_MEETING:
        return next_monday(today)
    if said.removesuffix(" prochain") in _WEEK:
        return _next(_WEEK.index(said.removesuffix(" prochain")), today)
    return absence_words.one_day(said, today)


def next_monday(today: date) -> date:
    """The day of the next meeting."""
    return _next(0, today)


def _next(weekday: int, today: date) -> date:
    """The next such day after today."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _split(text: str, names: Sequence[str]) -> tuple[str, str] | None:
    """Who is named first, and the rest."""
    before, colon, after = text.partition(":")
    if (
        colon
        and before.strip()
        and len(before.split()) <= 6
        and not before.rstrip().endswith(("http", "https"))
    ):
        return before.strip(), after.strip()
    words = text.split()
    for length, name in sorted(_callings(names), reverse=True):
        if fold(" ".join(words[:length])) == name:
            return " ".join(words[:length]), " ".join(words[length:])
    return None


def _callings(names: Sequence[str]) -> Iterator[tuple[int, str]]:
    """How people are called, with the number of words: « moi », names, first names that are unique."""
    yield 1, "moi"
    firsts = [fold(name).split()[0] for name in names if name.split()]
    for name in names:
        folded = fold(name)
        yield len(folded.split()), folded
    yield from ((1, first) for first in firsts if firsts.count(first) == 1)
