"""Whose hours are when: a referent's own, else their territory's, the national ones, office hours."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from handlers import calendar
from handlers.opening import OFFICE, Opening, Period, Rota, Week
from handlers.turn import Turn
from knowledge.localities import holiday, zone_of
from storage import directory, schedules
from storage.tables import Referent, Schedule


def opening(turn: Turn, referents: Sequence[Referent], territory: str | None) -> Opening:
    """When one of them is there for a demand from a territory; the desk's hours when there is nobody."""
    if not referents:
        return Opening((_rota(turn, week_of(turn, None, territory), territory),))
    return Opening(tuple(rota(turn, one, territory) for one in referents))


def rota(turn: Turn, referent: Referent, territory: str | None = None) -> Rota:
    """A referent's week where they work: in the territory if they serve it, else in their first."""
    served = directory.territories_of(turn.session, referent.id)
    place = territory if territory in served else next(iter(served), None)
    return _rota(turn, week_of(turn, referent, place), place)


def week_of(turn: Turn, referent: Referent | None, territory: str | None) -> Week:
    """The hours that hold, from the narrowest that are set."""
    found = _narrowest(turn, _owners(referent, territory), "periods")
    return week(found) if found is not None else OFFICE


def reply_days(turn: Turn, territory: str | None) -> float:
    """Within how many open days a reply is promised."""
    found = _narrowest(turn, _owners(None, territory), "reply_days")
    return float(found) if found is not None else float(turn.world.patience.reply_open_days)


def target(turn: Turn, territory: str | None, open_: Opening) -> timedelta:
    """The same in open time: an open day is as long as the days of those who answer are on average."""
    return open_.open_day() * reply_days(turn, territory)


def own(turn: Turn, referent: Referent) -> Week | None:
    """The hours that a referent has set, if any."""
    return week_set(schedules.get(turn.session, schedules.of_referent(referent.id)))


def set_own(turn: Turn, referent: Referent, hours: Week | None) -> None:
    """Sets a referent's hours; None: those of the territory hold again. What was promised stays promised."""
    owner = schedules.of_referent(referent.id)
    schedules.keep(turn.session, owner, periods=periods(hours), reply_days=None)


def week_set(schedule: Schedule | None) -> Week | None:
    return week(schedule.periods) if schedule is not None and schedule.periods is not None else None


def periods(hours: Week | None) -> list[tuple[int, int, int]] | None:
    """A week as it is kept."""
    return [(one.weekday, one.opens, one.closes) for one in hours.periods] if hours is not None else None


def week(kept: Sequence[Any]) -> Week:
    return Week(tuple(Period(*one) for one in kept))


def read_calendars(today: date) -> None:
    """Reads holidays and words for days: a fifth of a second that the first demand need not wait for."""
    holiday(None, today)
    calendar.day_in_words(today)


def local_day(turn: Turn, place: Rota) -> date:
    """The calendar day where somebody works."""
    return turn.now.astimezone(place.zone).date()


def opens_today(turn: Turn, place: Rota) -> datetime | None:
    """When somebody's day began or begins, if it is an open one."""
    return place.opens_on(local_day(turn, place))


def _rota(turn: Turn, hours: Week, place: str | None) -> Rota:
    return Rota(hours, zone_of(place, turn.world.timezone), partial(_is_holiday, place))


def _is_holiday(place: str | None, day: date) -> bool:
    return holiday(place, day) is not None


def _owners(referent: Referent | None, territory: str | None) -> list[str]:
    """From the narrowest to the widest."""
    owners = [schedules.of_referent(referent.id)] if referent is not None else []
    owners += [schedules.of_territory(territory)] if territory is not None else []
    return [*owners, schedules.NATIONAL]


def _narrowest(turn: Turn, owners: Sequence[str], what: str) -> Any:
    kept = schedules.of_many(turn.session, owners)
    values = (getattr(kept[owner], what) for owner in owners if owner in kept)
    return next((value for value in values if value is not None), None)
