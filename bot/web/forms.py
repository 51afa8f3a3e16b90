"""Forms of pages: what people sent, as texts, and where they are led after it."""

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.web.errors import Refusal


def see_other(path: str) -> web.Response:
    """What answers a form that was heeded: going back does not send it again."""
    return web.Response(status=303, headers={"Location": path})


def numbers_in(text: str, *, most: int = 20) -> list[int]:
    """Row numbers of a hidden field, « 3 17 »; whatever else stands there is left out."""
    words = text.split()[:most]
    return [int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 10]


async def read_form(request: web.Request) -> dict[str, str]:
    """The text fields by name, the first of each; an upload is no text. Refusal 400 when unreadable."""
    try:
        form = await request.post()
    except (ValueError, LookupError, HttpProcessingError):
        # Broken multipart, an encoding that is none, too many fields.
        raise Refusal(400, "bad_request", "Ce formulaire est mal formé : rechargez la page.") from None
    return {name: value for name, value in reversed(list(form.items())) if isinstance(value, str)}
