"""Night is where people live: from nine in the evening to eight, clock changes included."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from handlers.night import is_night, morning

PARIS, NOUMEA, TAHITI = ZoneInfo("Europe/Paris"), ZoneInfo("Pacific/Noumea"), ZoneInfo("Pacific/Tahiti")


@pytest.mark.parametrize(
    ("zone", "moment", "night", "ends"),
    [
        (PARIS, "2026-11-23T19:59", False, "2026-11-24T07:00"),
        (PARIS, "2026-11-23T20:00", True, "2026-11-24T07:00"),
        (PARIS, "2026-11-24T06:59", True, "2026-11-24T07:00"),
        (PARIS, "2026-11-24T07:00", False, "2026-11-25T07:00"),
        (PARIS, "2026-10-24T22:00", True, "2026-10-25T07:00"),  # clocks go back that night
        (PARIS, "2027-03-27T22:00", True, "2027-03-28T06:00"),  # and forward in that one
        (NOUMEA, "2026-11-23T09:00", False, "2026-11-23T21:00"),
        (NOUMEA, "2026-11-23T11:00", True, "2026-11-23T21:00"),
        (TAHITI, "2026-11-23T09:00", True, "2026-11-23T18:00"),
    ],
)
def test_the_night_of_a_place(zone: ZoneInfo, moment: str, night: bool, ends: str) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert is_night(at, zone) is night
    assert morning(at, zone) == datetime.fromisoformat(ends).replace(tzinfo=UTC)
