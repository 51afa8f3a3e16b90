"""The entries: searching and reading what the bot can say."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web

from bot.web import turns
from bot.web.console import freezes, paging, wording
from bot.web.console.access import not_found, reading
from bot.web.console.entry import detail
from bot.web.console.freezes import Freeze
from bot.web.console.paging import Place
from bot.web.render import page
from handlers import holds
from handlers.holds import Held
from handlers.turn import Turn
from knowledge.advice import stale
from knowledge.entries import Audience, Entry
from knowledge.searching import search
from storage.tables import Referent

PAGE = 30
DONE: Mapping[str, str] = {
    "gel": "C'est suspendu : ces fiches passent la main à un référent jusqu'à nouvel ordre.",
    "reprise": "La suspension est levée : ces fiches sont dites de nouveau.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to list, as it stands in the address."""

    words: str = ""
    theme: str = ""
    audience: str = ""
    stale: bool = False
    held: bool = False
    page: int = 1

    def address(self, number: int) -> str:
        """The same list at another page."""
        given = {"q": self.words, "theme": self.theme, "public": self.audience}
        ticks = {"revoir": self.stale, "suspendues": self.held}
        wanted = {name: value for name, value in given.items() if value}
        wanted |= {name: "1" for name, ticked in ticks.items() if ticked}
        return "/console/fiches?" + urlencode(wanted | {"page": str(number)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    id: str
    title: str
    theme: str
    audiences: str
    as_of: str
    stale: str | None
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """One page of the list."""

    lines: tuple[Line, ...]
    count: int
    place: Place


async def show(request: web.Request) -> web.Response:
    wish = _wish(request)
    base = turns.world(request).knowledge
    # Reading all entries takes a moment the first time.
    found = await asyncio.to_thread(search, base.entries.values(), wish.words)

    def look(turn: Turn, who: Referent) -> tuple[Shelf, list[Freeze], list[str]]:
        return _shelf(turn, found, wish), freezes.active(turn), holds.tags(turn)

    guest, (shelf, frozen, tags) = await reading(request, look)
    return page(
        request,
        "console/entries.html",
        guest=guest,
        wish=wish,
        shelf=shelf,
        frozen=frozen,
        tags=tags,
        themes=base.themes,
        audiences=wording.audiences(turns.world(request)),
        errors={},
        typed={},
        done=DONE.get(request.query.get("fait", "")),
    )


async def show_one(request: web.Request) -> web.Response:
    entry = turns.world(request).knowledge.entry(request.match_info["entry"])
    if entry is None:
        await reading(request, lambda turn, who: None)
        raise not_found()
    guest, shown = await reading(request, lambda turn, who: detail(turn, entry))
    return page(
        request,
        "console/entry.html",
        guest=guest,
        entry=shown,
        errors={},
        typed={},
        done=DONE.get(request.query.get("fait", "")),
    )


def _wish(request: web.Request) -> Wish:
    query = request.query
    return Wish(
        words=query.get("q", "")[:100].replace("\0", ""),
        theme=query.get("theme", ""),
        audience=query.get("public", ""),
        stale="revoir" in query,
        held="suspendues" in query,
        page=paging.asked(request),
    )


def _shelf(turn: Turn, found: Sequence[Entry], wish: Wish) -> Shelf:
    held = holds.current(turn)
    wanted = [entry for entry in found if _wanted(turn, entry, wish, held)]
    place = paging.place(wish.page, lines=len(wanted), size=PAGE)
    shown = wanted[place.skipped :][:PAGE]
    return Shelf(
        lines=tuple(_line(turn, entry, held) for entry in shown),
        count=len(wanted),
        place=place,
    )


def _wanted(turn: Turn, entry: Entry, wish: Wish, held: Held) -> bool:
    return (
        (not wish.theme or entry.theme == wish.theme)
        and (wish.audience not in set(Audience) or entry.is_for(Audience(wish.audience)))
        and (not wish.stale or stale(entry, turn.today) is not None)
        and (not wish.held or held.covers(entry))
    )


def _line(turn: Turn, entry: Entry, held: Held) -> Line:
    named = wording.audiences(turn.world)
    return Line(
        id=entry.id,
        title=entry.title,
        theme=turn.world.knowledge.themes.get(entry.theme, entry.theme),
        audiences=", ".join(named.get(one, "Tous") for one in entry.audiences),
        as_of=entry.information_date() or "sans date",
        stale=stale(entry, turn.today),
        held=held.covers(entry),
    )
