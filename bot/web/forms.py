"""Forms of pages: what people sent, as texts, and where they are led after it."""

from typing import TypeVar

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.web.errors import Refusal

T = TypeVar("T")


def see_other(path: str) -> web.Response:
    """What answers a form that was heeded: going back does not send it again."""
    return web.Response(status=303, headers={"Location": path})


def whole(words: str, otherwise: T, *, digits: int = 9) -> int | T:
    """The number from 0 on that somebody typed or chose, in so many digits at most; else `otherwise`."""
    return int(words) if words.isascii() and words.isdigit() and len(words) <= digits else otherwise


def numbers_in(text: str, *, most: int = 20) -> list[int]:
    """Row numbers of a hidden field, « 3 17 »; whatever else stands there is left out."""
    found = (whole(word, None) for word in text.split()[:most])
    return [number for number in found if number is not None]


async def read_form(request: web.Request) -> dict[str, str]:
    """The text fields by name, the first of each; an upload is no text. Refusal 400 when unreadable."""
    try:
        form = await request.post()
    except (ValueError, LookupError, HttpProcessingError):
        # Broken multipart, an encoding that is none, too many fields.
        raise Refusal(400, "bad_request", "Ce formulaire est mal formé : rechargez la page.") from None
    return {name: value for name, value in reversed(list(form.items())) if isinstance(value, str)}
