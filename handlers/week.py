"""Weeks as people number them: « 2026-W48 », from Monday's midnight to the next one where we are."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

_WRITTEN = re.compile(r"(20\d\d)-?[wWsS](\d{1,2})", re.ASCII)
_DAYS = 7


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """A week of ISO 8601; its year is that of its Thursday."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Week":
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @classmethod
    def read(cls, text: str) -> "Week | None":
        """What « 2026-W48 » or « 2026-S48 » means; None when there is no such week."""
        found = _WRITTEN.fullmatch(text.strip())
        if found is None:
            return None
        week = cls(int(found[1]), int(found[2]))
        return week if 1 <= week.number <= weeks_of(week.year) else None

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def id(self) -> str:
        return f"{self.year}-W{self.number:02}"

    @property
    def words(self) -> str:
        """« semaine 48, du 23 au 29 novembre 2026 »"""
        first, last = self.monday, self.monday + timedelta(days=_DAYS - 1)
        same_month, same_year = first.month == last.month, first.year == last.year
        begins = "d" if same_month else "d MMMM" if same_year else "d MMMM y"
        since, until = (
            format_date(day, how, locale="fr") for day, how in ((first, begins), (last, "d MMMM y"))
        )
        return f"semaine {self.number}, du {since} au {until}"

    def earlier(self, weeks: int) -> "Week":
        return Week.of(self.monday - timedelta(days=_DAYS * weeks))

    def begins(self, zone: ZoneInfo) -> datetime:
        """The first moment; a week in which clocks change is an hour shorter or longer."""
        return datetime.combine(self.monday, time(), tzinfo=zone).astimezone(UTC)

    def ends(self, zone: ZoneInfo) -> datetime:
        """The first moment of the next one."""
        return self.earlier(-1).begins(zone)


def weeks_of(year: int) -> int:
    """How many weeks a year has: 52, or 53."""
    return date(year, 12, 28).isocalendar().week
