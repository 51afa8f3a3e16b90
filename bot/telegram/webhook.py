"""The webhook: 200 only after the commit; whatever else makes Telegram send the update again."""

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from aiohttp import web

from bot.telegram.inline import InlineAnswers, is_inline
from bot.telegram.intake import CallbackAnswers, Contact, Put, arrivals
from storage.database import DatabaseUnavailable

log = structlog.get_logger(__name__)

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (the name, not the secret)
BODY_LIMIT: Final = 1 << 20
BODY_SECONDS: Final = 10.0

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def webhook_handler(
    put: Put,
    *,
    secret: str,
    contact: Contact,
    answers: CallbackAnswers | None = None,
    inline: InlineAnswers | None = None,
    body_seconds: float = BODY_SECONDS,
) -> Handler:
    """The view of `POST /telegram/webhook`: 403 wrong secret, 400/408/413/415 bad body, 503 database away."""
    if not secret:
        raise ValueError("a webhook needs a secret")

    async def receive(request: web.Request) -> web.StreamResponse:
        # First, before a byte of the body is read.
        if not _knows(secret, request.headers.get(SECRET_HEADER, "")):
            log.warning("webhook_refused", why="secret")
            return web.Response(status=403)
        update = _object(await _body(request, body_seconds))
        contact.heard()
        if is_inline(update):
            if inline is not None:
                inline.begin([update])
            return web.Response()
        try:
            await put(arrivals([update]))
        except DatabaseUnavailable as error:
            contact.failed(error)
            return web.Response(status=503, headers={"Retry-After": "5"})
        contact.recovered()
        if answers is not None:
            answers.begin([update])
        return web.Response()

    return receive


def _knows(secret: str, given: str) -> bool:
    return hmac.compare_digest(secret.encode(), given.encode("utf-8", "surrogateescape"))


async def _body(request: web.Request, seconds: float) -> bytes:
    """The body within limits of size and time; Telegram never compresses."""
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise web.HTTPUnsupportedMediaType
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > BODY_LIMIT:
                    raise web.HTTPRequestEntityTooLarge(BODY_LIMIT, len(body))
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    return bytes(body)


def _object(body: bytes) -> dict[str, object]:
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        raise web.HTTPBadRequest(text="not JSON") from None
    if not isinstance(update, dict):
        raise web.HTTPBadRequest(text="not an object")
    return update
