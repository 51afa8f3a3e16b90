"""Days as people count them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers import calendar


def test_days_and_moments_in_words() -> None:
    assert calendar.day_in_words(date(2026, 11, 25)) == "mercredi 25 novembre"
    moment = datetime(2026, 11, 25, 13, 5, tzinfo=UTC)
    assert calendar.moment_in_words(moment, ZoneInfo("Europe/Paris")) == "25/11/2026 à 14:05"


def test_times_and_spans_in_words() -> None:
    assert calendar.time_in_words(datetime(2026, 11, 25, 9, 0, tzinfo=UTC)) == "9 h"
    assert calendar.time_in_words(datetime(2026, 11, 25, 12, 5, tzinfo=UTC)) == "12 h 05"
    assert calendar.span_in_words(timedelta(minutes=20)) == "20 minutes"
    assert calendar.span_in_words(timedelta(hours=23, minutes=50)) == "23 heures"
    assert calendar.span_in_words(timedelta(days=9, hours=1)) == "9 jours"
