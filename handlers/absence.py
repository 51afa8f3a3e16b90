"""When a referent is away: `/absent 20/12 04/01`, and the same from the console."""

import re
from datetime import date, datetime, time, timedelta
from itertools import takewhile

from handlers import calendar
from handlers.errors import Refused, refused
from handlers.turn import Turn
from storage import directory
from storage.tables import Referent

_DAY = re.compile(r"^(\d{1,2})/(\d{1,2})(?:/(\d{4}))?$")
LONGEST_DAYS = 400
_SMALL_WORDS = frozenset({"du", "au", "le", "jusqu'au", "jusqu’au", "remplacé", "remplacée", "par"})


def declare(turn: Turn, referent: Referent, words: str) -> tuple[str, str] | Refused:
    """Notes an absence from the first day to the last, both included; « fin » ends all. Returns both days."""
    parts = [part for part in words.split() if part.lower() not in _SMALL_WORDS]
    if [part.lower() for part in parts] == ["fin"]:
        directory.end_absences(turn.session, referent.id)
        return refused("absence.ended")
    # What begins with a digit is meant as a day: one that does not exist is no name of a replacement.
    days = [_day(turn, part) for part in takewhile(lambda part: part[0].isdigit(), parts)]
    first, last = (days[0], days[-1]) if 1 <= len(days) <= 2 else (None, None)
    if first is None or last is None:
        return refused("absence.usage")
    name = " ".join(parts[len(days) :])
    replacement = directory.by_name(turn.session, name) if name else None
    if name and (replacement is None or replacement.id == referent.id):
        return refused("absence.unknown_replacement", name=name[:60])
    if last < first and parts[1].count("/") == 1:
        last = _in_year(last, last.year + 1)
    return between(turn, referent, first, last, replacement_id=replacement.id if replacement else None)


def between(
    turn: Turn, referent: Referent, first: date, last: date, *, replacement_id: int | None = None
) -> tuple[str, str] | Refused:
    """The same with calendar days."""
    if last < first or last < turn.today or (last - first).days > LONGEST_DAYS:
        return refused("absence.impossible")
    directory.set_absent(
        turn.session,
        referent,
        starts_at=_midnight(turn, first),
        ends_at=_midnight(turn, last + timedelta(days=1)),
        replacement_id=replacement_id,
    )
    return calendar.day_in_words(first), calendar.day_in_words(last)


def _day(turn: Turn, word: str) -> date | None:
    """A day without a year is the next one of that name."""
    found = _DAY.match(word)
    if found is None:
        return None
    day, month, year = found.groups()
    try:
        named = date(int(year) if year else turn.today.year, int(month), int(day))
    except ValueError:
        return None
    past = not year and named < turn.today - timedelta(days=60)
    return _in_year(named, named.year + 1) if past else named


def _in_year(day: date, year: int) -> date:
    """The same day of another year; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def _midnight(turn: Turn, day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=turn.world.timezone)
