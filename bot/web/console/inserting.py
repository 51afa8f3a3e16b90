"""« Insérer »: puts a template, an entry, a link or a former reply into the reply's field; sends nothing."""

from aiohttp import web

from bot.web import turns
from bot.web.console import ticket, wording
from bot.web.console.access import field, not_found, number_of, reading
from bot.web.console.composing import drafted
from bot.web.console.previewing import PART
from handlers import writing
from handlers.errors import Refused

INSERTED = "C'est inséré dans votre réponse. Relisez-la : rien n'est encore envoyé."


async def insert(request: web.Request) -> web.Response:
    """With a script the text alone, else the page with it at the end of what was typed."""
    number = number_of(request)
    what, _, which = (await field(request, "quoi")).partition(":")
    which = which or await field(request, "modele")
    _, found = await reading(request, lambda turn, who: writing.insertion(turn, who, number, what, which))
    if isinstance(found, Refused):
        return await _refused(request, found)
    if PART in request.headers:
        return web.Response(text=found)
    typed = "\n\n".join(filter(None, [(await field(request, "text")).rstrip(), found]))
    shared = await field(request, "partagees")
    if what == "type":
        shared = f"{shared} {which}".strip()
    draft = drafted(turns.world(request), typed)
    fields = {"text": typed, "partagees": shared}
    return await ticket.whole_page(request, done=INSERTED, typed=fields, preview=draft)


async def _refused(request: web.Request, refusal: Refused) -> web.Response:
    if refusal.text == "desk.not_found":
        raise not_found()
    message = wording.sentence(turns.world(request), refusal)
    if PART in request.headers:
        return web.Response(status=422, text=message)
    typed = {name: await field(request, name) for name in ("text", "partagees")}
    return await ticket.whole_page(request, status=422, errors={"text": message}, typed=typed, at="text")
