"""Who is at the desk: the console's session, and how views read and do things in a referent's name."""

import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import TypeVar

from aiohttp import web

from bot.web import turns
from bot.web.errors import Refusal
from bot.web.forms import see_other
from bot.web.intake import clean
from bot.web.render import page
from handlers import login, validation
from handlers.errors import Refused
from handlers.turn import Turn
from storage import demo, desk, proposals, repairs, rights, secrets
from storage.rights import Right
from storage.tables import Referent

T = TypeVar("T")
View = Callable[[web.Request], Awaitable[web.StreamResponse]]

LIVE = "X-Souffleur-Live"
"""Sent by console.js when it looks for news by itself: nobody is there because of it."""
_FORM_LASTS = timedelta(hours=10)


class SignedOut(Exception):
    """There is no session, or it has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """The referent behind a request, free of the database."""

    id: int
    name: str
    role: str
    rights: frozenset[Right]
    to_validate: int | None
    """Proposals and entries to mend that wait for an editor; None for those who decide nothing."""
    shortcuts: bool
    """Whether single keys do things on their pages."""
    unread: int
    """Demands in their hands or in nobody's that hold something they have not seen."""
    seconds_left: int
    demonstration: bool
    """Whether everything here is made up: every page says so."""
    ends_at: str
    """Until when the session lasts if nothing happens, « 14:35 »."""

    def may(self, right: str) -> bool:
        """For templates; a right that does not exist is a defect and fails."""
        return Right(right) in self.rights


@dataclass(frozen=True, slots=True)
class Problems:
    """Nothing was done; what is wrong by field of the form, "" when it is no field's matter."""

    by_field: Mapping[str, Refused]


def cookie_name(request: web.Request) -> str:
    return "__Host-souffleur-console" if turns.secure(request) else "souffleur-console"


def token_of(request: web.Request) -> str:
    return request.cookies.get(cookie_name(request), "")


def remember(request: web.Request, response: web.StreamResponse, token: str) -> None:
    """A cookie that ends with the browser; how long the session lasts is the database's business."""
    response.set_cookie(
        cookie_name(request), token, path="/", secure=turns.secure(request), httponly=True, samesite="Lax"
    )


def forget(request: web.Request, response: web.StreamResponse) -> None:
    response.del_cookie(
        cookie_name(request), path="/", secure=turns.secure(request), httponly=True, samesite="Lax"
    )


async def reading(
    request: web.Request,
    look: Callable[[Turn, Referent], T],
    *,
    noting: Callable[[Turn, Referent], None] | None = None,
) -> tuple[Guest, T]:
    """What `look` finds for the referent at the desk; raises SignedOut.

    Only the idle clock moves, and `noting` writes down beforehand that somebody reads it.
    """
    token = token_of(request)
    if LIVE not in request.headers:
        await turns.write(request, lambda turn: _be_there(turn, token, noting))

    def within(turn: Turn) -> tuple[Guest, T]:
        referent = login.visitor(turn, token, active=False)
        if referent is None:
            raise SignedOut
        return _guest(turn, referent, token), look(turn, referent)

    return await turns.read(request, within)


async def doing(
    request: web.Request, act: Callable[[Turn, Referent], T], *, form: str | None = None
) -> T | None:
    """Does something in the name of the referent at the desk; raises SignedOut.

    Once per form: None when this very form was sent before. One that was refused may be sent again.
    `form` is its id where the form was read already.
    """
    sent = await field(request, "form") if form is None else form
    token, form_id = token_of(request), sent or str(uuid.uuid4())

    def within(turn: Turn) -> T | None:
        referent = login.visitor(turn, token)
        if referent is None:
            raise SignedOut
        if not secrets.first_use(
            turn.session, "form", form_id, now=turn.now, lasts=_FORM_LASTS, referent_id=referent.id
        ):
            return None
        value = act(turn, referent)
        if isinstance(value, (Refused, Problems)):
            secrets.revoke(turn.session, form_id)
        return value

    return await turns.write(request, within)


async def field(request: web.Request, name: str) -> str:
    """What was typed into a field, without what can't be written; "" when it is not there."""
    value = (await request.post()).get(name, "")
    return clean(value) if isinstance(value, str) else ""


def number_of(request: web.Request) -> int:
    """The number in the path; the route lets nothing else through."""
    return int(request.match_info["number"])


def not_found() -> Refusal:
    return Refusal(404, "not_found", "Cette page n'existe pas, ou ne vous est pas ouverte.")


def behind_login(view: View) -> View:
    """A view for referents: whoever is signed out is led to the login, with what they typed in hand."""

    @wraps(view)
    async def guarded(request: web.Request) -> web.StreamResponse:
        try:
            return await view(request)
        except SignedOut:
            return await _signed_out(request)

    return guarded


async def _signed_out(request: web.Request) -> web.Response:
    if LIVE in request.headers:
        raise Refusal(401, "signed_out", "Votre session est terminée.")
    if request.method in ("GET", "HEAD"):
        response = see_other("/console/login")
    else:
        uploading = request.content_type == "multipart/form-data"
        kept = "" if uploading else await field(request, "text")
        response = page(request, "console/ended.html", status=401, kept=kept)
    if token_of(request):
        forget(request, response)
    return response


def _be_there(turn: Turn, token: str, noting: Callable[[Turn, Referent], None] | None) -> None:
    referent = login.visitor(turn, token)
    if referent is not None and noting is not None:
        noting(turn, referent)


def _guest(turn: Turn, referent: Referent, token: str) -> Guest:
    left = login.time_left(turn, token)
    return Guest(
        id=referent.id,
        name=referent.name,
        role=referent.role,
        rights=rights.of(referent.role, national=referent.national),
        to_validate=_to_decide(turn) if validation.may_validate(referent) else None,
        shortcuts=referent.shortcuts,
        unread=desk.unread(turn.session, referent, turn.now),
        seconds_left=int(left.total_seconds()),
        demonstration=demo.is_one(turn.session),
        ends_at=f"{(turn.now + left).astimezone(turn.world.timezone):%H:%M}",
    )


def _to_decide(turn: Turn) -> int:
    """What waits for somebody who has the content in hand."""
    return proposals.count_waiting(turn.session) + repairs.count_standing(turn.session)
