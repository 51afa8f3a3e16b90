"""New messages as they come: for the long poll, and as server-sent events."""

import asyncio
import json
from contextlib import suppress

from aiohttp import web

from bot.web import sessions, turns
from bot.web.changes import News
from bot.web.errors import Refusal
from bot.web.keys import CHANGES
from bot.web.messages import Message, messages
from bot.web.sessions import Visit
from handlers.turn import Turn
from storage import transcript
from storage.database import DatabaseUnavailable

BREATH = 15.0
"""Seconds between two comments, so that proxies keep the line open."""
WATCHERS = 8
"""Requests that may wait for one conversation at once; more are no person's tabs."""


async def fresh(request: web.Request, token: str, after: int) -> list[Message]:
    """Messages after `after`; raises Refusal when the session has ended or must be confirmed."""

    def look(turn: Turn) -> list[Message]:
        visit = sessions.active(turn, token)
        return messages(turn, transcript.after(turn.session, visit.contact_id, after))

    return await turns.read(request, look)


async def wait_for_messages(request: web.Request, visit: Visit, after: int, seconds: float) -> list[Message]:
    """Messages after `after`: at once when there are any, else as soon as there are, [] after `seconds`."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + seconds
    with request.app[CHANGES].watch(visit.contact_id) as news:
        found = await fresh(request, visit.token, after)
        while not found and not news.closing and (left := deadline - clock()) > 0:
            await news.wait(left)
            found = await fresh(request, visit.token, after)
    return found


async def send_events(request: web.Request, visit: Visit, after: int) -> web.StreamResponse:
    """Writes events until the client leaves, the session ends or the server stops."""
    if request.app[CHANGES].watching(visit.contact_id) >= WATCHERS:
        raise Refusal(429, "too_many", "Cette conversation est ouverte trop de fois.", retry_after=30)
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}
    )
    with request.app[CHANGES].watch(visit.contact_id) as news:
        found = await fresh(request, visit.token, after)
        await response.prepare(request)
        await response.write(b"retry: 2000\n\n")
        # Headers are out: when the session ends the line is closed, and the next request learns why.
        with suppress(Refusal, DatabaseUnavailable, ConnectionResetError):
            await _follow(request, response, visit, news, found, after)
    return response


async def _follow(
    request: web.Request,
    response: web.StreamResponse,
    visit: Visit,
    news: News,
    found: list[Message],
    after: int,
) -> None:
    clock = asyncio.get_running_loop().time
    spoke = clock()
    while not news.closing:
        if found:
            await response.write(b"".join(_event(message) for message in found))
            after, spoke = found[-1].seq, clock()
        elif clock() - spoke >= BREATH:
            await response.write(b": \n\n")
            spoke = clock()
        await news.wait(BREATH)
        found = await fresh(request, visit.token, after)


def _event(message: Message) -> bytes:
    data = json.dumps(message.as_json(), ensure_ascii=False)
    return f"event: message\nid: {message.seq}\ndata: {data}\n\n".encode()
