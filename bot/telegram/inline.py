"""« @bot compte pro » in any chat: a referent gets answers to drop there, everybody else an empty list.

Best effort, beside the queue: a query is asked anew with each key, so nothing of it is stored or logged, and
the newest of a person makes the one before it void.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Final

from telegram import (
    Bot,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
)
from telegram.error import TelegramError

from bot.telegram.render import render
from handlers.cards import Card
from storage.database import DatabaseUnavailable

AT_ONCE: Final = 32
CACHE_SECONDS: Final = 10
LONGEST: Final = 256
"""Characters of a query. Source: Bot API, InlineQuery."""
_SECONDS: Final = 5.0
_START: Final = InlineQueryResultsButton("Poser une question à Souffleur", start_parameter="aide")

Look = Callable[[int, str], Awaitable[Sequence[Card] | None]]
"""The cards for what an account typed; None where it is no referent's."""


def is_inline(update: object) -> bool:
    """Whether an update is one of these: it is answered now or never, and not stored."""
    return isinstance(update, dict) and "inline_query" in update


class InlineAnswers:
    """Answers inline queries as they come."""

    def __init__(self, bot: Bot, look: Look) -> None:
        self._bot = bot
        self._look = look
        self._under_way: dict[int, asyncio.Task[None]] = {}

    def begin(self, updates: Sequence[object]) -> None:
        """Answers the inline queries among `updates`."""
        for update in updates:
            found = _query(update)
            if found is None:
                continue
            query_id, account, text = found
            earlier = self._under_way.pop(account, None)
            if earlier is not None:
                earlier.cancel()
            if len(self._under_way) < AT_ONCE:
                task = asyncio.create_task(self._answer(query_id, account, text))
                self._under_way[account] = task
                task.add_done_callback(partial(self._done, account))

    async def close(self) -> None:
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _done(self, account: int, task: "asyncio.Task[None]") -> None:
        if self._under_way.get(account) is task:
            del self._under_way[account]

    async def _answer(self, query_id: str, account: int, text: str) -> None:
        with suppress(TelegramError, DatabaseUnavailable):  # the next key asks again
            cards = await self._look(account, text)
            await self._bot.answer_inline_query(
                query_id,
                [_article(card) for card in cards or ()],
                cache_time=CACHE_SECONDS,
                is_personal=True,
                button=_START if cards is None else None,
                read_timeout=_SECONDS,
            )


def _query(update: object) -> tuple[str, int, str] | None:
    """(query id, account, text) of an inline query; None for all else, also for a malformed one."""
    query: Any = update.get("inline_query") if isinstance(update, dict) else None
    author = query.get("from") if isinstance(query, dict) else None
    if not isinstance(author, dict):
        return None
    query_id, account, text = query.get("id"), author.get("id"), query.get("query")
    if not (isinstance(query_id, str) and isinstance(account, int) and isinstance(text, str)):
        return None
    return query_id, account, text[:LONGEST]


def _article(card: Card) -> InlineQueryResultArticle:
    shown = render(card.text, True)
    content = InputTextMessageContent(
        shown.text,
        entities=shown.entities or None,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    return InlineQueryResultArticle(card.entry_id[:64], card.title, content, description=card.summary)
