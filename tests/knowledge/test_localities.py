"""Time zones and public holidays of each territory, Alsace-Moselle and overseas included."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.library import Library
from knowledge.localities import holiday, public_holidays, zone_of

PARIS = ZoneInfo("Europe/Paris")
SUMMER = datetime(2026, 7, 1)  # noqa: DTZ001  # the zone is asked about it


@pytest.mark.parametrize(
    ("code", "hours"),
    [
        ("25", 2), ("2A", 2), (None, 2), ("971", -4), ("972", -4), ("973", -3), ("974", 4), ("975", -2),
        ("976", 3), ("977", -4), ("978", -4), ("986", 12), ("987", -10), ("988", 11),
    ],
)  # fmt: skip
def test_each_territory_has_its_clock(code: str | None, hours: int) -> None:
    offset = zone_of(code, PARIS).utcoffset(SUMMER)
    assert offset is not None
    assert offset.total_seconds() == hours * 3600


@pytest.mark.parametrize(
    ("code", "day", "name"),
    [
        (None, date(2026, 7, 14), "Fête nationale"),
        ("25", date(2026, 4, 6), "Lundi de Pâques"),
        ("25", date(2026, 4, 3), None),
        ("57", date(2026, 4, 3), "Vendredi saint"),
        ("67", date(2026, 12, 26), "Saint-Étienne"),
        ("68", date(2026, 12, 26), "Saint-Étienne"),
        ("88", date(2026, 12, 26), None),
        ("971", date(2026, 5, 27), "Abolition de l'esclavage"),
        ("972", date(2026, 5, 22), "Abolition de l'esclavage"),
        ("973", date(2026, 6, 10), "Abolition de l'esclavage"),
        ("974", date(2026, 12, 20), "Abolition de l'esclavage"),
        ("976", date(2026, 4, 27), "Abolition de l'esclavage"),
        ("977", date(2026, 10, 9), "Abolition de l'esclavage"),
        ("978", date(2026, 5, 28), "Abolition de l'esclavage"),
        ("975", date(2026, 11, 11), "Armistice"),
        ("986", date(2026, 7, 29), "Fête du Territoire"),
        ("987", date(2026, 3, 5), "Arrivée de l'Évangile"),
        ("988", date(2026, 9, 24), "Fête de la Citoyenneté"),
    ],
)
def test_public_holidays_by_territory(code: str | None, day: date, name: str | None) -> None:
    assert holiday(code, day) == name


def test_every_territory_has_the_eleven_of_the_mainland(library: Library) -> None:
    mainland = set(public_holidays(None, 2027))
    assert len(mainland) == 11
    for territory in library.base.territories.all():
        assert mainland <= set(public_holidays(territory.code, 2027)), territory.code
