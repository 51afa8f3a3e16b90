"""Absences by month: those that one may see, where nobody would answer, and where they are noted."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from aiohttp import web

from bot.web import turns
from bot.web.console import absences, wording
from bot.web.console.access import Problems, doing, field, not_found, number_of, reading
from bot.web.console.month import Away, Day, Month, weeks
from bot.web.forms import see_other, whole
from bot.web.render import page
from handlers import absence, calendar, coverage
from handlers.turn import Turn
from storage import absences as stored
from storage import directory
from storage.rights import Right, may
from storage.tables import Absence, Referent

DONE: Mapping[str, str] = {"absence": "L'absence est notée.", "retrait": "L'absence est retirée."}


@dataclass(frozen=True, slots=True)
class Alone:
    """Territories where nobody would answer: « le Doubs, la Haute-Saône », « du 24 au 28 décembre »."""

    places: str
    days: str


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody whose absence the reader may note, or who may stand in."""

    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """What the page shows of one month."""

    month: Month
    weeks: list[list[Day]]
    away: tuple[Away, ...]
    alone: tuple[Alone, ...]
    watched: bool
    """Whether the reader is told where nobody would answer."""
    holidays: tuple[str, ...]
    """« 25 (Noël) »; for those who see no table."""
    people: tuple[Colleague, ...]
    names: tuple[str, ...]


async def show(request: web.Request) -> web.Response:
    return await _page(request, request.query.get("mois", ""))


async def note(request: web.Request) -> web.Response:
    """Notes one's own absence, or that of somebody whom one answers for."""
    typed, chosen = await absences.typed(request), await field(request, "pour")

    def act(turn: Turn, who: Referent) -> Problems | str:
        number = whole(chosen, who.id)
        one = who if number == who.id else directory.for_lead(turn.session, number, who)
        if one is None:
            raise not_found()
        return absences.note(turn, one, typed, by=who) or ""

    outcome = await doing(request, act)
    if isinstance(outcome, Problems):
        return await _page(
            request, await field(request, "mois"), problems=outcome, typed=typed, chosen=chosen
        )
    first = absences.day(typed.first)
    return _back(f"{first:%Y-%m}" if first is not None else "", "absence")


async def take_back(request: web.Request) -> web.Response:
    """Takes one absence back; of one that has begun, the days that are over stay."""
    number = number_of(request)

    def act(turn: Turn, who: Referent) -> None:
        one = stored.for_staff(turn.session, number, who)
        if one is None:
            raise not_found()
        absence.end(turn, one, by=who)

    await doing(request, act)
    return _back(await field(request, "mois"), "retrait")


def _back(month: str, done: str) -> web.Response:
    return see_other("/console/absences?" + urlencode({"mois": month, "fait": done}))


async def _page(
    request: web.Request,
    asked: str,
    *,
    problems: Problems | None = None,
    typed: absences.Typed | None = None,
    chosen: str = "",
) -> web.Response:
    guest, shown = await reading(request, lambda turn, who: _calendar(turn, who, asked))
    found = problems.by_field if problems is not None else {}
    return page(
        request,
        "console/absences.html",
        status=200 if problems is None else 422,
        guest=guest,
        calendar=shown,
        errors={name: wording.sentence(turns.world(request), refusal) for name, refusal in found.items()},
        absence=typed or absences.Typed(),
        chosen=chosen or str(guest.id),
        done=DONE.get(request.query.get("fait", "")),
    )


def _calendar(turn: Turn, who: Referent, asked: str) -> Calendar:
    month = Month.asked(asked, turn.today)
    first, last = month.weeks[0][0], month.weeks[-1][-1]
    ends_at = absence.midnight(turn, last + timedelta(days=1))
    rows = stored.visible(turn.session, who, absence.midnight(turn, first), ends_at)
    people = [one for one in directory.led_by(turn.session, who) if one.id != who.id]
    theirs = {who.id, *(one.id for one in people)}
    shown = tuple(away for one, referent in rows if (away := _away(turn, who, one, referent, theirs)))
    watched = may(who, Right.ALL_ABSENCES) or may(who, Right.REGION_STAFF)
    table = weeks(turn, month, shown, _codes(turn, who))
    days = [day for week in table for day in week if day.within and day.holiday]
    gaps = coverage.gaps(turn, who, month.first, month.last) if watched else ()
    return Calendar(
        month=month,
        weeks=table,
        holidays=tuple(f"{day.number} ({day.holiday})" for day in days),
        away=tuple(one for one in shown if one.first <= month.last and one.last >= month.first),
        alone=tuple(_alone(turn, gap) for gap in gaps),
        watched=watched,
        people=tuple(Colleague(one.id, one.name) for one in people),
        names=tuple(one.name for one in directory.everyone(turn.session)),
    )


def _away(
    turn: Turn, who: Referent, one: Absence, referent: Referent, theirs: Collection[int]
) -> Away | None:
    """None for one that was ended on its first day: nobody was away."""
    kept = absence.noted(turn, one)
    if kept.last < kept.first:
        return None
    return Away(
        id=one.id,
        name=referent.name,
        first=kept.first,
        last=kept.last,
        words=absence.in_words(turn, one),
        replacement=kept.replacement,
        mine=referent.id == who.id,
        changeable=one.ends_at > turn.now and referent.id in theirs,
    )


def _codes(turn: Turn, who: Referent) -> list[str]:
    """The territories whose own public holidays somebody wants to see."""
    if may(who, Right.ALL_ABSENCES):
        return sorted(directory.by_territory(turn.session))
    if may(who, Right.REGION_STAFF):
        return directory.reach_of(turn.session, who.id)
    return directory.territories_of(turn.session, who.id)


def _alone(turn: Turn, gap: coverage.Gap) -> Alone:
    known = turn.world.knowledge.territories
    found = [known.by_code(code) for code in gap.territories]
    places = ", ".join(one.with_article for one in found if one is not None)
    return Alone(places, calendar.days_in_words(gap.first, gap.last))
