"""Long polling: asks for updates, stores them, and only then asks for the next ones (which confirms them)."""

import asyncio
import random
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from typing import Any, Final

import structlog
from telegram import Bot

from bot.delivery import Paused, Uncertain
from bot.telegram.inline import InlineAnswers, is_inline
from bot.telegram.intake import ALLOWED_UPDATES, CallbackAnswers, Contact, Put, arrivals, update_id_of
from bot.telegram.transport import raw_result

log = structlog.get_logger(__name__)

BATCH: Final = 100
LONGEST_PAUSE: Final = 60.0
_GRACE: Final = 10.0
"""Seconds after the poll's own time before no answer means that there will be none."""


async def poll(
    bot: Bot,
    put: Put,
    stop: asyncio.Event,
    contact: Contact,
    *,
    inline: InlineAnswers | None = None,
    timeout: int = 25,
    first_pause: float = 1.0,
) -> None:
    """Takes updates in until `stop` is set; no failure ends it, each is waited out (1 s → 60 s)."""
    offset: int | None = None
    failures = 0
    answers = CallbackAnswers(bot)
    try:
        while not stop.is_set():
            try:
                offset = await _round(bot, put, stop, contact, answers, inline, offset, timeout)
            except Exception as error:  # the border of a loop: polling that ends unnoticed loses a day
                contact.failed(error)
                failures += 1
                await _pause(stop, _seconds(error, failures, first_pause))
            else:
                contact.recovered()
                failures = 0
    finally:
        await answers.close()
        if inline is not None:
            await inline.close()


async def _round(
    bot: Bot,
    put: Put,
    stop: asyncio.Event,
    contact: Contact,
    answers: CallbackAnswers,
    inline: InlineAnswers | None,
    offset: int | None,
    timeout: int,
) -> int | None:
    """One poll; returns the next offset."""
    updates = await _unless(stop, _updates(bot, offset, timeout))
    if updates is None:
        return offset
    contact.heard()
    if not updates:
        # All that was confirmed is gone at Telegram's: asking without an offset is the same, and goes on
        # working when update ids start again lower, as they may after a quiet week.
        return None
    if inline is not None:
        inline.begin(updates)
    kept = [update for update in updates if not is_inline(update)]
    if kept:
        await put(arrivals(kept))
    answers.begin(updates)
    ids = [number for update in updates if (number := update_id_of(update)) is not None]
    if not ids:
        raise Uncertain("updates without ids cannot be confirmed")
    return max(ids) + 1


async def _updates(bot: Bot, offset: int | None, timeout: int) -> list[object]:
    parameters: dict[str, Any] = {
        "timeout": timeout,
        "limit": BATCH,
        "allowed_updates": list(ALLOWED_UPDATES),
    }
    if offset is not None:
        parameters["offset"] = offset
    updates = await raw_result(bot, "getUpdates", parameters, read_timeout=timeout + _GRACE)
    if not isinstance(updates, list):
        raise Uncertain("getUpdates gave no list")
    return updates


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, list[object]]) -> Sequence[object] | None:
    """What `work` gives, or None when `stop` is set first: nothing was confirmed, it comes again."""
    working = asyncio.create_task(work)
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        for task in (working, stopping):
            task.cancel()
        await asyncio.gather(working, stopping, return_exceptions=True)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)


def _seconds(error: Exception, failures: int, first: float) -> float:
    """As long as Telegram tells, else doubling with jitter, so that two processes don't stay in step."""
    if isinstance(error, Paused):
        return error.seconds
    longest = min(LONGEST_PAUSE, first * 2.0 ** min(failures - 1, 10))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 (no secret depends on it)
