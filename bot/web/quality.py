"""`/qualite`: for everybody, how many of the robot's answers were wrong, and how that is measured."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from bot.web import turns
from bot.web.render import page
from handlers.quality_figures import JudgedWeek, Quality, percent, quality_until
from handlers.sampling import SIZE
from handlers.turn import Turn
from handlers.week import Week
from storage import demo

_KEPT = "public, max-age=600"
"""The figures change with each judgement: ten minutes late harms nobody."""
WIDTH = 390
HEIGHT = 120
_COLUMN = 30
_GAP = 6


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a week's column, in the units of the chart."""

    kind: str
    x: int
    y: float
    height: float


async def show(request: web.Request) -> web.Response:
    found, made_up = await turns.read(request, _figures)
    weeks = found.weeks[::-1]
    answer = page(
        request,
        "quality.html",
        quality=found,
        made_up=made_up,
        pieces=[piece for place, one in enumerate(weeks) for piece in _pieces(place, one)],
        labels=[(place * _COLUMN + _COLUMN / 2, f"S{one.week.number}") for place, one in enumerate(weeks)],
        size=(WIDTH, HEIGHT),
        column=_COLUMN - _GAP,
        sampled=SIZE,
        percent=percent,
    )
    answer.headers["Cache-Control"] = _KEPT
    return answer


def _figures(turn: Turn) -> tuple[Quality, bool]:
    """Up to the last week that is over, and whether all of it is made up."""
    return quality_until(turn, Week.of(turn.today).earlier(1)), demo.is_one(turn.session)


def _pieces(place: int, one: JudgedWeek) -> Sequence[Piece]:
    """From the bottom up, as high as their number among the thirty."""
    found: list[Piece] = []
    bottom = float(HEIGHT)
    parts = (
        ("wrong", one.wrong),
        ("incomplete", one.incomplete),
        ("right", one.right),
        ("waiting", one.waiting + one.gone),
    )
    for kind, count in parts:
        height = round(HEIGHT * count / SIZE, 1)
        bottom = round(bottom - height, 1)
        if count:
            found.append(Piece(kind, place * _COLUMN + _GAP // 2, bottom, height))
    return found
