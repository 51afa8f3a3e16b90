"""The map of silence: where nothing was heard of structures, as tiles with their table beside."""

from dataclasses import dataclass

from aiohttp import web

from bot.web.console import wording
from bot.web.console.access import reading
from bot.web.render import page
from handlers import pack_places
from handlers.silence import DAYS, Quiet, Silence, silence
from handlers.structure_words import STUCK_AFTER
from handlers.turn import Turn
from knowledge.tiles import COLUMNS, ROWS, TILES
from storage.tables import Referent

SIZE = 32
"""Units of a tile's side, the gap beside it included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One territory on the map."""

    code: str
    x: int
    y: int
    look: str
    """heard, silent, or elsewhere: none of the reader's territories."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One territory in the table."""

    place: Quiet
    last: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    name: str
    found: Silence
    tiles: tuple[Tile, ...]
    rows: tuple[Row, ...]
    """The silent ones first, of them those that have structures."""


async def show(request: web.Request) -> web.Response:
    guest, board = await reading(request, _board)
    return page(
        request,
        "console/silence.html",
        guest=guest,
        board=board,
        size=SIZE,
        width=COLUMNS * SIZE,
        height=ROWS * SIZE,
        days=DAYS,
        stuck_after=STUCK_AFTER,
    )


def _board(turn: Turn, who: Referent) -> Board:
    place = pack_places.places(turn, who)[0]
    found = silence(turn, place)
    by_code = {one.code: one for one in found.territories}
    ordered = sorted(found.territories, key=lambda one: (not one.silent, one.structures == 0))
    return Board(
        name=place.name,
        found=found,
        tiles=tuple(
            Tile(code=one.code, x=one.column * SIZE, y=one.row * SIZE, look=_look(by_code.get(one.code)))
            for one in TILES
        ),
        rows=tuple(Row(place=one, last=_last(turn, one)) for one in ordered),
    )


def _look(place: Quiet | None) -> str:
    if place is None:
        return "elsewhere"
    return "silent" if place.silent else "heard"


def _last(turn: Turn, place: Quiet) -> str | None:
    return wording.moment(place.last, turn.world.timezone, turn.now) if place.last is not None else None
