"""What a referent does with their own messages after they were sent: edits, deletes, sends again."""

from aiohttp import web

from bot.web.console.access import field, number_of
from bot.web.console.ticket import do
from handlers import revising


async def edit(request: web.Request) -> web.Response:
    number, row_id, text = number_of(request), _row(request), await field(request, "message")
    return await do(request, lambda turn, who: revising.edit(turn, who, number, row_id, text), "modification")


async def delete(request: web.Request) -> web.Response:
    number, row_id = number_of(request), _row(request)
    return await do(request, lambda turn, who: revising.delete(turn, who, number, row_id), "suppression")


async def send_again(request: web.Request) -> web.Response:
    number, row_id = number_of(request), _row(request)
    return await do(request, lambda turn, who: revising.send_again(turn, who, number, row_id), "renvoi")


def _row(request: web.Request) -> int:
    return int(request.match_info["row"])
