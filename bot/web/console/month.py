"""A month as a table of weeks: its days, its public holidays, and who is away on each."""

import calendar
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date

from handlers.turn import Turn
from knowledge import localities

NAMES = 4
"""Names shown in one day; the list below has all."""
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """One absence: whose, when, and what the reader may do about it."""

    id: int
    name: str
    first: date
    last: date
    words: str
    replacement: str | None
    mine: bool
    changeable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    number: int
    iso: str
    within: bool
    """Whether it is of this month, not of the one before or after."""
    today: bool
    closed: bool
    holiday: str | None
    away: tuple[Away, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a year."""

    first: date

    @classmethod
    def asked(cls, text: str, today: date) -> "Month":
        """The month of « 2026-12 », else that of today."""
        found = _MONTH.fullmatch(text)
        return cls(date(int(found[1]), int(found[2]), 1) if found else today.replace(day=1))

    @property
    def last(self) -> date:
        return (self.first + timedelta(days=31)).replace(day=1) - timedelta(days=1)

    @property
    def before(self) -> "Month":
        return Month((self.first - timedelta(days=1)).replace(day=1))

    @property
    def after(self) -> "Month":
        return Month(self.last + timedelta(days=1))

    @property
    def id(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def words(self) -> str:
        """« décembre 2026 »"""
        return format_date(self.first, "MMMM y", locale="fr")

    @property
    def weeks(self) -> list[list[date]]:
        """Whole weeks, from Monday, with the days of the months around."""
        return calendar.Calendar().monthdatescalendar(self.first.year, self.first.month)


def weeks(turn: Turn, month: Month, absences: Sequence[Away], codes: Collection[str]) -> list[list[Day]]:
    """The table; `codes` are the territories whose own public holidays count."""
    return [[_day(turn, month, day, absences, codes) for day in week] for week in month.weeks]


def _day(turn: Turn, month: Month, day: date, absences: Iterable[Away], codes: Collection[str]) -> Day:
    away = [one for one in absences if one.first <= day <= one.last]
    national = localities.holiday(None, day)
    return Day(
        number=day.day,
        iso=day.isoformat(),
        within=day.month == month.first.month,
        today=day == turn.today,
        closed=day.weekday() > 4 or national is not None,
        holiday=national or _local(turn, day, codes),
        away=tuple(away[:NAMES]),
        more=len(away[NAMES:]),
    )


def _local(turn: Turn, day: date, codes: Collection[str]) -> str | None:
    """« Vendredi saint (Moselle) »: a holiday of some of the territories alone."""
    found: dict[str, list[str]] = {}
    for code in codes:
        name, territory = localities.holiday(code, day), turn.world.knowledge.territories.by_code(code)
        if name is not None and territory is not None:
            found.setdefault(name, []).append(territory.name)
    return " ; ".join(f"{name} ({', '.join(places)})" for name, places in found.items()) or None
