"""« Aperçu »: what was typed as it would go out; under the field by script, else on the page again."""

from aiohttp import web

from bot.web import turns
from bot.web.console import ticket
from bot.web.console.access import field, reading
from bot.web.console.composing import drafted
from bot.web.forms import whole
from bot.web.render import page

PART = "X-Souffleur-Part"
"""Sent by writing.js, which wants the preview alone."""


async def show(request: web.Request) -> web.Response:
    """Nothing is kept and nothing sent."""
    text, demand = await field(request, "text"), await field(request, "demande")
    draft = drafted(turns.world(request), text)
    number = whole(demand, None)
    if PART in request.headers or number is None:
        guest, _ = await reading(request, lambda turn, who: None)
        return page(request, "console/preview.html", guest=guest, preview=draft)
    return await ticket.whole_page(request, number=number, typed={"text": text}, preview=draft)
