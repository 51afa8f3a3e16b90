"""Opening hours in the console: one's own, on the profile; those of territories and the national ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web

from bot.web import turns
from bot.web.console import wording
from bot.web.console.access import Problems, doing, field, not_found, reading
from bot.web.forms import see_other
from bot.web.render import page
from handlers import hours, hours_setting, week_words
from handlers.hours_setting import NATIONAL, Read, Typed
from handlers.turn import Turn
from storage import schedules
from storage.tables import Referent, Schedule

DAYS = week_words.DAYS
DONE: Mapping[str, str] = {"horaires": "Les horaires sont enregistrés."}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A territory, or the whole country."""

    code: str
    name: str
    hours: str | None
    """None: nothing of their own is set."""
    reply_days: str | None
    settable: bool


@dataclass(frozen=True, slots=True)
class Form:
    """One place as its form shows it; without `given`, as it is kept."""

    place: Place
    typed: Typed
    holds: str
    """The hours that hold there now, whoever has set them."""


async def show(request: web.Request) -> web.Response:
    """What is set where; links to where the reader may set it."""

    def look(turn: Turn, who: Referent) -> tuple[Place, list[Place], list[Place]]:
        may = hours_setting.places(turn, who)
        kept = schedules.territories(turn.session)
        known = [one.code for one in turn.world.knowledge.territories.all()]
        own = [_place(turn, code, kept[code], settable=code in may) for code in known if code in kept]
        others = [_place(turn, code, None, settable=True) for code in may if code not in (*kept, NATIONAL)]
        return _national(turn, settable=NATIONAL in may), own, others

    guest, (national, own, others) = await reading(request, look)
    done = DONE.get(request.query.get("fait", ""))
    return page(
        request, "console/hours.html", guest=guest, national=national, own=own, others=others, done=done
    )


async def show_place(request: web.Request) -> web.Response:
    return await _form(request)


async def set_place(request: web.Request) -> web.Response:
    place, typed = request.match_info["place"], await sent(request)

    def act(turn: Turn, who: Referent) -> Problems | None:
        if place not in hours_setting.places(turn, who):
            raise not_found()
        given = hours_setting.read(typed)
        if not isinstance(given, Read):
            return Problems(given)
        hours_setting.set_place(turn, who, place, given)
        return None

    outcome = await doing(request, act)
    if isinstance(outcome, Problems):
        return await _form(request, outcome, typed)
    return see_other("/console/horaires?" + urlencode({"fait": "horaires"}))


async def sent(request: web.Request) -> Typed:
    """The fields of a form, as they were sent."""
    days = [await field(request, f"jour{weekday}") for weekday in range(7)]
    return Typed(days=tuple(days), reply_days=await field(request, "delai"))


async def _form(
    request: web.Request, problems: Problems | None = None, given: Typed | None = None
) -> web.Response:
    code = request.match_info["place"]

    def look(turn: Turn, who: Referent) -> Form:
        if code not in hours_setting.places(turn, who):
            raise not_found()
        return _form_of(turn, code, given)

    guest, form = await reading(request, look)
    found = problems.by_field if problems is not None else {}
    world = turns.world(request)
    return page(
        request,
        "console/hours_place.html",
        status=200 if problems is None else 422,
        guest=guest,
        form=form,
        days=DAYS,
        errors={name: wording.sentence(world, refusal) for name, refusal in found.items()},
    )


def _form_of(turn: Turn, code: str, given: Typed | None) -> Form:
    kept, country = schedules.get(turn.session, hours_setting.owner(code)), code == NATIONAL
    place = _national(turn, settable=True) if country else _place(turn, code, kept, settable=True)
    as_kept = hours_setting.typed(hours.week_set(kept), kept.reply_days if kept is not None else None)
    holds = week_words.in_words(hours.week_of(turn, None, None if country else code))
    return Form(place, given or as_kept, holds)


def _national(turn: Turn, *, settable: bool) -> Place:
    return Place(
        code=NATIONAL,
        name="Tout le pays",
        hours=week_words.in_words(hours.week_of(turn, None, None)),
        reply_days=_days(hours.reply_days(turn, None)),
        settable=settable,
    )


def _place(turn: Turn, code: str, kept: Schedule | None, *, settable: bool) -> Place:
    territory, week = turn.world.knowledge.territories.by_code(code), hours.week_set(kept)
    return Place(
        code=code,
        name=territory.label if territory is not None else code,
        hours=week_words.in_words(week) if week is not None else None,
        reply_days=_days(kept.reply_days) if kept is not None and kept.reply_days is not None else None,
        settable=settable,
    )


def _days(number: float) -> str:
    """« 1,5 jour ouvré », « 2 jours ouvrés »"""
    words = f"{number:g}".replace(".", ",")
    return f"{words} jour ouvré" if number < 2 else f"{words} jours ouvrés"
