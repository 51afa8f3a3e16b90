"""Personal links: the way back to a conversation from any device, without an account."""

import segno
from aiohttp import web

from bot.web import sessions, turns
from bot.web.errors import Refusal
from bot.web.forms import see_other
from bot.web.limits import What
from bot.web.render import page
from bot.web.security import count
from handlers import visitor
from handlers.turn import Turn
from storage import contacts, secrets


async def make(request: web.Request) -> web.Response:
    """Shows a new link with its QR code; only its hash is kept, so it is shown this once."""
    visit = await sessions.require(request)
    count(request, What.SESSION_MESSAGES, sessions.key(visit.token))

    def new_link(turn: Turn) -> str:
        contact = contacts.get(turn.session, visit.contact_id)
        assert contact is not None  # noqa: S101  # `require` found its session a moment ago
        sessions.touch(turn, visit.token)
        return visitor.personal_link(turn, contact)

    url = await turns.write(request, new_link)
    path, size = qr_path(url)
    return page(request, "link.html", url=url, qr=path, qr_size=size)


async def show(request: web.Request) -> web.Response:
    """A GET changes nothing: link previews and scanners follow links too."""
    token = _token(request)
    known = await turns.read(request, lambda turn: _is_known(turn, token))
    if not known:
        raise gone()
    return page(request, "open_link.html")


async def open_conversation(request: web.Request) -> web.Response:
    """Opens the conversation on this device: a session of its own, and 303 to the chat."""
    token = _token(request)

    def open_visit(turn: Turn) -> sessions.Visit | None:
        secret = secrets.find(turn.session, "link", token, now=turn.now)
        contact = contacts.get(turn.session, secret.contact_id) if secret and secret.contact_id else None
        return sessions.open_visit(turn, contact) if contact else None

    visit = await turns.write(request, open_visit)
    if visit is None:
        raise gone()
    response = see_other("/")
    sessions.remember(request, response, visit.token)
    return response


def gone() -> Refusal:
    return Refusal(410, "gone", "Ce lien ne mène plus à une conversation.")


def qr_path(text: str) -> tuple[str, int]:
    """The dark modules as one SVG path, and the side of its square: drawn inline, it needs no image."""
    code = segno.make(text, error="m", micro=False)
    rows = [list(row) for row in code.matrix_iter(border=2)]
    moves = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return "".join(moves), len(rows)


def _token(request: web.Request) -> str:
    count(request, What.ADDRESS_TOKENS)
    return request.match_info["token"]


def _is_known(turn: Turn, token: str) -> bool:
    return secrets.find(turn.session, "link", token, now=turn.now) is not None
