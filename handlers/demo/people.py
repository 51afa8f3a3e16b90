"""Referents who do not exist: clearly made-up names, no account, no mail address: nothing can reach them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from handlers import hours, staff
from handlers.demo.scene import Member, Plan, Scene, begin
from handlers.opening import Period, Week
from handlers.staff_details import Typed
from handlers.turn import Turn
from storage import absences, directory, schedules
from storage.tables import Referent

_ROLES = {"Démo Dijon": "lead", "Démo Rédaction": "editor", "Démo Bureau national": "national"}
_SERVED = {
    "Démo Besançon": "25, 39, 70, 90",
    "Démo Dijon": "21, 58, 71, 89",
    "Démo Fort-de-France": "972",
    "Démo Lille": "59, 62",
    "Démo Lyon": "01, 38, 42, 69",
    "Démo Marseille": "04, 05, 13, 83, 84",
    "Démo Paris": "75, 92, 93, 94",
    "Démo Rennes": "22, 29, 35, 56",
    "Démo Saint-Denis": "974",
    "Démo Strasbourg": "67, 68",
    "Démo Rédaction": "",
    "Démo Bureau national": "",
}
_MORNINGS = Week(tuple(Period(day, 8 * 60 + 30, 12 * 60) for day in range(5)))
_WITH_SATURDAY = Week(tuple(Period(day, 9 * 60, 17 * 60) for day in range(1, 6)))


@dataclass(frozen=True, slots=True)
class _Away:
    """From and until so many days from now."""

    name: str
    since: int
    until: int
    replaced_by: str | None = None


_ABSENCES = (
    _Away("Démo Lille", -3, 5, "Démo Paris"),
    _Away("Démo Rennes", 9, 16),
    _Away("Démo Lyon", 20, 34, "Démo Marseille"),
    _Away("Démo Besançon", -40, -33, "Démo Dijon"),
)


def engage(turn: Turn, plan: Plan) -> Scene:
    """Fills the directory, and gives the scene with its cast."""
    staff.first(turn)
    earlier = Turn(session=turn.session, now=begin(turn.now, plan), world=turn.world)
    people = [_engaged(earlier, name) for name in _SERVED]
    _know_each_other(turn, people)
    _keep_hours(turn, people)
    cast = tuple(_member(turn, one) for one in people if one.role != "editor")
    return Scene(turn=turn, plan=plan, cast=cast, chance=random.Random(plan.seed))  # noqa: S311  # to be the same again


def _engaged(turn: Turn, name: str) -> Referent:
    role = _ROLES.get(name, "referent")
    typed = Typed(name=name, territories=_SERVED[name], role=role, national=role == "national")
    added = staff.add(turn, typed, reachable=True)
    if isinstance(added, list):
        raise ValueError(f"{name} cannot be in the directory: {added}")
    return added


def _know_each_other(turn: Turn, people: Sequence[Referent]) -> None:
    """Deputies and absences; the week's pack of last week counts as given."""
    by_name = {one.name: one for one in people}
    by_name["Démo Besançon"].deputy_id = by_name["Démo Dijon"].id
    by_name["Démo Lille"].deputy_id = by_name["Démo Paris"].id
    for one in _ABSENCES:
        absences.note(
            turn.session,
            by_name[one.name].id,
            starts_at=turn.now + timedelta(days=one.since),
            ends_at=turn.now + timedelta(days=one.until),
            replacement_id=by_name[one.replaced_by].id if one.replaced_by is not None else None,
        )


def _keep_hours(turn: Turn, people: Sequence[Referent]) -> None:
    by_name = {one.name: one for one in people}
    hours.set_own(turn, by_name["Démo Strasbourg"], _MORNINGS)
    saturday = hours.periods(_WITH_SATURDAY)
    schedules.keep(turn.session, schedules.of_territory("974"), periods=saturday, reply_days=1.0)


def _member(turn: Turn, referent: Referent) -> Member:
    served = tuple(directory.territories_of(turn.session, referent.id))
    opening = hours.opening(turn, [referent], next(iter(served), None))
    return Member(id=referent.id, name=referent.name, territories=served, opening=opening)
