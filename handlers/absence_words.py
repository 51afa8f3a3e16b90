"""Days and names as people write them: « 20/12 04/01 remplaçant Sam Petit », « du 20/12 au 4/1 »."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

LOOKS_BACK = timedelta(days=60)
"""A day without a year is one of the coming ten months, or one that is just over."""
LONGEST_GUESS = timedelta(days=200)
"""Longer absences need their years: « 27/11 24/11 » is a slip, not a year. It stays the wrong way round."""
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(20\d\d))?", re.ASCII)
_BEFORE_A_DAY = frozenset({"du", "au", "le", "jusqu'au", "jusqu’au"})
_BEFORE_A_NAME = frozenset(
    {"remplacé", "remplacée", "remplaçant", "remplaçante", "remplacement", "par", "avec", ""}
)
_LEAP_YEAR = 2028


@dataclass(frozen=True, slots=True)
class Named:
    """A day of which perhaps nobody said the year."""

    day: int
    month: int
    year: int | None

    def in_year(self, year: int) -> date:
        """29 February becomes 1 March where there is none."""
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return date(year, 3, 1)


@dataclass(frozen=True, slots=True)
class Meant:
    """What was asked for: the first and the last day, and the name of a replacement ("" for none)."""

    first: date
    last: date
    replacement: str


def read(words: str, today: date) -> Meant | None:
    """None when these are not one or two days, perhaps with a name after them."""
    days, rest = _split(words.split())
    if days is None or not 1 <= len(days) <= 2:
        return None
    first, last = _period(days[0], days[-1], today)
    return Meant(first, last, " ".join(rest))


def one_day(words: str, today: date) -> date | None:
    """« 20/12 », « le 20/12/2026 »; None when it is something else."""
    meant = read(words, today)
    return meant.first if meant is not None and meant.first == meant.last and not meant.replacement else None


def _split(tokens: list[str]) -> tuple[list[Named] | None, list[str]]:
    """The days in front, None if one of them does not exist, and what comes after them.

    What begins with a digit is meant as a day; a small word belongs to a day only before one: « Le Goff ».
    """
    days: list[Named] = []
    while tokens:
        following = tokens[1] if len(tokens) > 1 else ""
        if tokens[0].lower() in _BEFORE_A_DAY and following[:1].isdigit():
            tokens = tokens[1:]
        elif tokens[0][0].isdigit():
            named = _named(tokens[0])
            if named is None:
                return None, []
            days, tokens = [*days, named], tokens[1:]
        else:
            break
    while tokens and tokens[0].lower().strip(":,()") in _BEFORE_A_NAME:
        tokens = tokens[1:]
    return days, tokens


def _named(word: str) -> Named | None:
    found = _DAY.fullmatch(word)
    if found is None:
        return None
    day, month, year = (int(part) if part else None for part in found.groups())
    try:
        date(year or _LEAP_YEAR, month or 0, day or 0)
    except ValueError:
        return None
    return Named(day or 0, month or 0, year)


def _period(first: Named, last: Named, today: date) -> tuple[date, date]:
    """Both days with their years: the last one is near today, the first one the nearest before it."""
    if last.year is not None:
        end = last.in_year(last.year)
    elif first.year is not None:
        end = _from(first.in_year(first.year), last)
    else:
        end = _from(today - LOOKS_BACK, last)
    if first.year is not None:
        return first.in_year(first.year), end
    start = first.in_year(end.year)
    start = start if start <= end else first.in_year(end.year - 1)
    slip = last.year is None and end - start > LONGEST_GUESS
    return (first.in_year(start.year + 1) if slip else start), end


def _from(start: date, named: Named) -> date:
    """The first day of that name from `start` on."""
    found = named.in_year(start.year)
    return found if found >= start else named.in_year(start.year + 1)
