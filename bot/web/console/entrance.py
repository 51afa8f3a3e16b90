"""Getting in and out: a one-time link by mail, a session, its end."""

import re

from aiohttp import web

from bot.web import turns
from bot.web.console import access
from bot.web.console.access import field
from bot.web.forms import see_other
from bot.web.limits import What
from bot.web.render import page
from bot.web.security import count
from handlers import login
from handlers.turn import Turn
from storage.tables import Referent

_MAIL = re.compile(r"[^\s@]{1,64}@[^\s@]+\.[^\s@.]+")


async def show(request: web.Request) -> web.Response:
    """Where a link is asked for; who is in already goes on to the desk."""
    token = access.token_of(request)
    if await turns.read(request, lambda turn: login.visitor(turn, token, active=False) is not None):
        return see_other("/console")
    return _page(request, sent="envoye" in request.query, left="quitte" in request.query)


async def send_link(request: web.Request) -> web.Response:
    """The same answer whether the address is a referent's or not."""
    email = await field(request, "email")
    if not _MAIL.fullmatch(email) or len(email) > 254:
        error = "Cette adresse e-mail n'est pas complète. Exemple : prenom.nom@exemple.fr"
        return _page(request, status=422, email=email, error=error)
    count(request, What.ADDRESS_LOGINS)
    await turns.write(request, lambda turn: login.send_link(turn, email))
    return see_other("/console/login?envoye=1")


async def show_token(request: web.Request) -> web.Response:
    """One form; looking uses nothing up, since mail scanners follow links too."""
    token = _token(request)
    if not await turns.read(request, lambda turn: login.usable(turn, token)):
        return _gone(request)
    return page(request, "console/enter.html")


async def enter(request: web.Request) -> web.Response:
    """Uses the link: a new session, 303 to the desk. A session that was open here is ended."""
    token, before = _token(request), access.token_of(request)

    def use(turn: Turn) -> str | None:
        session = login.enter(turn, token)
        if session is not None and before:
            login.leave(turn, before)
        return session

    session = await turns.write(request, use)
    if session is None:
        return _gone(request)
    response = see_other("/console")
    access.remember(request, response, session)
    return response


async def stay(request: web.Request) -> web.Response:
    """« Rester connecté »: another thirty minutes, as far as the ten hours go."""
    await access.doing(request, lambda turn, referent: None)
    guest, _ = await access.reading(request, lambda turn, referent: None)
    if request.headers.get("Accept", "").startswith("application/json"):
        return web.json_response({"seconds_left": guest.seconds_left, "ends_at": guest.ends_at})
    return see_other("/console")


async def leave(request: web.Request) -> web.Response:
    """Ends this session, or with `partout` all sessions of the referent."""
    token, everywhere = access.token_of(request), bool(await field(request, "partout"))

    def end(turn: Turn, referent: Referent) -> None:
        login.sign_out(turn, referent, token, everywhere=everywhere)

    await access.doing(request, end)
    response = see_other("/console/login?quitte=1")
    access.forget(request, response)
    return response


def _token(request: web.Request) -> str:
    count(request, What.ADDRESS_TOKENS)
    return request.match_info["token"]


def _gone(request: web.Request) -> web.Response:
    return page(request, "console/gone.html", status=410)


def _page(
    request: web.Request,
    *,
    status: int = 200,
    sent: bool = False,
    left: bool = False,
    email: str = "",
    error: str | None = None,
) -> web.Response:
    return page(
        request, "console/login.html", status=status, sent=sent, left=left, email=email[:254], error=error
    )
