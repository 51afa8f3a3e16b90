"""What Telegram says of us by itself: how many updates wait there, and why our webhook failed last."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from telegram import Bot, WebhookInfo
from telegram.error import TelegramError

EVERY: Final = 60.0
FIRST: Final = 5.0


@dataclass(slots=True)
class Standing:
    """As of the last look; None before the first one, and where there is nothing to say."""

    pending: int | None = None
    last_error: str | None = None
    """With its moment. It stays after the webhook works again, as Telegram goes on telling it."""

    def note(self, info: WebhookInfo) -> None:
        self.pending = info.pending_update_count
        self.last_error = None
        if info.last_error_message:
            at = f"{info.last_error_date:%Y-%m-%d %H:%M:%S} UTC: " if info.last_error_date else ""
            self.last_error = f"{at}{info.last_error_message}"[:200]


async def keep_looking(
    bot: Bot, standing: Standing, stop: asyncio.Event, *, first: float = FIRST, every: float = EVERY
) -> None:
    """Looks once a minute until `stop`; a Telegram that is away leaves nothing known."""
    pause = first
    while not stop.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)
            return
        try:
            standing.note(await bot.get_webhook_info())
        except (
            TelegramError,
            AttributeError,
            KeyError,
            TypeError,
            ValueError,
        ):  # or an answer PTB can't read
            standing.pending = None
        pause = every
