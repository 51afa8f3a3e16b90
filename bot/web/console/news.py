"""Whether something is new on a referent's desk: one question that waits for its answer."""

import asyncio
from hashlib import sha256

from aiohttp import web

from bot.web import turns
from bot.web.changes import ANYTHING
from bot.web.console.access import reading
from bot.web.errors import Refusal
from bot.web.forms import whole
from bot.web.keys import CHANGES
from handlers.turn import Turn
from storage import desk
from storage.tables import Referent

LONGEST_WAIT = 25
MOST_WAITING = 400
"""Tabs that may wait at once in this process; a browser asks for all its tabs in one of them."""


async def show(request: web.Request) -> web.Response:
    """`mark` of what the desk holds and the number to read, as soon as it is another than `depuis`."""
    known, seconds = request.query.get("depuis", ""), _seconds(request.query.get("attendre", ""))
    clock = asyncio.get_running_loop().time
    deadline = clock() + seconds
    if request.app[CHANGES].watching(ANYTHING) >= MOST_WAITING:
        raise Refusal(429, "too_many", "Trop d'onglets attendent des nouvelles.", retry_after=30)
    with request.app[CHANGES].watch(ANYTHING) as news:
        newest = await turns.read(request, lambda turn: desk.newest(turn.session))
        guest, mark = await reading(request, _mark)
        while mark == known and not news.closing and (left := deadline - clock()) > 0:
            await news.wait(left)
            latest = await turns.read(request, lambda turn: desk.newest(turn.session))
            if latest != newest:
                newest = latest
                guest, mark = await reading(request, _mark)
    return web.json_response({"mark": mark, "unread": guest.unread})


def _mark(turn: Turn, who: Referent) -> str:
    """Says nothing about the desks of others, but changes with one's own."""
    holds = (desk.mark(turn.session, who), desk.unread(turn.session, who, turn.now))
    return sha256(repr(holds).encode()).hexdigest()[:16]


def _seconds(words: str) -> int:
    return min(whole(words, 0, digits=3), LONGEST_WAIT)
