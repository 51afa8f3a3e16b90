"""The chat page, and what its forms do: the whole chat without JavaScript."""

from dataclasses import dataclass

from aiohttp import web
from markupsafe import Markup

from bot.web import intake, sessions, turns
from bot.web.errors import Refusal
from bot.web.forms import read_form, see_other
from bot.web.messages import Choice, Message, last_visitor_seq, messages
from bot.web.pieces import Piece
from bot.web.render import page
from bot.web.sessions import Visit
from handlers import visitor
from handlers.errors import Refused
from handlers.turn import Turn
from knowledge.entries import Audience
from knowledge.markup import plain
from storage import contacts, tickets, transcript

SHOWN = 200
"""Messages on a page; who wrote more finds all of it on « Mes données »."""
SUGGESTED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One message as the page shows it."""

    seq: int
    author: str
    html: Markup
    at: str
    time: str
    choices: tuple[Choice, ...]
    pieces: tuple[Piece, ...]
    edited: bool
    offered: bool
    """Whether its choices can still be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What the page knows of a conversation."""

    open: bool = False
    messages: tuple[Shown, ...] = ()
    last_seq: int = 0
    tickets: tuple[int, ...] = ()
    mail_notice: str | None = None
    audience: str | None = None


async def show(request: web.Request) -> web.Response:
    """The conversation; before it begins, the welcome with suggestions for `?public=`."""
    token = sessions.token_of(request)
    if token is None:
        return _page(request, Talk())
    visit, talk = await turns.read(request, lambda turn: _talk(turn, token))
    if visit is not None and visit.idle:
        return page(request, "still_you.html")
    return _page(request, talk)


async def say(request: web.Request) -> web.Response:
    """A message or a choice from a form: 303 to the page, or the page again with what is wrong."""
    form = await read_form(request)
    try:
        visit = await _visit_or_new(request)
        await intake.receive(request, visit.token, intake.said(form))
    except Refusal as refusal:
        if refusal.code == "still_you":
            return page(request, "still_you.html", status=403)
        if refusal.status != 422:
            raise
        return await _again(request, refusal.message, draft=form.get("text", ""))
    response = see_other("/")
    sessions.remember(request, response, visit.token)
    return response


async def still_me(request: web.Request) -> web.Response:
    """« Oui, c'est moi »."""
    token = sessions.token_of(request)
    if token is not None:
        await turns.write(request, lambda turn: sessions.touch(turn, token))
    return see_other("/")


async def end(request: web.Request) -> web.Response:
    """Ends the visit on this computer; first, once, a way back to a demand that is still open."""
    token = sessions.token_of(request)
    form = await read_form(request)
    if token is not None and "sure" not in form:
        visit, talk = await turns.read(request, lambda turn: _talk(turn, token))
        if talk.tickets and visit is not None:
            return page(request, "end.html", tickets=talk.tickets, mail_notice=talk.mail_notice)
    if token is not None:
        await turns.write(request, lambda turn: visitor.end(turn, token))
    response = see_other("/?fin=1")
    response.headers["Clear-Site-Data"] = '"storage"'
    sessions.forget(request, response)
    return response


async def ask_mail_notice(request: web.Request) -> web.Response:
    """« Prévenez-moi par e-mail »."""
    visit = await sessions.require(request)
    form = await read_form(request)

    def keep(turn: Turn) -> Refused | None:
        contact = contacts.get(turn.session, visit.contact_id)
        sessions.touch(turn, visit.token)
        return visitor.ask_mail_notice(turn, contact, form.get("address", "")) if contact else None

    refused = await turns.write(request, keep)
    if refused is None:
        return see_other("/#cards")
    texts = turns.world(request).knowledge.texts
    return await _again(request, plain(texts(refused.text, **dict(refused.fields))), draft="")


async def _visit_or_new(request: web.Request) -> Visit:
    """The visitor's session, made with their first action; a lost one begins a new conversation."""
    try:
        return await sessions.require(request)
    except Refusal as refusal:
        if refusal.code != "no_session":
            raise
    return await sessions.begin(request)


async def _again(request: web.Request, error: str, *, draft: str) -> web.Response:
    token = sessions.token_of(request)
    talk = Talk()
    if token is not None:
        visit, talk = await turns.read(request, lambda turn: _talk(turn, token))
        if visit is not None and visit.idle:
            return page(request, "still_you.html", status=403)
    return _page(request, talk, status=422, error=error, draft=draft[: 2 * intake.LONGEST_TEXT])


def _page(
    request: web.Request, talk: Talk, *, status: int = 200, error: str | None = None, draft: str = ""
) -> web.Response:
    asked = request.query.get("public", talk.audience or "")
    audience = Audience(asked) if asked in set(Audience) else None
    return page(
        request,
        "chat.html",
        status=status,
        talk=talk,
        audience=audience,
        audiences=_audiences(request),
        suggestions=[] if talk.messages else _suggestions(request),
        ended="fin" in request.query,
        error=error,
        draft=draft,
        limit=intake.LONGEST_TEXT,
    )


def _talk(turn: Turn, token: str) -> tuple[Visit | None, Talk]:
    visit = sessions.find(turn, token)
    contact = contacts.get(turn.session, visit.contact_id) if visit else None
    if visit is None or contact is None or visit.idle:
        return visit, Talk()
    said = messages(turn, transcript.last(turn.session, contact.id, limit=SHOWN))
    own = tickets.of_contact(turn.session, contact.id)
    return visit, Talk(
        open=True,
        messages=_shown(turn, said),
        last_seq=contact.last_seq,
        tickets=tuple(sorted(ticket.number for ticket in own if ticket.state in tickets.OPEN)),
        mail_notice=contact.mail_notice,
        audience=contact.audience,
    )


def _shown(turn: Turn, said: list[Message]) -> tuple[Shown, ...]:
    spoken = last_visitor_seq(said)
    return tuple(
        Shown(
            seq=one.seq,
            author=one.author,
            html=one.html,
            at=one.at,
            time=one.shown_time(turn.world.timezone, turn.now),
            choices=one.choices,
            pieces=one.pieces,
            edited=one.edited,
            offered=one.seq > spoken,
        )
        for one in said
    )


def _audiences(request: web.Request) -> list[dict[str, str]]:
    texts = turns.world(request).knowledge.texts
    return [{"id": one.value, "label": plain(texts(f"audience.{one}"))} for one in Audience]


def _suggestions(request: web.Request) -> list[dict[str, object]]:
    """What each audience asks most, and what everybody does."""
    base = turns.world(request).knowledge
    groups: list[tuple[str, Audience | None]] = [("general", None), *((one.value, one) for one in Audience)]
    return [
        {"id": name, "questions": [entry.title for entry in base.frequent(one)[:SUGGESTED]]}
        for name, one in groups
    ]
