"""Days as people count them."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.units import format_unit

_UNITS = (
    ("duration-day", timedelta(days=1)),
    ("duration-hour", timedelta(hours=1)),
    ("duration-minute", timedelta(minutes=1)),
)


@lru_cache(maxsize=366)
def day_in_words(day: date) -> str:
    """« mercredi 25 novembre »"""
    return format_date(day, "EEEE d MMMM", locale="fr")


def dated(day: date, today: date) -> str:
    """The same, with its year unless it is this one: « lundi 4 janvier 2027 »"""
    return day_in_words(day) if day.year == today.year else format_date(day, "EEEE d MMMM y", locale="fr")


def days_in_words(first: date, last: date) -> str:
    """« le jeudi 24 décembre », « du 24 au 28 décembre », « du 28 décembre au 4 janvier »"""
    if first == last:
        return f"le {day_in_words(first)}"
    same = (first.year, first.month) == (last.year, last.month)
    start = f"{first.day}" if same else format_date(first, "d MMMM", locale="fr")
    return f"du {start} au {format_date(last, 'd MMMM', locale='fr')}"


def moment_in_words(moment: datetime, timezone: ZoneInfo) -> str:
    """« 25/11/2026 à 14:05 »"""
    return format_datetime(moment.astimezone(timezone), "dd/MM/yyyy 'à' HH:mm", locale="fr")


def time_in_words(local: datetime) -> str:
    """« 9 h », « 12 h 30 »"""
    return minutes_in_words(local.hour * 60 + local.minute)


def minutes_in_words(since_midnight: int) -> str:
    """The same for minutes of a day, of which the last is « 24 h »."""
    hours, minutes = divmod(since_midnight, 60)
    return f"{hours} h {minutes:02}" if minutes else f"{hours} h"


def span_in_words(span: timedelta) -> str:
    """« 20 minutes », « 3 heures », « 2 jours »: whole ones of the largest that fits, days at most."""
    name, unit = next((one for one in _UNITS if span >= one[1]), _UNITS[-1])
    return format_unit(max(1, span // unit), name, locale="fr").replace("\u00a0", " ")
