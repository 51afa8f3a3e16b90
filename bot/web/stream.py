"""New messages as they come: for the long poll, and as server-sent events."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field

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


@dataclass(frozen=True, slots=True)
class Fresh:
    """What is new after a number: messages, and earlier ones that were edited or deleted since."""

    contact_id: int
    """Whose conversation it is."""
    messages: list[Message]
    changes: list[Message] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.messages or self.changes)

    @property
    def events(self) -> list[tuple[int, str, Message]]:
        """(number, kind, message) in the order in which it happened; changes count like messages."""
        found = [(one.seq, "message", one) for one in self.messages]
        found += [(one.change_seq or 0, "change", one) for one in self.changes]
        return sorted(found, key=lambda event: event[0])


async def fresh(request: web.Request, token: str | None, after: int, *, changes: bool = True) -> Fresh:
    """What is new after `after`; raises Refusal without a session, and when it must be confirmed."""

    def look(turn: Turn) -> Fresh:
        contact_id = sessions.active(turn, token).contact_id
        new = messages(turn, transcript.after(turn.session, contact_id, after))
        changed = transcript.changed_after(turn.session, contact_id, after) if changes else ()
        return Fresh(contact_id, new, messages(turn, changed))

    return await turns.read(request, look)


async def wait_for_news(
    request: web.Request, token: str | None, after: int, seconds: float, *, changes: bool
) -> Fresh:
    """What is new after `after`: at once, else as soon as there is something, nothing after `seconds`."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + seconds
    found = await fresh(request, token, after, changes=changes)
    if found or not seconds:
        return found
    with request.app[CHANGES].watch(found.contact_id) as news:
        require_room(request)  # the page asks again after a while, and gets what came meanwhile
        found = await fresh(request, token, after, changes=changes)  # what came before we watched
        while not found and not news.closing and (left := deadline - clock()) > 0:
            await news.wait(left)
            found = await fresh(request, token, after, changes=changes)
    return found


def require_room(request: web.Request) -> None:
    """Lets nobody wait who is one too many; what is new can still be asked for without waiting."""
    if request.app[CHANGES].full:
        words = (
            "Beaucoup de personnes sont connectées en ce moment : les réponses s'affichent plus lentement."
        )
        raise Refusal(503, "full", words, retry_after=15)


async def send_events(request: web.Request, visit: Visit, after: int) -> web.StreamResponse:
    """Writes events until the client leaves, the session ends or the server stops."""
    if request.app[CHANGES].watching(visit.contact_id) >= WATCHERS:
        raise Refusal(429, "too_many", "Cette conversation est ouverte trop de fois.", retry_after=30)
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}
    )
    with request.app[CHANGES].watch(visit.contact_id) as news:
        require_room(request)
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
    found: Fresh,
    after: int,
) -> None:
    clock = asyncio.get_running_loop().time
    spoke = clock()
    while not news.closing:
        if found:
            events = found.events
            await response.write(b"".join(_event(*event) for event in events))
            after, spoke = events[-1][0], clock()
        elif clock() - spoke >= BREATH:
            await response.write(b": \n\n")
            spoke = clock()
        await news.wait(BREATH)
        found = await fresh(request, visit.token, after)


def _event(number: int, kind: str, message: Message) -> bytes:
    body = message.as_json() | ({"change": number} if kind == "change" else {})
    data = json.dumps(body, ensure_ascii=False)
    return f"event: {kind}\nid: {number}\ndata: {data}\n\n".encode()
