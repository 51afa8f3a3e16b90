"""The list of demands: mine, my territories', waiting, closed."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from bot.web.console import wording
from bot.web.console.access import reading
from bot.web.render import page
from handlers import routing
from handlers.turn import Turn
from knowledge.localities import zone_of
from storage import directory, life, questions, tickets, transcript
from storage.tables import Referent, Ticket
from storage.tickets import View

PAGE = 20
VIEWS: Mapping[str, View] = {
    "a-moi": "mine",
    "territoires": "territories",
    "en-attente": "waiting",
    "closes": "closed",
}
DONE: Mapping[str, str] = {
    "transmission": "La demande n° {number} est transmise. Elle n'est plus dans vos territoires.",
    "territoire": "Le territoire de la demande n° {number} est corrigé. Il n'est pas des vôtres.",
}
_LONGEST_QUESTION = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One demand in the list."""

    number: int
    state: life.State
    state_words: str
    question: str | None
    theme: str
    audience: str
    territory: str
    opened: str
    age: str
    holder: str | None
    mine: bool
    unread: bool
    """Whether the person spoke last."""
    due: str | None
    """By when a reply is promised, « 25/11 à 10:00 », while one is."""
    near: bool
    """Whether three quarters of that time are over."""
    late: bool
    """Whether all of it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    view: str
    tabs: tuple[Tab, ...]
    lines: tuple[Line, ...]
    page: int
    pages: int


async def show(request: web.Request) -> web.Response:
    asked = request.query.get("vue", "")
    number = request.query.get("page", "1")
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    guest, desk = await reading(request, lambda turn, referent: _desk(turn, referent, asked, wanted))
    return page(request, "console/desk.html", guest=guest, desk=desk, done=_done(request))


def _done(request: web.Request) -> str | None:
    """What was just done, from a word of ours in the address."""
    number = request.query.get("n", "")
    words = DONE.get(request.query.get("fait", ""))
    return words.format(number=number) if words and number.isascii() and number.isdigit() else None


def _desk(turn: Turn, referent: Referent, asked: str, wanted: int) -> Desk:
    counts = {name: tickets.count(turn.session, referent, view) for name, view in VIEWS.items()}
    view = asked if asked in VIEWS else _first_filled(counts)
    pages = max(1, math.ceil(counts[view] / PAGE))
    shown = min(max(1, wanted), pages)
    found = tickets.listed(turn.session, referent, VIEWS[view], limit=PAGE, offset=(shown - 1) * PAGE)
    asked_ids = [ticket.question_id for ticket in found if ticket.question_id is not None]
    known = questions.by_ids(turn.session, asked_ids)
    spoke = transcript.last_people(turn.session, [ticket.number for ticket in found])
    lines = []
    for ticket in found:
        question = known.get(ticket.question_id) if ticket.question_id is not None else None
        text = question.text if question is not None else None
        unread = ticket.state != "closed" and spoke.get(ticket.number) == "visitor"
        lines.append(line(turn, referent, ticket, text, unread=unread))
    return Desk(
        view=view,
        tabs=tuple(Tab(name=name, count=count) for name, count in counts.items()),
        lines=tuple(lines),
        page=shown,
        pages=pages,
    )


def _first_filled(counts: Mapping[str, int]) -> str:
    """Without a wish: what is in the referent's hands, else what waits, else what is open."""
    return next((name for name in ("a-moi", "en-attente", "territoires") if counts[name]), "a-moi")


def line(turn: Turn, referent: Referent, ticket: Ticket, question: str | None, *, unread: bool) -> Line:
    zone = zone_of(ticket.territory, turn.world.timezone)
    return Line(
        number=ticket.number,
        state=ticket.state,  # type: ignore[arg-type]  # one of these, by the steps of its life
        state_words=turn.texts(f"ticket.state.{ticket.state}"),
        question=_cut(question) if question else None,
        theme=wording.theme(turn, ticket),
        audience=wording.audience(turn, ticket.audience),
        territory=routing.territory_name(turn, ticket.territory),
        opened=wording.moment(ticket.opened_at, zone, turn.now),
        age=wording.age(ticket.opened_at, turn.now),
        holder=directory.name_of(turn.session, ticket.referent_id),
        mine=ticket.referent_id == referent.id,
        unread=unread,
        due=wording.moment(ticket.due_at, zone, turn.now) if ticket.due_at is not None else None,
        near=ticket.near_at is not None and ticket.near_at <= turn.now,
        late=ticket.due_at is not None and ticket.due_at <= turn.now,
    )


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_QUESTION else text[:_LONGEST_QUESTION].rsplit(" ", 1)[0] + "…"
