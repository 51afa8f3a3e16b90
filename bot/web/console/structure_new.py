"""A new structure of the directory; where it is a demand that told of it, the demand is linked to it."""

from collections.abc import Callable, Mapping

from aiohttp import web

from bot.web.console.access import Problems, doing, field, reading
from bot.web.console.structure_form import FIELDS, at_fields, kinds, places, sentences, typed_of
from bot.web.forms import see_other, whole
from bot.web.render import page
from handlers import structure_links, structures
from handlers.errors import Refused
from handlers.structure_words import STAGES
from handlers.structures import Typed
from handlers.turn import Turn
from storage import tickets
from storage.tables import Referent, Structure


async def show(request: web.Request) -> web.Response:
    """The form; of a demand it knows what its asker told."""
    number = whole(request.query.get("demande", ""), 0)
    return await _form(request, lambda turn, who: _told(turn, who, number))


async def add(request: web.Request) -> web.Response:
    """Adds a structure; nothing that was typed is lost when it is refused."""
    typed, demand = await typed_of(request), whole(await field(request, "demande"), 0)
    wanted = Typed(**{FIELDS[name]: text for name, text in typed.items()})

    def act(turn: Turn, who: Referent) -> Problems | str:
        added = structures.add(turn, who, wanted)
        if not isinstance(added, Structure):
            return at_fields(added)
        if demand and not isinstance(structure_links.link(turn, who, demand, str(added.id)), Refused):
            return f"/console/demandes/{demand}?fait=structure"
        return f"/console/structures/{added.id}?fait=ajout"

    outcome = await doing(request, act)
    if isinstance(outcome, Problems):
        typed |= {"demande": str(demand or "")}
        return await _form(request, lambda turn, who: typed, outcome)
    return see_other(outcome or "/console/structures")


def _told(turn: Turn, who: Referent, number: int) -> dict[str, str]:
    ticket = tickets.for_referent(turn.session, number, who) if number else None
    if ticket is None:
        return {}
    return {"nom": ticket.structure or "", "departement": ticket.territory or "", "demande": str(number)}


async def _form(
    request: web.Request,
    filled: Callable[[Turn, Referent], Mapping[str, str]],
    problems: Problems | None = None,
) -> web.Response:
    guest, (mine, typed) = await reading(request, lambda turn, who: (places(turn, who), filled(turn, who)))
    return page(
        request,
        "console/structure_new.html",
        status=200 if problems is None else 422,
        guest=guest,
        places=mine,
        kinds=kinds(),
        stages=STAGES.items(),
        typed={**dict.fromkeys((*FIELDS, "demande"), ""), **typed},
        errors=sentences(request, problems),
    )
