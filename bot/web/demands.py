"""A visitor's own demands, with what is expected next; what to do with one is done in the conversation."""

from aiohttp import web

from bot.web import sessions, turns
from bot.web.render import page
from handlers import demands
from handlers.demands import Demand
from handlers.turn import Turn
from storage import contacts


async def show(request: web.Request) -> web.Response:
    return page(request, "my_demands.html", demands=await _own(request))


async def _own(request: web.Request) -> list[Demand] | None:
    """None without a session; Refusal 403 when the visitor must say first that it is theirs."""
    token = sessions.token_of(request)

    def collect(turn: Turn) -> list[Demand] | None:
        if sessions.find(turn, token) is None:
            return None
        contact = contacts.get(turn.session, sessions.active(turn, token).contact_id)
        return demands.own(turn, contact) if contact is not None else None

    return await turns.read(request, collect)
