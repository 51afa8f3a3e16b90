"""Takes updates in: commit first, acknowledge after, by long polling or by webhook.

    Telegram ──▶ arrivals (key, lane, raw update) ──put: one transaction──▶ inbox
       ◀── offset moves on / 200 ──────────────────── only then

Whatever dies in between is sent again by Telegram and recognised by its key. Nothing is parsed here beyond
the id and the chat: an update that nobody can read is stored like its neighbours and parked by the worker.
"""

import asyncio
import hashlib
import json
import math
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, TypedDict

import structlog
from telegram import Bot

from bot.delivery import DeliveryError
from bot.telegram.translate import address_of
from bot.telegram.transport import raw_result
from storage.database import DatabaseUnavailable

log = structlog.get_logger(__name__)

ALLOWED_UPDATES: Final = ("message", "edited_message", "callback_query", "my_chat_member", "inline_query")

_DEPTH_LIMIT: Final = 64
_REMEMBERED: Final = 10_000
_ANSWERS_AT_ONCE: Final = 32
_ANSWER_SECONDS: Final = 5.0


class Arrival(TypedDict):
    """One inbox item to be."""

    key: str
    lane: str
    payload: dict[str, Any]


Put = Callable[[Sequence[Arrival]], Awaitable[None]]
"""Stores all or nothing and returns after the commit; raises `DatabaseUnavailable` when it cannot."""


class Contact:
    """When Telegram was last heard, on the monotonic clock handed in, and what is wrong if anything."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.last: float | None = None
        self.trouble: Exception | None = None

    @property
    def seconds(self) -> float | None:
        """Since Telegram was last heard; None before the first time."""
        return None if self.last is None else self._clock() - self.last

    @property
    def problem(self) -> str | None:
        """What is wrong, in a few words for operators."""
        return None if self.trouble is None else _reason(self.trouble)

    def heard(self) -> None:
        self.last = self._clock()

    def failed(self, error: Exception) -> None:
        """Logged when the state changes, not at each of a night's attempts."""
        if _sort(error) != _sort(self.trouble):
            log.warning("telegram_intake_failed", error=_sort(error), reason=_reason(error))
        self.trouble = error

    def recovered(self) -> None:
        if self.trouble is not None:
            log.info("telegram_intake_recovered")
        self.trouble = None


class CallbackAnswers:
    """Stops the buttons' spinning: best effort, beside the queue; the buttons' effect doesn't wait for it."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._under_way: set[asyncio.Task[None]] = set()

    def begin(self, updates: Sequence[object]) -> None:
        """Answers the callback queries among `updates`; after an outage the oldest are too old anyway."""
        for update in updates:
            query = update.get("callback_query") if isinstance(update, dict) else None
            query_id = query.get("id") if isinstance(query, dict) else None
            if isinstance(query_id, str) and len(self._under_way) < _ANSWERS_AT_ONCE:
                task = asyncio.create_task(self._answer(query_id))
                self._under_way.add(task)
                task.add_done_callback(self._under_way.discard)

    async def close(self) -> None:
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _answer(self, query_id: str) -> None:
        try:
            given = {"callback_query_id": query_id}
            await raw_result(self._bot, "answerCallbackQuery", given, read_timeout=_ANSWER_SECONDS)
        except DeliveryError as error:
            log.debug("callback_query_not_answered", reason=error.reason)


class Order:
    """Notices updates that come after later ones of the same chat, as a webhook's may."""

    def __init__(self) -> None:
        self._newest: dict[str, int] = {}

    def late(self, arrived: Sequence[Arrival]) -> set[str]:
        """The lanes of those that a higher number of their lane came before, as far as this process knows."""
        lanes = set()
        for arrival in arrived:
            lane, number = arrival["lane"], rank(arrival["key"])
            if number is None:
                continue
            if number < self._newest.get(lane, number):
                lanes.add(lane)
            if len(self._newest) >= _REMEMBERED:
                self._newest.clear()
            self._newest[lane] = max(number, self._newest.get(lane, number))
        return lanes


def rank(key: str) -> int | None:
    """The number of the update that a key stands for: updates of a chat are numbered as they happened."""
    kind, _, number = key.rpartition(":")
    return int(number) if kind.endswith("telegram") and number.lstrip("-").isdigit() else None


def arrivals(updates: Sequence[object]) -> list[Arrival]:
    """Inbox items for raw updates, in their order; any JSON value makes one."""
    return [_arrival(_storable(update)) for update in updates]


def update_id_of(update: object) -> int | None:
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def _arrival(update: Any) -> Arrival:
    number = update_id_of(update)
    if number is None or abs(number) >= 1 << 63:
        # Not Telegram's doing: what is the same again is known again, and blocks nobody.
        digest = hashlib.sha256(json.dumps(update, sort_keys=True).encode()).hexdigest()
        key = f"telegram:unnumbered:{digest[:32]}"
    else:
        key = f"telegram:{number}"
    # Without an address it is in a lane of its own: an update's number is no chat's.
    lane = address_of(update) or key.replace("telegram:", "update:", 1)
    return {"key": key, "lane": lane, "payload": {"door": "telegram", "update": update}}


def _storable(value: Any, depth: int = 0) -> Any:
    """`value` as every database takes it: no NUL, no lone surrogate, no NaN, not endlessly nested."""
    if depth > _DEPTH_LIMIT:
        return None
    if isinstance(value, str):
        plain = value.isascii() and "\x00" not in value  # as nearly all of an update is
        return value if plain else value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_storable(key): _storable(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_storable(item, depth + 1) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _sort(error: Exception | None) -> str:
    return f"{type(error).__name__}:{getattr(error, 'kind', '')}" if error else ""


def _reason(error: Exception) -> str:
    if isinstance(error, DatabaseUnavailable):
        return f"the database: {error}"[:200]
    return error.reason if isinstance(error, DeliveryError) else type(error).__name__
