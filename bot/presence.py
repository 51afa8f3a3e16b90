"""Being present at Telegram's: says who we are and, where that is the mode, polls under a role for one."""

import asyncio
import os
from contextlib import suppress

import structlog

from bot import heartbeat
from bot.app import House
from bot.delivery import DeliveryError
from bot.telegram import commands
from bot.telegram.polling import poll
from bot.telegram.standing import keep_looking
from handlers import menus
from storage import gates
from storage.database import DatabaseUnavailable

log = structlog.get_logger(__name__)

POLLING_ROLE = "telegram!polling"
POLLING_LEASE_MS = 45_000
"""Longer than a long poll and its grace, so that two processes never poll with one token."""


async def attend(house: House, stop: asyncio.Event, *, polling: bool) -> None:
    """Introduces the bot to Telegram, then polls if that is the mode; watches over both meanwhile."""
    assert house.bot is not None  # noqa: S101  # only called with a token
    async with asyncio.TaskGroup() as group:
        group.create_task(heartbeat.watch(house, stop))
        group.create_task(keep_looking(house.bot, house.standing, stop))
        group.create_task(_attend(house, stop, polling=polling))


async def _attend(house: House, stop: asyncio.Event, *, polling: bool) -> None:
    await _introduce(house, stop)
    if not polling or stop.is_set():
        return
    holder = f"{os.getpid()}-{os.urandom(4).hex()}"
    while not stop.is_set():
        if await _holds_polling(house, holder):
            await _poll_while_held(house, stop, holder)
        else:
            log.info("polling_held_elsewhere")
            await _sleep(stop, 10)
    with suppress(DatabaseUnavailable):
        await house.database.write(lambda session: gates.let_go(session, POLLING_ROLE, holder))


async def _introduce(house: House, stop: asyncio.Event) -> None:
    """Asks the bot's name, sets the mode and the menus; a Telegram that is away is waited for."""
    bot, settings, wait = house.bot, house.settings, 1.0
    assert bot is not None  # noqa: S101  # only called with a token
    assert house.telegram is not None  # noqa: S101
    while not stop.is_set():
        try:
            house.telegram_name = await commands.username_of(bot)
            if settings.telegram_mode == "polling":
                await commands.use_polling(bot)
            else:
                secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
                await commands.use_webhook(bot, f"{settings.url}/telegram/webhook", secret)
            await commands.announce(bot)
        except DeliveryError as error:
            log.warning("telegram_not_ready", why=type(error).__name__, reason=error.reason)
            house.telegram.failed(error)
            await _sleep(stop, wait)
            wait = min(wait * 2, 60.0)
            continue
        with suppress(DatabaseUnavailable):  # referents' menus can wait for the next start, people cannot
            await house.turn(menus.refresh_all)
        house.telegram.recovered()
        log.info("telegram_ready", name=house.telegram_name, mode=settings.telegram_mode)
        return


async def _holds_polling(house: House, holder: str) -> bool:
    try:
        return await house.database.write(
            lambda session: gates.hold(session, POLLING_ROLE, holder, for_ms=POLLING_LEASE_MS)
        )
    except DatabaseUnavailable:
        return False


async def _poll_while_held(house: House, stop: asyncio.Event, holder: str) -> None:
    """Polls, and stops polling when the role is lost."""
    assert house.bot is not None  # noqa: S101  # only called with a token
    assert house.telegram is not None  # noqa: S101
    lost = asyncio.Event()
    polling = asyncio.create_task(poll(house.bot, house.put, lost, house.telegram, inline=house.inline))
    try:
        while not stop.is_set() and not polling.done():
            await _sleep(stop, POLLING_LEASE_MS / 3000)
            if not stop.is_set() and not await _holds_polling(house, holder):
                log.warning("polling_role_lost")
                break
    finally:
        lost.set()
        await polling


async def _sleep(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
