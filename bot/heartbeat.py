"""Once a minute: whether Telegram is heard, so that a long silence of ours is noticed when it ends."""

import asyncio
from contextlib import suppress
from typing import Final

from bot.app import House
from bot.delivery import Unavailable
from handlers import outage, trouble
from handlers.turn import Turn
from storage.database import DatabaseUnavailable

EVERY: Final = 60.0
_MATTERS: Final = {"token": "token", "conflict": "receiver"}
"""Troubles that no waiting ends: somebody must act."""


async def watch(house: House, stop: asyncio.Event, *, every: float = EVERY) -> None:
    """Runs until `stop`. By a webhook we hear as long as we can write down what comes."""
    telegram, heard_at = house.telegram, None
    assert telegram is not None  # noqa: S101  # only called with a token
    while not stop.is_set():
        if telegram.trouble is not None:
            await _try(house, _matter(telegram.trouble))
        elif house.hooked or telegram.last != heard_at:
            heard_at = telegram.last
            await _try(house, "heard")
        first = heard_at is None and not house.hooked
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), every / 60 if first else every)


async def _try(house: House, matter: str | None) -> None:
    if matter is None:
        return

    def work(turn: Turn) -> None:
        outage.hearing(turn) if matter == "heard" else trouble.note(turn, matter)

    with suppress(DatabaseUnavailable):  # noticed the next time
        await house.turn(work)


def _matter(error: Exception) -> str | None:
    return _MATTERS.get(error.kind) if isinstance(error, Unavailable) else None
