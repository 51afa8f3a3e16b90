"""The files of a demand: opened by whoever may see it, added by whoever may answer it."""

from aiohttp import web

from bot.web.console.access import not_found, number_of, reading
from bot.web.console.ticket import do, refuse, show_problem
from bot.web.errors import Refusal
from bot.web.pieces import Piece, piece, send_piece
from bot.web.uploads import Upload, take_in
from handlers import pieces
from handlers.turn import Turn
from storage import files, tickets
from storage.tables import Referent


async def show(request: web.Request) -> web.StreamResponse:
    """The file itself, wherever it is kept."""
    number, file_id = number_of(request), int(request.match_info["piece"])

    def look(turn: Turn, who: Referent) -> Piece | None:
        if tickets.for_referent(turn.session, number, who) is None:
            return None
        file = files.of_ticket(turn.session, file_id, number)
        return piece(turn, file) if file is not None else None

    _, found = await reading(request, look)
    if found is None:
        raise not_found()
    return await send_piece(request, found)


async def add(request: web.Request) -> web.StreamResponse:
    """A referent's file for the asker; whether it may be given is asked before its bytes are read."""
    number = number_of(request)
    _, problem = await reading(request, lambda turn, who: pieces.may_send(turn, who, number))
    if problem is not None:
        return await refuse(request, problem, "piece", {})

    async def give(upload: Upload) -> web.Response:
        caption = upload.fields.get("legende", "")
        return await do(
            request,
            lambda turn, who: pieces.send(turn, who, number, upload.arrived, caption),
            "piece",
            at="legende",
            fields=upload.fields,
        )

    try:
        return await take_in(request, give)
    except Refusal as refusal:
        if refusal.status not in (413, 415, 422):
            raise
        return await show_problem(request, refusal.message, "piece")
