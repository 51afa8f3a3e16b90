"""« Réponses types » of all territories, with search, and the templates; everybody at the desk reads them."""

from collections.abc import Mapping
from urllib.parse import urlencode

from aiohttp import web

from bot.web import turns
from bot.web.console import beside, ticket
from bot.web.console.access import doing, field, not_found, number_of, reading
from bot.web.console.beside import NearShared
from bot.web.forms import see_other
from bot.web.render import page
from handlers import sharing, suggestions
from handlers.turn import Turn
from knowledge.normalising import fold
from storage import shared_replies
from storage.tables import Referent

DONE: Mapping[str, str] = {"retrait": "La réponse type est retirée et effacée."}


async def show(request: web.Request) -> web.Response:
    words = request.query.get("q", "")[:100].replace("\0", "")
    guest, found = await reading(request, lambda turn, who: _found(turn, who, words))
    return page(
        request,
        "console/shared.html",
        guest=guest,
        words=words,
        found=found,
        templates=turns.world(request).knowledge.templates.values(),
        done=DONE.get(request.query.get("fait", "")),
    )


async def share(request: web.Request) -> web.Response:
    """Shares what the referent made of their reply to a demand."""
    number, title, text = number_of(request), await field(request, "titre"), await field(request, "type")
    impersonal = bool(await field(request, "impersonnel"))

    def act(turn: Turn, who: Referent) -> object:
        return sharing.share(turn, who, number, title=title, text=text, impersonal=impersonal)

    return await ticket.do(request, act, "partage", at="type")


async def withdraw(request: web.Request) -> web.Response:
    """By its author, or by whoever looks after the content."""
    number, words = number_of(request), await field(request, "q")

    def act(turn: Turn, who: Referent) -> None:
        if not sharing.withdraw(turn, who, number):
            raise not_found()

    await doing(request, act)
    wish = {"q": words} if words else {}
    return see_other("/console/reponses?" + urlencode({**wish, "fait": "retrait"}))


def _found(turn: Turn, who: Referent, words: str) -> list[NearShared]:
    """Those that hold every word somewhere, the most used first."""
    wanted = fold(words).split()
    every = [suggestions.shown(turn, one) for one in shared_replies.everything(turn.session)]
    held = [one for one in every if all(word in fold(f"{one.title}\n{one.text}") for word in wanted)]
    return [beside.shared(turn, one, who) for one in held]
