"""Where a territory is in time: the zone of its clocks, the days when nobody works there."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

import holidays

_ZONES = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
    "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti",
    "988": "Pacific/Noumea",
}
# The library's names of the places that have days of their own; Alsace-Moselle is one place to it.
_PLACES = {
    "57": "57",
    "67": "6AE",
    "68": "6AE",
    "971": "971",
    "972": "972",
    "973": "973",
    "974": "974",
    "975": "PM",
    "976": "976",
    "977": "BL",
    "978": "MF",
    "986": "WF",
    "987": "PF",
    "988": "NC",
}


def zone_of(territory: str | None, home: ZoneInfo) -> ZoneInfo:
    """The time zone of a territory; `home` is the mainland's, and of who has none."""
    name = _ZONES.get(territory or "")
    return ZoneInfo(name) if name is not None else home


def holiday(territory: str | None, day: date) -> str | None:
    """The name of a public holiday in a territory (None: the mainland's alone), if the day is one."""
    return public_holidays(territory, day.year).get(day)


def public_holidays(territory: str | None, year: int) -> Mapping[date, str]:
    """All public holidays of a year in a territory, by day."""
    return _year(_PLACES.get(territory or ""), year)


@cache
def _year(place: str | None, year: int) -> Mapping[date, str]:
    found = holidays.country_holidays("FR", subdiv=place, years=year, language="fr")
    return MappingProxyType(dict(sorted(found.items())))
