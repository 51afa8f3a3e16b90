"""When people write: more in September and June than in August, by day at work, in the evening at home."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.demo.scene import Scene
from handlers.week import Week
from knowledge.entries import Audience

A_WEEK = 210
"""Questions of a usual week, at scale 1."""
_MONTHS = (1.05, 0.9, 1.0, 0.9, 1.0, 1.15, 0.7, 0.5, 1.5, 1.3, 1.1, 1.2)
_WEEKDAYS = (1.2, 1.15, 1.3, 1.05, 1.0, 0.75, 0.55)
_AT_HOME = (2, 1, 0, 0, 0, 0, 1, 3, 4, 4, 5, 5, 7, 6, 5, 5, 8, 10, 11, 10, 10, 9, 7, 4)
_AT_WORK = (0, 0, 0, 0, 0, 0, 0, 1, 5, 10, 12, 10, 5, 5, 10, 11, 10, 7, 4, 2, 2, 1, 0, 0)
_AUDIENCES: tuple[tuple[Audience | None, int], ...] = (
    (Audience.JEUNE, 48),
    (Audience.RELAIS, 12),
    (Audience.PARTENAIRE, 24),
    (Audience.COLLECTIVITE, 8),
    (None, 8),
)


@dataclass(frozen=True, slots=True)
class Moment:
    """Somebody is about to write."""

    at: datetime
    audience: Audience | None
    spike: bool = False
    """Whether it is about what everybody asks at once."""


def moments(scene: Scene) -> list[Moment]:
    """All of them, in order, none in the future."""
    found = [*(one for day in _days(scene) for one in _of_day(scene, day)), *_spike(scene)]
    return sorted((one for one in found if one.at < scene.now), key=lambda one: one.at)


def _days(scene: Scene) -> Iterator[datetime]:
    """Midnights where we are."""
    day = scene.begin.astimezone(scene.turn.world.timezone).replace(hour=0, minute=0, second=0, microsecond=0)
    while day < scene.now:
        yield day
        day += timedelta(days=1)


def _of_day(scene: Scene, day: datetime) -> Iterator[Moment]:
    usual = A_WEEK * scene.plan.scale / 7 * _MONTHS[day.month - 1] * _WEEKDAYS[day.weekday()]
    for _ in range(max(0, round(scene.chance.gauss(usual, usual**0.5)))):
        audience = scene.pick(_AUDIENCES)
        hours = _AT_HOME if audience in (Audience.JEUNE, None) else _AT_WORK
        hour = scene.chance.choices(range(24), hours)[0]
        second = scene.chance.randrange(3600)
        yield Moment(day.replace(hour=hour, minute=second // 60, second=second % 60), audience)


def _spike(scene: Scene) -> Iterator[Moment]:
    """In the last whole week, at work."""
    begins = Week.of(scene.turn.today).earlier(1).begins(scene.turn.world.timezone)
    for number in range(max(24, round(36 * scene.plan.scale))):
        hours = 24 * (number % 5) + scene.chance.uniform(8, 18)
        yield Moment(begins + timedelta(hours=hours), Audience.PARTENAIRE, spike=True)
