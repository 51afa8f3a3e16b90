"""Absences, on one's own page and in the directory: the same form, the same words."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from aiohttp import web

from bot.web.console.access import Problems, field
from handlers import absence
from handlers.errors import Refused, refused
from handlers.turn import Turn
from storage import absences, directory
from storage.tables import Referent


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The form as it was sent."""

    first: str = ""
    last: str = ""
    replacement: str = ""


@dataclass(frozen=True, slots=True)
class Away:
    """One absence, present or to come."""

    words: str
    replacement: str | None


async def typed(request: web.Request) -> Typed:
    return Typed(
        first=await field(request, "first"),
        last=await field(request, "last"),
        replacement=await field(request, "replacement"),
    )


def note(turn: Turn, referent: Referent, form: Typed, *, by: Referent) -> Problems | None:
    """Notes the absence, or says what is wrong at which field."""
    first, last = day(form.first), day(form.last or form.first)
    problems: dict[str, Refused] = {}
    if first is None:
        problems["first"] = refused("console.no_day")
    if last is None and form.last:
        problems["last"] = refused("console.no_day")
    stand_in = directory.by_name(turn.session, form.replacement) if form.replacement else None
    if form.replacement and (stand_in is None or stand_in.id == referent.id):
        problems["replacement"] = refused("absence.unknown_replacement", name=form.replacement[:60])
    if problems or first is None or last is None:
        return Problems(problems)
    outcome = absence.between(turn, referent, first, last, by=by, replacement=stand_in)
    if isinstance(outcome, Refused):
        return Problems({"replacement" if outcome.text == "absence.replacement_away" else "last": outcome})
    return None


def end_all(turn: Turn, referent: Referent, *, by: Referent) -> None:
    """« Je suis de retour »: the present absence ends, those to come are taken back."""
    for one in absences.to_come(turn.session, referent.id, now=turn.now):
        absence.end(turn, one, by=by)


def of(turn: Turn, referent: Referent) -> tuple[Away, ...]:
    """Present and future absences."""
    found = absences.to_come(turn.session, referent.id, now=turn.now)
    return tuple(Away(absence.in_words(turn, one), absence.noted(turn, one).replacement) for one in found)


def day(text: str) -> date | None:
    """A day of this century as browsers send it, or as people write it where a browser knows no calendar."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        with suppress(ValueError):
            found = datetime.strptime(text, form).date()  # noqa: DTZ007  # a day has no time zone
            return found if found.year // 100 == 20 else None  # at either end of time it has no midnight
    return None
