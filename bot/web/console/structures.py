"""The directory of structures: the list with its filters, page by page and as a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from aiohttp import web

from bot.web.console import paging
from bot.web.console.access import reading
from bot.web.console.paging import Place
from bot.web.console.structure_form import kinds, places
from bot.web.forms import whole
from bot.web.render import page
from bot.web.spreadsheet import csv_file
from handlers import audit, structure_columns, structures
from handlers.audit import Action
from handlers.routing import territory_name
from handlers.structure_words import KINDS, STAGES, STUCK_AFTER, stuck_since
from handlers.turn import Turn
from knowledge.normalising import fold
from storage import structure_links
from storage import structures as stored
from storage.structures import Wanted
from storage.tables import Referent, Structure

PAGE = 50
"""Lines of a page; the file has all."""
DONE: Mapping[str, str] = {
    "suppression": "La structure est supprimée. Ses demandes restent, sans structure.",
}
_FILE = tuple(names[0] for names in structure_columns.COLUMNS.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to list, as it stands in the address."""

    words: str = ""
    territory: str = ""
    kind: str = ""
    stage: str = ""
    days: str = ""
    """Stuck for more than so many; "" lists the others, too."""

    page: int = 1

    def address(self, path: str, page: int = 1) -> str:
        """The same list at that page of it."""
        given = {
            "q": self.words,
            "territoire": self.territory,
            "type": self.kind,
            "etape": self.stage,
            "jours": self.days,
            "page": str(page) if page > 1 else "",
        }
        query = urlencode({name: value for name, value in given.items() if value})
        return f"{path}?{query}" if query else path


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One structure, as it is listed."""

    id: int
    name: str
    kind: str
    territory: str
    place: str
    siret: str
    stage: str
    since: date
    days: int
    tickets: int
    contact_name: str
    contact_email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of the list."""

    lines: list[Line]
    count: int
    place: Place
    places: list[tuple[str, str]]


async def show(request: web.Request) -> web.Response:
    wish = _wish(request)
    guest, found = await reading(request, lambda turn, who: _listing(turn, who, wish, PAGE))
    return page(
        request,
        "console/structures.html",
        guest=guest,
        wish=wish,
        found=found,
        kinds=kinds(),
        stages=STAGES.items(),
        usual=STUCK_AFTER,
        done=DONE.get(request.query.get("fait", "")),
    )


async def download(request: web.Request) -> web.Response:
    """The same rows as a file, which may be changed and imported again; that somebody took it is noted."""
    wish = _wish(request)

    def noting(turn: Turn, who: Referent) -> None:
        audit.note(turn, who, Action.EXPORTED, "file", "structures.csv")

    _, found = await reading(request, lambda turn, who: _listing(turn, who, wish, stored.MOST), noting=noting)
    rows = [
        (
            one.name,
            one.kind,
            one.territory,
            one.siret,
            one.stage,
            f"{one.since:%d/%m/%Y}",
            one.contact_name,
            one.contact_email,
            str(one.id),
            one.place,
            str(one.days),
            str(one.tickets),
        )
        for one in found.lines
    ]
    return csv_file("structures.csv", (*_FILE, "Numéro", "Territoire", "Jours", "Demandes"), rows)


async def template(request: web.Request) -> web.Response:
    """A file to fill in, with two lines that show how."""
    await reading(request, lambda turn, who: None)
    rows = (
        ("Librairie du Centre", "Librairie", "25", "", "Compte validé", "15/09/2025", "", ""),
        ("Cinéma Le Rex", "Cinéma", "Saône-et-Loire", "", "", "", "", ""),
    )
    return csv_file("modele-structures.csv", _FILE, rows)


def line(turn: Turn, one: Structure, tickets: int) -> Line:
    """A structure in the words of its row."""
    return Line(
        id=one.id,
        name=one.name,
        kind=KINDS[one.kind].words,
        territory=one.territory,
        place=territory_name(turn, one.territory),
        siret=one.siret or "",
        stage=STAGES[one.stage],
        since=one.since,
        days=structures.days_at(turn, one),
        tickets=tickets,
        contact_name=one.contact_name or "",
        contact_email=one.contact_email or "",
    )


def _wish(request: web.Request) -> Wish:
    query = request.query
    kind, stage, days = query.get("type", ""), query.get("etape", ""), query.get("jours", "")
    return Wish(
        words=" ".join(query.get("q", "").split())[:80],
        territory=query.get("territoire", "")[:5],
        kind=kind if kind in KINDS else "",
        stage=stage if stage in STAGES else "",
        days=days if whole(days, None, digits=4) is not None else "",
        page=paging.asked(request),
    )


def _listing(turn: Turn, who: Referent, wish: Wish, size: int) -> Listing:
    mine = stored.reach(turn.session, who, now=turn.now)
    asked = frozenset({wish.territory}) if wish.territory else None
    wanted = Wanted(
        territories=mine if asked is None else asked if mine is None else asked & mine,
        kind=wish.kind or None,
        stage=wish.stage or None,
        stuck_since=stuck_since(turn, int(wish.days)) if wish.days else None,
        words=fold(wish.words) or None,
    )
    count = stored.count(turn.session, wanted)
    place = paging.place(wish.page, lines=count, size=size)
    found = stored.listed(turn.session, wanted, limit=size, skip=place.skipped)
    tickets = structure_links.counts(turn.session, [one.id for one in found])
    return Listing(
        lines=[line(turn, one, tickets[one.id]) for one in found],
        count=count,
        place=place,
        places=places(turn, who),
    )
