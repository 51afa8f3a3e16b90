"""Days as people count them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime


def open_days_later(start: date, days: int) -> date:
    """The day that comes `days` working days (Monday to Friday) after `start`."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        if day.weekday() < 5:
            days -= 1
    return day


def day_in_words(day: date) -> str:
    """« mercredi 25 novembre »"""
    return format_date(day, "EEEE d MMMM", locale="fr")


def dated(day: date, today: date) -> str:
    """The same, with its year unless it is this one: « lundi 4 janvier 2027 »"""
    return day_in_words(day) if day.year == today.year else format_date(day, "EEEE d MMMM y", locale="fr")


def moment_in_words(moment: datetime, timezone: ZoneInfo) -> str:
    """« 25/11/2026 à 14:05 »"""
    return format_datetime(moment.astimezone(timezone), "dd/MM/yyyy 'à' HH:mm", locale="fr")
