"""When a referent is away: `/absent 20/12 04/01`, and the same from the console."""

import re
from datetime import date, datetime, time, timedelta

from handlers import calendar
from handlers.errors import Refused, refused
from handlers.turn import Turn
from storage import directory
from storage.tables import Referent

_DAY = re.compile(r"^(\d{1,2})/(\d{1,2})(?:/(\d{4}))?$")
LONGEST_DAYS = 400


def declare(turn: Turn, referent: Referent, words: str) -> tuple[str, str] | Refused:
    """Notes an absence from the first day to the last, both included; « fin » ends all. Returns both days."""
    parts = words.split()
    if parts[:1] == ["fin"]:
        directory.end_absences(turn.session, referent.id)
        return refused("absence.ended")
    first, last = (_day(turn, part) for part in [*parts, "", ""][:2])
    if first is None:
        return refused("absence.usage")
    last = last or first
    replacement = directory.by_name(turn.session, " ".join(parts[2:])) if len(parts) > 2 else None
    if len(parts) > 2 and replacement is None:
        return refused("absence.unknown_replacement", name=" ".join(parts[2:])[:60])
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
    return named.replace(year=named.year + 1) if past else named


def _midnight(turn: Turn, day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=turn.world.timezone)
