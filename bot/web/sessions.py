"""Who is asking: the visitor's session behind a cookie, and personal links to a conversation.

A cookie is given only with the visitor's first action. On a shared computer a conversation that nobody
touched for `IDLE` shows nothing before somebody has said that it is theirs.
"""

import secrets as randomness
from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web

from bot.web import turns
from bot.web.errors import Refusal
from bot.web.limits import What
from bot.web.security import count
from handlers.turn import Turn
from storage import contacts, secrets
from storage.tables import Contact

LASTS = timedelta(days=30)
IDLE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Visit:
    """A session that was found: whose conversation it opens."""

    token: str
    contact_id: int
    public_id: str
    idle: bool


def cookie_name(request: web.Request) -> str:
    return "__Host-souffleur" if turns.secure(request) else "souffleur"


def token_of(request: web.Request) -> str | None:
    return request.cookies.get(cookie_name(request))


def required_token(request: web.Request) -> str:
    """What the request shows as its session's; raises Refusal 401 without any."""
    token = token_of(request)
    if not token:
        raise no_session()
    return token


def key(token: str) -> str:
    """What a session is counted under; the token itself stays out of long-lived memory."""
    return secrets.hashed(token)


def find(turn: Turn, token: str | None) -> Visit | None:
    """The visit behind a token; None when it is unknown, ended or expired."""
    found = secrets.conversation(turn.session, "web", token, now=turn.now) if token else None
    if not token or found is None:
        return None
    idle = turn.now - found.seen_at > IDLE
    return Visit(token, found.contact_id, _public_id(found.address), idle)


def open_visit(turn: Turn, contact: Contact) -> Visit:
    """A new session for a conversation, just made or (by a personal link) known."""
    token = secrets.new(turn.session, "web", now=turn.now, lasts=LASTS, contact_id=contact.id)
    return Visit(token, contact.id, _public_id(contact.address), idle=False)


def touch(turn: Turn, token: str) -> None:
    """The visitor did something: thirty more days, and the idle time begins again."""
    secrets.slide(turn.session, "web", token, now=turn.now, lasts=LASTS)


def _public_id(address: str) -> str:
    return address.removeprefix("web:")


async def require(request: web.Request) -> Visit:
    """The request's visit; raises Refusal 401 without one, 403 when it must be confirmed first."""
    token = token_of(request)
    return await turns.read(request, lambda turn: active(turn, token))


def active(turn: Turn, token: str | None) -> Visit:
    """The visit behind a token, or the Refusal that says why there is none to use."""
    visit = find(turn, token)
    if visit is None:
        raise no_session()
    if visit.idle:
        raise Refusal(403, "still_you", "Est-ce toujours vous ? Confirmez-le pour revoir vos messages.")
    return visit


def visitor(turn: Turn, token: str) -> Contact:
    """Who writes now, seen and kept from others until the turn ends; Refusal as `active`."""
    visit = active(turn, token)
    contact = contacts.at(turn.session, f"web:{visit.public_id}", now=turn.now)
    if contact.id != visit.contact_id:
        raise no_session()  # erased at this very instant
    return contact


def no_session() -> Refusal:
    return Refusal(401, "no_session", "Votre conversation n'est plus ouverte sur cet appareil.")


async def begin(request: web.Request) -> Visit:
    """A session for a new conversation, within the limit for the address."""
    count(request, What.ADDRESS_SESSIONS)

    def open_new(turn: Turn) -> Visit:
        contact = contacts.at(turn.session, f"web:{randomness.token_hex(16)}", now=turn.now)
        return open_visit(turn, contact)

    return await turns.write(request, open_new)


def remember(request: web.Request, response: web.StreamResponse, token: str) -> None:
    """Gives the cookie, or gives it thirty more days."""
    response.set_cookie(
        cookie_name(request),
        token,
        max_age=int(LASTS.total_seconds()),
        path="/",
        secure=turns.secure(request),
        httponly=True,
        samesite="Lax",
    )


def forget(request: web.Request, response: web.StreamResponse) -> None:
    response.del_cookie(
        cookie_name(request), path="/", secure=turns.secure(request), httponly=True, samesite="Lax"
    )
