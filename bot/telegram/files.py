"""Files that stay at Telegram: found by their id and passed through, never kept here."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final

from telegram import Bot

from bot.delivery import Refused, Uncertain
from bot.telegram.transport import AiohttpRequest, raw_result

LIMIT: Final = 20 * 1024 * 1024
"""Bytes of the largest file that a bot may fetch. Source: Bot API, getFile."""
_SECONDS: Final = 20.0


class TelegramFiles:
    """Opens files by the id that came with a message."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    def open(self, file_id: str) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """The bytes as they come, at most `LIMIT`; raises `DeliveryError` when there is no such file."""
        return self._open(file_id)

    @asynccontextmanager
    async def _open(self, file_id: str) -> AsyncIterator[AsyncIterator[bytes]]:
        request = self._bot.request
        if not isinstance(request, AiohttpRequest):
            raise TypeError("make_bot was given another kind of request")
        found = await raw_result(self._bot, "getFile", {"file_id": file_id}, read_timeout=_SECONDS)
        path = found.get("file_path") if isinstance(found, dict) else None
        if not isinstance(path, str) or path.startswith("/") or ".." in path:
            raise Refused("the file has no path")
        # A path holds for an hour and is asked for anew each time, so that no link can be too old.
        async with request.download(f"{self._bot.base_file_url}/{path}") as content:
            yield _limited(content)


async def _limited(content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    total = 0
    async for part in content:
        total += len(part)
        if total > LIMIT:
            raise Uncertain("more bytes than Telegram gives to bots")
        yield part
