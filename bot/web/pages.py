"""The pages around the chat: privacy, one's own data, accessibility."""

import json
from typing import Any

from aiohttp import web

from bot.web import sessions, turns
from bot.web.forms import read_form
from bot.web.render import page
from handlers import privacy
from handlers.turn import Turn
from storage import contacts


async def confidentiality(request: web.Request) -> web.Response:
    return page(request, "privacy.html", retention=turns.world(request).retention)


async def accessibility(request: web.Request) -> web.Response:
    return page(request, "accessibility.html")


async def my_data(request: web.Request) -> web.Response:
    """What is kept about the visitor, readable."""
    return page(request, "my_data.html", data=await _data(request), erased="efface" in request.query)


async def my_data_file(request: web.Request) -> web.Response:
    """The same as a JSON file."""
    data = await _data(request)
    if data is None:
        raise sessions.no_session()
    text = json.dumps(data, ensure_ascii=False, indent=2)
    disposition = {"Content-Disposition": 'attachment; filename="mes-donnees.json"'}
    return web.Response(text=text, content_type="application/json", headers=disposition)


async def erase(request: web.Request) -> web.Response:
    """Erases everything of the visitor's, after they said so with a ticked box."""
    visit = await sessions.require(request)
    form = await read_form(request)
    if "sure" not in form:
        return page(request, "my_data.html", status=422, data=await _data(request), erased=False, unsure=True)

    def erase_all(turn: Turn) -> None:
        contact = contacts.get(turn.session, visit.contact_id)
        if contact is not None:
            privacy.erase_contact(turn, contact)

    await turns.write(request, erase_all)
    response = web.Response(status=303, headers={"Location": "/mes-donnees?efface=1"})
    sessions.forget(request, response)
    return response


async def _data(request: web.Request) -> dict[str, Any] | None:
    """None without a session; Refusal 403 when the visitor must say first that it is theirs."""
    token = sessions.token_of(request)

    def collect(turn: Turn) -> dict[str, Any] | None:
        if sessions.find(turn, token) is None:
            return None
        contact = contacts.get(turn.session, sessions.active(turn, token).contact_id)
        return privacy.my_data(turn.session, contact) if contact else None

    return await turns.read(request, collect)
