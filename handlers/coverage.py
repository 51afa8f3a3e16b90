"""Where nobody would answer: days on which all who serve a territory are away, their stand-ins too."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from handlers import absence
from handlers.turn import Turn
from knowledge import localities
from storage import absences, directory
from storage.rights import Right, may
from storage.tables import Referent


@dataclass(frozen=True, slots=True)
class Gap:
    """Territories without anybody from the first open day to the last."""

    territories: tuple[str, ...]
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class _Away:
    first: date
    last: date
    replacement_id: int | None


Calendar = Mapping[int, Sequence[_Away]]


def gaps(turn: Turn, who: Referent, first: date, last: date) -> tuple[Gap, ...]:
    """The gaps, from today on, in the territories that somebody answers for: a lead's regions, or all.

    Weekends and public holidays of a territory are no gaps, and do not end one.
    """
    first = max(first, turn.today)
    serving = _concerning(turn, who)
    away = _calendar(turn, first, last)
    in_office = {one.id for one in directory.everyone(turn.session)}
    found: dict[tuple[date, date], list[str]] = {}
    for code, referents in sorted(serving.items()):
        days = ((day, _anybody(referents, away, in_office, day)) for day in _open_days(code, first, last))
        for start, end in _runs(days):
            found.setdefault((start, end), []).append(code)
    return tuple(Gap(tuple(codes), *days) for days, codes in sorted(found.items()))


def _concerning(turn: Turn, who: Referent) -> Mapping[str, Sequence[Referent]]:
    serving = directory.by_territory(turn.session)
    if may(who, Right.ALL_ABSENCES):
        return serving
    reach = directory.reach_of(turn.session, who.id) if may(who, Right.REGION_STAFF) else []
    return {code: serving[code] for code in reach if code in serving}


def _calendar(turn: Turn, first: date, last: date) -> Calendar:
    days: dict[int, list[_Away]] = {}
    starts_at, ends_at = absence.midnight(turn, first), absence.midnight(turn, last + timedelta(days=1))
    for one in absences.between(turn.session, starts_at, ends_at):
        kept = absence.noted(turn, one)
        days.setdefault(one.referent_id, []).append(_Away(kept.first, kept.last, one.replacement_id))
    return days


def _open_days(code: str, first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        if day.weekday() < 5 and localities.holiday(code, day) is None:
            yield day
        day += timedelta(days=1)


def _anybody(referents: Sequence[Referent], away: Calendar, in_office: set[int], day: date) -> bool:
    """As tickets are routed: who serves the territory, else a replacement, else a standing deputy."""
    for referent in referents:
        absent = _absent(away, referent.id, day)
        if absent is None:
            return True
        stand_ins = in_office & {absent.replacement_id, referent.deputy_id}
        if any(_absent(away, number, day) is None for number in stand_ins):
            return True
    return False


def _absent(away: Calendar, referent_id: int, day: date) -> _Away | None:
    return next((one for one in away.get(referent_id, ()) if one.first <= day <= one.last), None)


def _runs(days: Iterator[tuple[date, bool]]) -> Iterator[tuple[date, date]]:
    """First and last day of each run of days without anybody."""
    for anybody, run in groupby(days, key=lambda one: one[1]):
        if not anybody:
            dates = [day for day, _ in run]
            yield dates[0], dates[-1]
