"""Days as people count them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from handlers import calendar


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        (date(2026, 11, 23), 2, date(2026, 11, 25)),
        (date(2026, 11, 26), 2, date(2026, 11, 30)),
        (date(2026, 11, 28), 1, date(2026, 11, 30)),
        (date(2026, 11, 28), 0, date(2026, 11, 28)),
    ],
)
def test_weekends_do_not_count(start: date, days: int, expected: date) -> None:
    assert calendar.open_days_later(start, days) == expected


def test_days_and_moments_in_words() -> None:
    assert calendar.day_in_words(date(2026, 11, 25)) == "mercredi 25 novembre"
    moment = datetime(2026, 11, 25, 13, 5, tzinfo=UTC)
    assert calendar.moment_in_words(moment, ZoneInfo("Europe/Paris")) == "25/11/2026 à 14:05"
