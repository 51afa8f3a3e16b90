"""How a view reaches `handlers`: one Turn, one transaction, one reading of the clock."""

from collections.abc import Callable
from typing import TypeVar

from aiohttp import web
from sqlalchemy.orm import Session

from bot.web.keys import CLOCK, DATABASE, WORLD
from handlers.turn import Turn, World

T = TypeVar("T")


def world(request: web.Request) -> World:
    return request.app[WORLD]()


def secure(request: web.Request) -> bool:
    """Whether people reach us by https: then cookies are `Secure` and bound to this host."""
    return world(request).public_url.startswith("https://")


async def write(request: web.Request, work: Callable[[Turn], T]) -> T:
    """Runs `work(turn)` in one transaction that may change things."""
    return await request.app[DATABASE].write(_within_turn(request, work))


async def read(request: web.Request, work: Callable[[Turn], T]) -> T:
    """Runs `work(turn)` on a connection that changes nothing."""
    return await request.app[DATABASE].read(_within_turn(request, work))


def _within_turn(request: web.Request, work: Callable[[Turn], T]) -> Callable[[Session], T]:
    now, around = request.app[CLOCK](), world(request)
    return lambda session: work(Turn(session=session, now=now, world=around, door="web"))
