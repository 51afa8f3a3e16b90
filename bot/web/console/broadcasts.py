"""« Diffusions »: what was sent to those who agreed to get it, and a new one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from bot.web import turns
from bot.web.console import wording
from bot.web.console.access import Problems, doing, field, reading
from bot.web.forms import see_other
from bot.web.render import page
from handlers import broadcast, infos, pack_places
from handlers.broadcast import LONGEST, Written
from handlers.errors import Refused
from handlers.routing import territory_name
from handlers.turn import Turn
from knowledge.markup import plain
from storage import broadcasts as stored
from storage import directory
from storage.tables import Broadcast, Referent

STATES: Mapping[str, str] = {
    "draft": "brouillon",
    "sending": "en cours d'envoi",
    "done": "envoyée",
    "stopped": "arrêtée",
}
FIELDS: Mapping[str, str] = {
    "broadcast.text": "message",
    "broadcast.subject": "sujet",
    "broadcast.not_yours": "territoires",
    "broadcast.no_place": "territoires",
}
"""At which field a refusal is said."""
_BETWEEN = re.compile(r"[\s,;]+")
_BEGINNING = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The form as it was sent."""

    subject: str = ""
    territories: str = ""
    text: str = ""

    def wanted(self) -> Written:
        codes = tuple(code.upper() for code in _BETWEEN.split(self.territories) if code)
        return Written(subject=self.subject, text=self.text, territories=codes or None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One broadcast, as it is listed."""

    id: int
    subject: str
    beginning: str
    places: str
    state: str
    state_words: str
    when: str
    author: str
    sent: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    lines: list[Line]
    reach: tuple[tuple[str, int], ...]
    """How many get each subject in the reader's territories."""
    place: str
    names: tuple[tuple[str, str], ...]


async def show(request: web.Request) -> web.Response:
    return await _page(request)


async def write(request: web.Request) -> web.Response:
    """A new draft, leads to it; nothing that was typed is lost when it is refused."""
    typed = await typed_in(request)

    def act(turn: Turn, who: Referent) -> Problems | int:
        outcome = broadcast.write(turn, who, typed.wanted())
        return Problems({FIELDS[outcome.text]: outcome}) if isinstance(outcome, Refused) else outcome.id

    outcome = await doing(request, act)
    if isinstance(outcome, Problems):
        return await _page(request, problems=outcome, typed=typed)
    return see_other(f"/console/diffusions/{outcome}" if outcome else "/console/diffusions")


async def typed_in(request: web.Request) -> Typed:
    return Typed(
        subject=await field(request, "sujet"),
        territories=await field(request, "territoires"),
        text=await field(request, "message"),
    )


def subjects(turn: Turn) -> tuple[tuple[str, str], ...]:
    """Each with its name."""
    return tuple((one, plain(infos.name_of(turn, one))) for one in infos.SUBJECTS)


def places_of(turn: Turn, found: Broadcast) -> str:
    """« Doubs (25), Jura (39) », « France entière »"""
    if found.territories is None:
        return turn.texts("week.everywhere")
    return ", ".join(territory_name(turn, code) for code in found.territories)


async def _page(
    request: web.Request, *, problems: Problems | None = None, typed: Typed | None = None
) -> web.Response:
    guest, board = await reading(request, _board)
    found = problems.by_field if problems is not None else {}
    return page(
        request,
        "console/broadcasts.html",
        status=200 if problems is None else 422,
        guest=guest,
        board=board,
        limit=LONGEST,
        errors={name: wording.sentence(turns.world(request), refusal) for name, refusal in found.items()},
        typed=typed or Typed(),
    )


def _board(turn: Turn, who: Referent) -> Board:
    place, names = pack_places.places(turn, who)[0], subjects(turn)
    codes = sorted(place.codes) if place.codes is not None else None
    reach = tuple((name, sum(broadcast.reach(turn, one, codes).values())) for one, name in names)
    lines = [_line(turn, one) for one in broadcast.listed(turn, who)]
    return Board(lines=lines, reach=reach, place=place.name, names=names)


def _line(turn: Turn, found: Broadcast) -> Line:
    counts = stored.progress(turn.session, found.id)
    text = " ".join(plain(found.text).split())
    return Line(
        id=found.id,
        subject=plain(infos.name_of(turn, found.subject)),
        beginning=text if len(text) <= _BEGINNING else f"{text[:_BEGINNING]}…",
        places=places_of(turn, found),
        state=found.state,
        state_words=STATES[found.state],
        when=wording.moment(found.started_at or found.created_at, turn.world.timezone, turn.now),
        author=directory.name_of(turn.session, found.by_id) or "–",
        sent=counts.get("sent", 0),
        total=sum(counts.values()),
    )
