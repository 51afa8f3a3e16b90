"""The chat's API, exactly as the README's reference says; `chat.js` is its first client."""

import json
from typing import Any

from aiohttp import web

from bot.web import intake, sessions, turns
from bot.web.errors import Refusal
from bot.web.forms import whole
from bot.web.stream import send_events, wait_for_news

LONGEST_WAIT = 25
_LARGEST_SEQ = 2**31 - 1


async def open_session(request: web.Request) -> web.Response:
    """201 and the cookie: none was given before this."""
    visit = await sessions.begin(request)
    response = web.json_response({"session": visit.public_id}, status=201)
    sessions.remember(request, response, visit.token)
    return response


async def receive(request: web.Request) -> web.Response:
    """202 once committed."""
    token = sessions.required_token(request)
    said = intake.said(await _json(request))
    await intake.receive(request, token, said)
    response = web.json_response({"id": said.id}, status=202)
    sessions.remember(request, response, token)
    return response


async def messages(request: web.Request) -> web.Response:
    """The messages after `after`; waits up to `wait` seconds while there are none.

    With `changes=1` also earlier messages that were edited or deleted since, each with its own number.
    """
    after, wait = _number(request, "after", _LARGEST_SEQ), _number(request, "wait", LONGEST_WAIT)
    changes = request.query.get("changes") == "1"
    found = await wait_for_news(request, sessions.token_of(request), after, wait, changes=changes)
    body = {"messages": [message.as_json() for message in found.messages]}
    if changes:
        body["changes"] = [one.as_json() | {"change": one.change_seq} for one in found.changes]
    return web.json_response(body)


async def events(request: web.Request) -> web.StreamResponse:
    """Server-sent events, from `Last-Event-ID` or else `after` on."""
    visit = await sessions.require(request)
    after = _number(request, "after", _LARGEST_SEQ)
    return await send_events(request, visit, _last_event(request, after))


async def presence(request: web.Request) -> web.Response:
    """The visitor is writing: « Est-ce toujours vous ? » can wait."""
    visit = await sessions.require(request)
    await turns.write(request, lambda turn: sessions.touch(turn, visit.token))
    return web.json_response({"session": visit.public_id})


async def _json(request: web.Request) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise Refusal(415, "not_json", "Le corps de la demande doit être en JSON.")
    try:
        body = json.loads(await request.read())
    except (ValueError, RecursionError):
        raise Refusal(422, "invalid_json", "Le corps de la demande n'est pas du JSON lisible.") from None
    if not isinstance(body, dict):
        raise Refusal(422, "invalid_json", "Le corps de la demande doit être un objet JSON.")
    return body


def _number(request: web.Request, name: str, largest: int) -> int:
    text = request.query.get(name, "0")
    number = whole(text, None, digits=10)
    if number is None or number > largest:
        raise Refusal(422, "invalid_number", f"« {name} » doit être un nombre entre 0 et {largest}.")
    return number


def _last_event(request: web.Request, default: int) -> int:
    text = request.headers.get("Last-Event-ID", "")
    return whole(text, default, digits=10)
