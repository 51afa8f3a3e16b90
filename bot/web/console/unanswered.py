"""« Sans réponse »: what people asked in vain, put together by likeness, the most asked first."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from aiohttp import web

from bot.web import turns
from bot.web.console import wording
from bot.web.console.access import Guest, doing, field, not_found, number_of, reading
from bot.web.console.learning import idea_of
from bot.web.forms import see_other
from bot.web.grouping import GROUPING
from bot.web.keys import LIBRARY
from bot.web.render import page
from handlers import lessons
from handlers.errors import Refused
from handlers.routing import territory_name
from handlers.turn import Turn
from knowledge import overlay
from knowledge.entries import Audience
from storage import unanswered
from storage.tables import Referent
from storage.unanswered import Asked

PERIODS: Mapping[str, int] = {"7": 7, "30": 30, "90": 90}
DONE: Mapping[str, str] = {
    "proposition": "Merci ! Un rédacteur décidera de vos propositions, et vous saurez ce qu'elles deviennent."
}
SHOWN = 60
SINGLE = 100
TICKED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to list, as it stands in the address."""

    days: str = "30"
    audience: str = ""
    territory: str = ""

    @property
    def query(self) -> str:
        return urlencode({"jours": self.days, "public": self.audience, "territoire": self.territory})


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Questions that say much the same."""

    id: int
    """The question at its centre."""
    ids: frozenset[int]
    label: str
    count: int
    texts: tuple[str, ...]
    """Its wordings, each once, the most central first."""
    audiences: str
    territories: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    groups: tuple[Group, ...]
    single: tuple[Group, ...]
    count: int
    most: int
    territories: tuple[tuple[str, str], ...]
    """Codes and names to choose from."""


async def show(request: web.Request) -> web.Response:
    wish = _wish(request)
    guest, board = await _board(request, wish)
    return page(
        request,
        "console/unanswered.html",
        guest=guest,
        wish=wish,
        board=board,
        periods=PERIODS,
        audiences=wording.audiences(turns.world(request)),
        done=DONE.get(request.query.get("fait", "")),
    )


async def show_group(request: web.Request) -> web.Response:
    return await _group_page(request)


async def learn(request: web.Request) -> web.Response:
    """Proposes the ticked wordings, as they were edited, for an entry, as a new one or as not ours."""
    chosen = [name for name in (await request.post()).getall("retenir", []) if isinstance(name, str)]
    texts = [await field(request, f"phrase-{name}") for name in chosen[: lessons.MOST_WORDINGS]]
    idea = await idea_of(request, texts)

    def act(turn: Turn, who: Referent) -> Refused | None:
        made = lessons.propose(turn, who, idea)
        return made if isinstance(made, Refused) else None

    refusal = await doing(request, act)
    if refusal is not None:
        return await _group_page(request, refusal)
    return see_other(f"/console/sans-reponse?{_wish(request).query}&fait=proposition")


async def _group_page(request: web.Request, refusal: Refused | None = None) -> web.Response:
    number, wish = number_of(request), _wish(request)
    guest, board = await _board(request, wish)
    group = next((one for one in (*board.groups, *board.single) if number in one.ids), None)
    if group is None:
        raise not_found()
    world, library = turns.world(request), request.app[LIBRARY]
    match = await asyncio.to_thread(library.find, group.label, None, None)
    entries = filter(None, (world.knowledge.entry(one.entry_id) for one in match.candidates))
    posted = await request.post()
    typed = {name: await field(request, name) for name in posted} if refusal else {}
    ticked = posted.getall("retenir", []) if refusal else [str(n + 1) for n in range(TICKED)]
    return page(
        request,
        "console/unanswered_group.html",
        status=422 if refusal is not None else 200,
        guest=guest,
        wish=wish,
        group=group,
        near=[(entry.id, entry.title) for entry in entries],
        error=wording.sentence(world, refusal) if refusal is not None else None,
        typed=typed,
        ticked=ticked,
    )


def _wish(request: web.Request) -> Wish:
    days, audience = request.query.get("jours", ""), request.query.get("public", "")
    territory = request.query.get("territoire", "")
    known = turns.world(request).knowledge.territories.by_code(territory) if territory else None
    return Wish(
        days=days if days in PERIODS else "30",
        audience=audience if audience in set(Audience) else "",
        territory=known.code if known is not None else "",
    )


async def _board(request: web.Request, wish: Wish) -> tuple[Guest, Board]:
    def look(turn: Turn, who: Referent) -> list[Asked]:
        return unanswered.listed(
            turn.session,
            who,
            since=turn.now - timedelta(days=PERIODS[wish.days]),
            audience=wish.audience or None,
            territory=wish.territory or None,
        )

    guest, asked = await reading(request, look)
    base = turns.world(request).knowledge
    asked = await asyncio.to_thread(overlay.not_known, base, asked)
    groups = await request.app[GROUPING].of([one.text for one in asked], base.language)
    _, board = await reading(request, lambda turn, _: _shown(turn, asked, groups))
    return guest, board


def _shown(turn: Turn, asked: Sequence[Asked], groups: Sequence[Sequence[int]]) -> Board:
    found = [_group(turn, [asked[number] for number in members]) for members in groups]
    several = [group for group in found if group.count > 1]
    single = [group for group in found if group.count == 1]
    codes = sorted({one.territory for one in asked if one.territory is not None})
    return Board(
        groups=tuple(several[:SHOWN]),
        single=tuple(reversed(single))[:SINGLE],
        count=len(asked),
        most=max((group.count for group in several), default=1),
        territories=tuple((code, territory_name(turn, code)) for code in codes),
    )


def _group(turn: Turn, members: Sequence[Asked]) -> Group:
    return Group(
        id=members[0].id,
        ids=frozenset(one.id for one in members),
        label=members[0].text,
        count=len(members),
        texts=tuple(dict.fromkeys(one.text for one in members)),
        audiences=_most(wording.audience(turn, one.audience) for one in members),
        territories=_most(territory_name(turn, one.territory) for one in members),
    )


def _most(names: Iterable[str]) -> str:
    """« Jeune × 4, Relais × 2 »: the three that come most."""
    counts = Counter(names).most_common(4)
    listed = ", ".join(f"{name} × {count}" for name, count in counts[:3])
    return f"{listed}…" if len(counts) > 3 else listed
