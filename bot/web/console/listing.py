"""The list of demands: filtered, counted, searched, page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web

from bot.web.console import choosing, clocks, desk, filters
from bot.web.console.access import reading
from bot.web.console.choosing import Chip, Choice
from bot.web.console.filters import VIEWS, Filters
from bot.web.forms import see_other
from bot.web.render import page
from handlers.turn import Turn
from knowledge.excerpts import excerpt
from knowledge.searching import Sought
from storage import desk as stored
from storage import questions, reads, tickets, transcript
from storage.desk import MOST, Key
from storage.tables import Referent, Ticket

PAGE = 20
DONE: Mapping[str, str] = {
    "transmission": "La demande n° {number} est transmise. Elle n'est plus dans vos territoires.",
    "territoire": "Le territoire de la demande n° {number} est corrigé. Il n'est pas des vôtres.",
}

Excerpt = tuple[tuple[str, bool], ...]
"""Pieces of what was said; those that were looked for are True."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    name: str
    address: str
    count: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of the list, and everything around it."""

    view: str
    wanted: Filters
    tabs: tuple[Tab, ...]
    choices: tuple[Choice, ...]
    chips: tuple[Chip, ...]
    lines: tuple[tuple[desk.Line, Excerpt], ...]
    count: str
    capped: int | None
    """Only so many were counted by filter, if there are more."""
    before: str | None
    after: str | None


async def show(request: web.Request) -> web.Response:
    """The list; the number of a demand that one may see leads to the demand itself."""
    wanted, start = filters.filters(request), filters.place(request)
    if (number := filters.number(wanted.q)) and (await _visible(request, number)):
        return see_other(f"/console/demandes/{number}")
    guest, found = await reading(request, lambda turn, who: _listing(turn, who, wanted, start))
    return page(request, "console/desk.html", guest=guest, desk=found, done=_done(request))


async def _visible(request: web.Request, number: int) -> bool:
    _, found = await reading(
        request, lambda turn, who: tickets.for_referent(turn.session, number, who) is not None
    )
    return found


def _done(request: web.Request) -> str | None:
    """What was just done, from a word of ours in the address."""
    number = request.query.get("n", "")
    words = DONE.get(request.query.get("fait", ""))
    return words.format(number=number) if words and number.isascii() and number.isdigit() else None


def _listing(turn: Turn, who: Referent, wanted: Filters, start: tuple[str, str]) -> Listing:
    by_view = stored.by_view(turn.session, who, filters.wish(turn, wanted, "all"))
    counts = {name: by_view[view] for name, view in VIEWS.items()}
    name = wanted.vue or _first_filled(wanted, counts)
    wish = filters.wish(turn, wanted, VIEWS[name])
    found = stored.page(turn.session, who, wish, filters.read_place(*start, wish.view), size=PAGE)
    return Listing(
        view=name,
        wanted=wanted,
        tabs=tuple(_tab(wanted, one, count) for one, count in counts.items()),
        choices=choosing.choices(turn, wanted, stored.counts(turn.session, who, wish)),
        chips=choosing.chips(turn, wanted),
        lines=_lines(turn, who, wanted.terms, found.tickets),
        count=_number(counts[name]),
        capped=MOST if counts[name] == MOST else None,
        before=_turned(wanted, name, "avant", found.first) if found.more_before else None,
        after=_turned(wanted, name, "apres", found.last) if found.more_after else None,
    )


def _tab(wanted: Filters, name: str, count: int) -> Tab:
    return Tab(name=name, address=wanted.address(vue=name), count=_number(count))


def _number(count: int) -> str:
    return f"{MOST}\u202f+" if count == MOST else str(count)


def _first_filled(wanted: Filters, counts: Mapping[str, int]) -> str:
    """Without a wish: what is in one's hands, else what waits, else what is open; of a search all."""
    if wanted.q:
        return "toutes"
    return next((name for name in ("a-moi", "en-attente", "territoires") if counts[name]), "a-moi")


def _turned(wanted: Filters, view: str, way: str, key: Key | None) -> str | None:
    return wanted.page_address(view, way, key) if key is not None else None


def _lines(
    turn: Turn, who: Referent, terms: Sequence[Sought], found: Sequence[Ticket]
) -> tuple[tuple[desk.Line, Excerpt], ...]:
    numbers = [ticket.number for ticket in found]
    asked = questions.by_ids(turn.session, [one.question_id for one in found if one.question_id is not None])
    seen = reads.seen(turn.session, who, numbers)
    said = transcript.of_people(turn.session, numbers) if terms else {}
    lines, reader = [], clocks.of_reader(turn, who)
    for ticket in found:
        question = asked.get(ticket.question_id) if ticket.question_id is not None else None
        text = question.text if question is not None else None
        line = desk.line(turn, who, ticket, text, news=_news(ticket, seen), reader=reader)
        words = [*filter(None, (text, ticket.structure)), *said.get(ticket.number, ())]
        lines.append((line, _excerpt(words, terms)))
    return tuple(lines)


def _news(ticket: Ticket, seen: Mapping[int, int]) -> desk.News | None:
    if ticket.state == "closed":
        return None
    if ticket.number not in seen:
        return "new"
    return "said" if seen[ticket.number] < ticket.heard_id else None


def _excerpt(said: Sequence[str], terms: Sequence[Sought]) -> Excerpt:
    """Of all that was said, the part that shows most of what was looked for."""
    found = [excerpt(words, terms) for words in said] if terms else []
    return max(found, key=_shown, default=())


def _shown(pieces: Excerpt) -> int:
    return len({piece.lower() for piece, sought in pieces if sought})
