"""A visitor's files: sent while a demand is open, and those of the conversation opened again."""

from collections.abc import Callable

from aiohttp import web

from bot.web import sessions, turns
from bot.web.errors import Refusal
from bot.web.forms import see_other
from bot.web.intake import message_id
from bot.web.limits import What
from bot.web.pieces import Piece, piece, send_piece
from bot.web.security import count
from bot.web.sessions import Visit
from bot.web.uploads import Upload, take_in
from handlers import pieces
from handlers.errors import Refused
from handlers.turn import Turn
from knowledge.markup import plain
from storage import contacts, files
from storage.tables import Ticket


async def show(request: web.Request) -> web.StreamResponse:
    """A file of this very conversation."""
    visit, file_id = await sessions.require(request), int(request.match_info["piece"])

    def look(turn: Turn) -> Piece | None:
        file = files.of_contact(turn.session, file_id, visit.contact_id)
        return piece(turn, file) if file is not None else None

    found = await turns.read(request, look)
    if found is None:
        raise Refusal(404, "not_found", "Ce fichier n'existe pas, ou plus.")
    return await send_piece(request, found)


async def receive(request: web.Request) -> web.StreamResponse:
    """202 with its id once committed."""
    visit = await sessions.require(request)
    return await _received(request, visit, lambda upload: web.json_response({"id": upload}, status=202))


async def receive_form(request: web.Request) -> web.StreamResponse:
    """The same from a form: 303 to the page."""
    visit = await sessions.require(request)
    return await _received(request, visit, lambda _: see_other("/"))


async def _received(
    request: web.Request, visit: Visit, answer: Callable[[str], web.Response]
) -> web.StreamResponse:
    count(request, What.ADDRESS_FILES)
    count(request, What.SESSION_FILES, sessions.key(visit.token))
    _refuse(request, await turns.read(request, lambda turn: _problem(turn, visit)))

    async def give(upload: Upload) -> web.Response:
        client_id = message_id(upload.fields.get("id"))

        def accept(turn: Turn) -> Refused | None:
            contact = contacts.get(turn.session, sessions.active(turn, visit.token).contact_id)
            assert contact is not None  # noqa: S101  # `active` found it in this transaction
            sessions.touch(turn, visit.token)
            return pieces.receive(turn, contact, upload.arrived, client_id=client_id)

        _refuse(request, await turns.write(request, accept))
        response = answer(client_id)
        sessions.remember(request, response, visit.token)
        return response

    return await take_in(request, give)


def _problem(turn: Turn, visit: Visit) -> Ticket | Refused | None:
    contact = contacts.get(turn.session, visit.contact_id)
    return pieces.may_receive(turn, contact) if contact is not None else None


def _refuse(request: web.Request, outcome: Ticket | Refused | None) -> None:
    if isinstance(outcome, Refused):
        texts = turns.world(request).knowledge.texts
        raise Refusal(409, "no_file_now", plain(texts(outcome.text, **dict(outcome.fields))))
