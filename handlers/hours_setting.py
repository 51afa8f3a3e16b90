"""Opening hours and targets as people set them in a form; whose they may set is in the query."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from handlers import audit, digest, hours, week_words, weekly
from handlers.audit import Action
from handlers.errors import Refused, refused
from handlers.opening import Period, Week
from handlers.turn import Turn
from storage import directory, schedules
from storage.rights import Right, may
from storage.tables import Referent

LONGEST_TARGET, SHORTEST_TARGET = 20.0, 0.5
NATIONAL = "national"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The form as it was sent: one field a day, Monday first, and the target in open days."""

    days: tuple[str, ...] = ("",) * 7
    reply_days: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """What the form means; None is what the next wider one has set."""

    week: Week | None
    reply_days: float | None


def read(typed: Typed) -> Read | Mapping[str, Refused]:
    """The hours and the target, or what is wrong by field (`day0` … `day6`, `reply_days`)."""
    problems: dict[str, Refused] = {}
    periods: list[Period] = []
    for weekday, words in enumerate(typed.days):
        found = week_words.parse_day(weekday, words)
        if isinstance(found, Refused):
            problems[f"day{weekday}"] = found
        else:
            periods += found
    target = _target(typed.reply_days)
    if isinstance(target, Refused):
        problems["reply_days"] = target
        target = None
    return problems or Read(Week(tuple(periods)) if periods else None, target)


def typed(week: Week | None, reply_days: float | None) -> Typed:
    """The form as it stands before anything is changed."""
    days = tuple(week_words.day_in_words(week, weekday) if week is not None else "" for weekday in range(7))
    return Typed(days=days, reply_days=f"{reply_days:g}".replace(".", ",") if reply_days is not None else "")


def set_own(turn: Turn, referent: Referent, week: Week | None) -> None:
    """One's own hours; None: the territory's hold again. The next digest and pack come when they begin."""
    hours.set_own(turn, referent, week)
    _plan(turn, (referent,))


def places(turn: Turn, who: Referent) -> Sequence[str]:
    """Whose hours somebody may set: "national" and every territory, those of their regions, or none."""
    if may(who, Right.DIRECTORY):
        return (NATIONAL, *(one.code for one in turn.world.knowledge.territories.all()))
    return directory.reach_of(turn.session, who.id) if may(who, Right.REGION_STAFF) else ()


def set_place(turn: Turn, who: Referent, place: str, given: Read) -> bool:
    """Sets the hours of a place; False when there is none of that name, or not for this referent.

    Who works by them has the next digest and pack when they begin.
    """
    if place not in places(turn, who):
        return False
    schedules.keep(turn.session, owner(place), periods=hours.periods(given.week), reply_days=given.reply_days)
    audit.note(turn, who, Action.HOURS, "place", place)
    _plan(turn, _working_by(turn, place))
    return True


def owner(place: str) -> str:
    return schedules.NATIONAL if place == NATIONAL else schedules.of_territory(place)


def _working_by(turn: Turn, place: str) -> Sequence[Referent]:
    return directory.everyone(turn.session) if place == NATIONAL else directory.serving(turn.session, place)


def _plan(turn: Turn, referents: Iterable[Referent]) -> None:
    for one in referents:
        digest.plan(turn, one)
        weekly.plan(turn, one)


def _target(words: str) -> float | Refused | None:
    if not words.strip():
        return None
    try:
        found = float(words.strip().replace(",", "."))
    except ValueError:
        return refused("hours.no_target")
    return found if SHORTEST_TARGET <= found <= LONGEST_TARGET else refused("hours.no_target")
