"""The pages around the chat: privacy, one's own data, accessibility, an entry that somebody linked to."""

import json
from typing import Any

from aiohttp import web

from bot.web import sessions, turns
from bot.web.errors import Refusal
from bot.web.forms import read_form, see_other
from bot.web.render import message_html, page
from handlers import holds, privacy
from handlers.turn import Turn
from knowledge import answering
from storage import contacts


async def confidentiality(request: web.Request) -> web.Response:
    return page(request, "privacy.html", retention=turns.world(request).retention)


async def accessibility(request: web.Request) -> web.Response:
    return page(request, "accessibility.html")


async def entry(request: web.Request) -> web.Response:
    """One entry as anybody may read it, with its source and date, or that it may not be said now."""
    wanted = turns.world(request).knowledge.entry(request.match_info["entry"])
    if wanted is None:
        raise Refusal(404, "not_found", "Cette fiche n'existe pas, ou n'existe plus.")

    def look(turn: Turn) -> str | None:
        if not holds.sayable(turn, [wanted]):
            return None
        return answering.answer_text(turn.world.knowledge, wanted, audience=None, on=turn.today)

    text = await turns.read(request, look)
    answer = message_html(text, markup=True) if text is not None else None
    return page(request, "entry.html", entry=wanted, answer=answer)


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
    response = see_other("/mes-donnees?efface=1")
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
