"""The register of blocking points: the list with its filters, as a page and as a file; a new point."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from aiohttp import web

from bot.web import turns
from bot.web.console import absences, wording
from bot.web.console.access import Problems, doing, field, reading
from bot.web.forms import see_other
from bot.web.render import page
from bot.web.spreadsheet import csv_file
from handlers import audit as journal
from handlers import blocking, routing
from handlers.audit import Action
from handlers.blocking import STATES, SUBJECTS
from handlers.errors import Refused, refused
from handlers.turn import Turn
from storage import blocking as stored
from storage import directory
from storage.blocking import Extent, Wanted
from storage.tables import BlockingPoint, Referent

VIEWS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "": ("Ouverts", ("proposed", *stored.OPEN)),
    "proposes": ("À décider", ("proposed",)),
    "clos": ("Clos", stored.ENDED),
    "tous": ("Tous", tuple(STATES)),
}
"""Words and states of each view."""
HEADING = (
    "Numéro",
    "Sujet",
    "Point bloquant",
    "État",
    "Depuis",
    "Jours",
    "Signalements",
    "Territoires",
    "Suivi par",
)
_FIELDS: Mapping[str, str] = {
    "blocking.title": "quoi",
    "blocking.personal": "quoi",
    "blocking.subject": "sujet",
    "blocking.since": "depuis",
    "blocking.nobody": "qui",
}
"""At which field a refusal is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to list, as it stands in the address."""

    view: str = ""
    subject: str = ""
    territory: str = ""
    mine: str = ""

    def address(self, path: str) -> str:
        given = {
            "vue": self.view,
            "sujet": self.subject,
            "territoire": self.territory,
            "amoi": self.mine,
        }
        query = urlencode({name: value for name, value in given.items() if value})
        return f"{path}?{query}" if query else path


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One point, as it is listed."""

    id: int
    title: str
    subject: str
    state: str
    state_words: str
    since: date
    days: int
    people: int
    places: str
    owner: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The form as it was sent."""

    what: str = ""
    subject: str = ""
    since: str = ""
    who: str = ""


async def show(request: web.Request) -> web.Response:
    return await _page(request)


async def download(request: web.Request) -> web.Response:
    """The same rows as a file; that somebody took it is noted."""
    wish = _wish(request)

    def noting(turn: Turn, who: Referent) -> None:
        journal.note(turn, who, Action.EXPORTED, "file", "blocages.csv")

    _, lines = await reading(request, lambda turn, who: _lines(turn, who, wish), noting=noting)
    rows = [
        (
            str(one.id),
            one.subject,
            one.title,
            one.state_words,
            f"{one.since}",
            str(one.days),
            str(one.people),
            one.places,
            one.owner or "",
        )
        for one in lines
    ]
    return csv_file("blocages.csv", HEADING, rows)


async def note(request: web.Request) -> web.Response:
    """Opens a point; nothing that was typed is lost when it is refused."""
    typed = Typed(
        what=await field(request, "quoi"),
        subject=await field(request, "sujet"),
        since=await field(request, "depuis"),
        who=await field(request, "qui"),
    )
    since = absences.day(typed.since)

    def act(turn: Turn, who: Referent) -> Problems | int:
        if typed.since and since is None:
            return Problems({"depuis": refused("blocking.since")})
        outcome = blocking.note(
            turn, who, title=typed.what, subject=typed.subject, since=since, who=typed.who
        )
        return Problems({_FIELDS[outcome.text]: outcome}) if isinstance(outcome, Refused) else outcome.id

    outcome = await doing(request, act)
    if isinstance(outcome, Problems):
        return await _page(request, problems=outcome, typed=typed)
    return see_other(f"/console/blocages/{outcome}?fait=note" if outcome else "/console/blocages")


def line(turn: Turn, point: BlockingPoint, extent: Extent | None) -> Line:
    """A point in the words of its row."""
    found = extent or Extent(0, ())
    return Line(
        id=point.id,
        title=point.title,
        subject=SUBJECTS[point.subject],
        state=point.state,
        state_words=STATES[point.state],
        since=point.since,
        days=blocking.days_old(turn, point),
        people=found.people,
        places=", ".join(routing.territory_name(turn, code) for code in found.territories),
        owner=blocking.owner_of(turn, point),
    )


async def _page(
    request: web.Request, *, problems: Problems | None = None, typed: Typed | None = None
) -> web.Response:
    wish = _wish(request)
    guest, (lines, places) = await reading(
        request, lambda turn, who: (_lines(turn, who, wish), _places(turn))
    )
    found = problems.by_field if problems is not None else {}
    return page(
        request,
        "console/blocking.html",
        status=200 if problems is None else 422,
        guest=guest,
        wish=wish,
        views=VIEWS,
        subjects=SUBJECTS,
        places=places,
        lines=lines,
        errors={name: wording.sentence(turns.world(request), refusal) for name, refusal in found.items()},
        typed=typed or Typed(),
    )


def _wish(request: web.Request) -> Wish:
    query = request.query
    view, subject = query.get("vue", ""), query.get("sujet", "")
    return Wish(
        view=view if view in VIEWS else "",
        subject=subject if subject in SUBJECTS else "",
        territory=query.get("territoire", "")[:5],
        mine="1" if query.get("amoi") else "",
    )


def _lines(turn: Turn, who: Referent, wish: Wish) -> list[Line]:
    wanted = Wanted(
        states=VIEWS[wish.view][1],
        subject=wish.subject or None,
        territory=wish.territory or None,
        owner_id=who.id if wish.mine else None,
    )
    points = stored.listed(turn.session, wanted)
    extents = stored.extents(turn.session, [point.id for point in points])
    return [line(turn, point, extents.get(point.id)) for point in points]


def _places(turn: Turn) -> list[tuple[str, str]]:
    """The territories that somebody serves, by code."""
    return [
        (code, routing.territory_name(turn, code)) for code in sorted(directory.by_territory(turn.session))
    ]
