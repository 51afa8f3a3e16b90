"""The files of a demand: opened by whoever may see it, added by whoever may answer it."""

from aiohttp import web

from bot.web.console.access import not_found, number_of, reading
from bot.web.pieces import Piece, piece, send_piece
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
