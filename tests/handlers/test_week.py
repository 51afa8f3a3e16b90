"""Weeks by number: the turns of years, week 53, clocks that change, and what is no week."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers.week import Week

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-W48", Week(2026, 48)),
        (" 2026-w1 ", Week(2026, 1)),
        ("2026-S48", Week(2026, 48)),
        ("2026W05", Week(2026, 5)),
        ("2026-W53", Week(2026, 53)),
        ("2025-W53", None),
        ("2026-W60", None),
        ("2026-W00", None),
        ("1999-W10", None),
        ("48", None),
        ("2026-W4８", None),
        ("", None),
    ],
)
def test_reading(text: str, expected: Week | None) -> None:
    assert Week.read(text) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 29), "2026-W48"),
        (date(2026, 11, 30), "2026-W49"),
        (date(2026, 12, 31), "2026-W53"),
        (date(2027, 1, 3), "2026-W53"),
        (date(2027, 1, 4), "2027-W01"),
        (date(2024, 12, 30), "2025-W01"),
    ],
)
def test_the_week_of_a_day(day: date, expected: str) -> None:
    assert Week.of(day).id == expected
    assert Week.read(expected) == Week.of(day)


def test_in_words() -> None:
    assert Week(2026, 48).words == "semaine 48, du 23 au 29 novembre 2026"
    assert Week(2026, 49).words == "semaine 49, du 30 novembre au 6 décembre 2026"
    assert Week(2026, 53).words == "semaine 53, du 28 décembre 2026 au 3 janvier 2027"


def test_earlier_and_later_over_the_turn_of_the_year() -> None:
    assert Week(2027, 1).earlier(1) == Week(2026, 53)
    assert Week(2026, 53).earlier(-1) == Week(2027, 1)
    assert Week(2027, 2).earlier(4) == Week(2026, 51)


@pytest.mark.parametrize(
    ("week", "hours"), [(Week(2026, 48), 168), (Week(2026, 43), 169), (Week(2026, 13), 167)]
)
def test_a_week_lasts_as_long_as_its_clocks_say(week: Week, hours: int) -> None:
    """October gives an hour, March takes one; the next week begins when this one ends."""
    assert week.ends(PARIS) - week.begins(PARIS) == timedelta(hours=hours)
    assert week.earlier(-1).begins(PARIS) == week.ends(PARIS)


def test_it_begins_at_midnight_where_we_are() -> None:
    assert Week(2026, 48).begins(PARIS) == datetime(2026, 11, 22, 23, tzinfo=UTC)
    assert Week(2026, 30).begins(PARIS) == datetime(2026, 7, 19, 22, tzinfo=UTC)
