"""The audit log, for administrators all of it, for leads what those who serve their regions did."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from aiohttp import web

from bot.web.console import absences, paging, wording
from bot.web.console.access import not_found, reading
from bot.web.console.journal_words import ACTIONS, CHANNELS, detail, target
from bot.web.console.paging import Place
from bot.web.forms import whole
from bot.web.render import page
from bot.web.spreadsheet import csv_file
from handlers import absence
from handlers.audit import Action
from handlers.audit import note as note_deed
from handlers.turn import Turn
from storage import audit, directory
from storage.rights import Right, may
from storage.tables import Deed, Referent

PAGE = 50
MOST = 100_000
"""Rows of a file."""
HEADING = ("Date", "Qui", "Action", "Objet", "Détail", "Par")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to list, as it stands in the address."""

    who: str = ""
    action: str = ""
    first: str = ""
    last: str = ""
    page: int = 1

    def address(self, path: str, **more: int) -> str:
        """The same wish at another page, or as a file."""
        given = {"qui": self.who, "action": self.action, "du": self.first, "au": self.last}
        return f"{path}?" + urlencode({name: value for name, value in {**given, **more}.items() if value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    at: str
    when: str
    who: str
    action: str
    target: str
    link: str | None
    detail: str
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    lines: tuple[Line, ...]
    count: int
    place: Place
    people: tuple[tuple[int, str], ...]


async def show(request: web.Request) -> web.Response:
    wish = _wish(request)
    guest, journal = await reading(request, lambda turn, who: _journal(turn, who, wish))
    return page(request, "console/journal.html", guest=guest, wish=wish, journal=journal, actions=ACTIONS)


async def download(request: web.Request) -> web.Response:
    """The same rows as a file; that somebody took it is noted, too."""
    wish = _wish(request)

    def look(turn: Turn, who: Referent) -> list[Line]:
        _require(who)
        found = audit.listed(turn.session, who, _wanted(turn, wish), limit=MOST)
        return [_line(turn, deed) for deed in found]

    def noting(turn: Turn, who: Referent) -> None:
        _require(who)
        note_deed(turn, who, Action.EXPORTED, "file", "journal.csv")

    _, lines = await reading(request, look, noting=noting)
    rows = [(one.at, one.who, one.action, one.target, one.detail, one.channel) for one in lines]
    return csv_file("journal.csv", HEADING, rows)


def _require(who: Referent) -> None:
    if not (may(who, Right.JOURNAL) or may(who, Right.REGION_STAFF)):
        raise not_found()


def _wish(request: web.Request) -> Wish:
    query = request.query
    return Wish(
        who=query.get("qui", "")[:10],
        action=query.get("action", "")[:30],
        first=query.get("du", "")[:10],
        last=query.get("au", "")[:10],
        page=paging.asked(request),
    )


def _wanted(turn: Turn, wish: Wish) -> audit.Wanted:
    first, last = absences.day(wish.first), absences.day(wish.last)
    return audit.Wanted(
        referent_id=whole(wish.who, None),
        action=wish.action or None,
        since=absence.midnight(turn, first) if first is not None else None,
        before=_end_of(turn, last) if last is not None else None,
    )


def _end_of(turn: Turn, day: date) -> datetime:
    return absence.midnight(turn, min(day, date.max - timedelta(days=1)) + timedelta(days=1))


def _journal(turn: Turn, who: Referent, wish: Wish) -> Journal:
    _require(who)
    wanted = _wanted(turn, wish)
    count = audit.count(turn.session, who, wanted)
    place = paging.place(wish.page, lines=count, size=PAGE)
    found = audit.listed(turn.session, who, wanted, limit=PAGE, offset=place.skipped)
    people = directory.led_by(turn.session, who)
    return Journal(
        lines=tuple(_line(turn, deed) for deed in found),
        count=count,
        place=place,
        people=tuple((one.id, one.name) for one in people),
    )


def _line(turn: Turn, deed: Deed) -> Line:
    name, link = target(turn, deed)
    local = deed.at.astimezone(turn.world.timezone)
    return Line(
        at=f"{local:%Y-%m-%d %H:%M:%S}",
        when=wording.moment(deed.at, turn.world.timezone, turn.now),
        who=directory.name_of(turn.session, deed.referent_id) or "Ligne de commande",
        action=ACTIONS.get(deed.action, deed.action),
        target=name,
        link=link,
        detail=detail(turn, deed),
        channel=CHANNELS.get(deed.channel, deed.channel),
    )
