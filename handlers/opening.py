"""Open time: a week's hours at a place, several of them together, and how to count in them.

Pure: no clock, no database. A `Week` is what people set; a `Rota` is a week at a place, with its time zone
and public holidays; an `Opening` is one rota or several: it is open when any of them is.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from heapq import merge
from itertools import pairwise, takewhile
from typing import Literal
from zoneinfo import ZoneInfo

Problem = Literal["none", "over_midnight", "overlap"]
Span = tuple[datetime, datetime]

DAY = 24 * 60
HORIZON = timedelta(days=800)
"""How far ahead an opening is looked for."""
DAYS_KEPT, WEEKS_KEPT = 4096, 256
"""Days of somebody's week, and weeks of several together, whose open spans are not counted anew."""
_SAMPLE = date(2026, 1, 5)
"""A Monday; the weeks after it know no change of clocks."""


class ImpossibleHours(ValueError):
    """These are no hours of a week; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


class NeverOpen(Exception):
    """Nothing opens, or not long enough, within the horizon."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From `opens` to `closes` (minutes since midnight, 24:00 at most) on one weekday; Monday is 0."""

    weekday: int
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Week:
    """The periods of a week, in order; at least one, none over midnight, none over another."""

    periods: tuple[Period, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "periods", tuple(sorted(self.periods)))
        if not self.periods:
            raise ImpossibleHours("none")
        if any(not 0 <= one.opens < one.closes <= DAY for one in self.periods):
            raise ImpossibleHours("over_midnight")
        if any(a.weekday == b.weekday and b.opens < a.closes for a, b in pairwise(self.periods)):
            raise ImpossibleHours("overlap")

    def on(self, weekday: int) -> tuple[Period, ...]:
        return tuple(one for one in self.periods if one.weekday == weekday)


OFFICE = Week(
    tuple(
        period
        for weekday in range(5)
        for period in (Period(weekday, 9 * 60, 12 * 60 + 30), Period(weekday, 13 * 60 + 30, 17 * 60 + 30))
    )
)
"""What holds where nobody set anything else."""


@dataclass(frozen=True, slots=True)
class Rota:
    """A week at a place."""

    week: Week
    zone: ZoneInfo
    is_holiday: Callable[[date], bool]

    def spans(self, since: date) -> Iterator[Span]:
        """The open spans from that local day on, in UTC and in order, until the horizon."""
        last = since + HORIZON
        while since < last:
            if not self.is_holiday(since):
                yield from _spans_on(since, self.week, self.zone)
            since += timedelta(days=1)

    def opens_on(self, day: date) -> datetime | None:
        """When it opens first on a local day, if it does."""
        spans = () if self.is_holiday(day) else _spans_on(day, self.week, self.zone)
        return spans[0][0] if spans else None


@dataclass(frozen=True, slots=True)
class Opening:
    """When somebody of several is there."""

    rotas: tuple[Rota, ...]

    def open_at(self, moment: datetime) -> bool:
        return next(self._from(moment))[0] <= moment

    def next_opening(self, moment: datetime) -> datetime:
        """`moment` itself while open, else when it opens next; in UTC. Raises NeverOpen."""
        moment = moment.astimezone(UTC)
        return max(moment, next(self._from(moment))[0])

    def after_open_hours(self, start: datetime, hours: timedelta) -> datetime:
        """The moment when `hours` of open time have gone since `start`, in UTC. Raises NeverOpen."""
        start, left = start.astimezone(UTC), hours  # within one zone Python counts what clocks show
        for opens, closes in self._from(start):
            since = max(start, opens)
            if closes - since >= left:
                return since + left
            left -= closes - since
        raise NeverOpen

    def open_time_between(self, start: datetime, end: datetime) -> timedelta:
        """How much of the time from `start` to `end` was open."""
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        spans = takewhile(lambda span: span[0] < end, self._known(start))
        return sum(
            (min(end, closes) - max(start, opens) for opens, closes in spans if closes > start), timedelta()
        )

    def open_day(self) -> timedelta:
        """How long an ordinary open day is, on average."""
        return _open_day(tuple(replace(rota, is_holiday=_never) for rota in self.rotas))

    def _from(self, moment: datetime) -> Iterator[Span]:
        """Spans that end after `moment`; raises NeverOpen where they end."""
        yield from (span for span in self._known(moment) if span[1] > moment)
        raise NeverOpen

    def _known(self, moment: datetime) -> Iterator[Span]:
        since = moment.astimezone(UTC).date() - timedelta(days=1)
        return _joined(merge(*(rota.spans(since) for rota in self.rotas)))


# Each demand asks for the same few days and weeks again.
@lru_cache(maxsize=DAYS_KEPT)
def _spans_on(day: date, week: Week, zone: ZoneInfo) -> tuple[Span, ...]:
    spans = ((_at(day, one.opens, zone), _at(day, one.closes, zone)) for one in week.on(day.weekday()))
    # The night when clocks go forward may swallow a period.
    return tuple((opens, closes) for opens, closes in spans if opens < closes)


@lru_cache(maxsize=WEEKS_KEPT)
def _open_day(rotas: tuple[Rota, ...]) -> timedelta:
    zone = rotas[0].zone
    start = datetime(_SAMPLE.year, _SAMPLE.month, _SAMPLE.day, tzinfo=zone).astimezone(UTC)
    spans = list(takewhile(lambda span: span[0] < start + timedelta(days=7), Opening(rotas)._from(start)))
    days = {opens.astimezone(zone).date() for opens, _ in spans}
    return sum((closes - opens for opens, closes in spans), timedelta()) / len(days)


def _at(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    local = datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)  # noqa: DTZ001  # below
    return local.replace(tzinfo=zone).astimezone(UTC)


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Spans in order that overlap or touch, as one."""
    current: Span | None = None
    for opens, closes in spans:
        if current is None:
            current = (opens, closes)
        elif opens <= current[1]:
            current = (current[0], max(current[1], closes))
        else:
            yield current
            current = (opens, closes)
    if current is not None:
        yield current


def _never(_: date) -> bool:
    return False
