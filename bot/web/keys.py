"""What the web door is given by the composition root, by `web.AppKey`."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network
from typing import Protocol

from aiohttp import web

from bot.library import Library
from bot.web.changes import Changes
from bot.web.limits import Limits
from handlers.turn import World
from storage.database import Database

Network = IPv4Network | IPv6Network


class Remote(Protocol):
    """Files that stay at the channel that they came by."""

    def open(self, file_id: str) -> AbstractAsyncContextManager[AsyncIterator[bytes]]: ...


DATABASE: web.AppKey[Database] = web.AppKey("database")
CLOCK: web.AppKey[Callable[[], datetime]] = web.AppKey("clock")
WORLD: web.AppKey[Callable[[], World]] = web.AppKey("world")
"""The world of now: its knowledge base is replaced when the content changes."""
LIBRARY = web.AppKey("library", Library)
"""What the world's knowledge comes from: its matcher, and why a change of it was refused."""
CHANGES = web.AppKey("changes", Changes)
LIMITS = web.AppKey("limits", Limits)
REMOTE: web.AppKey[Remote | None] = web.AppKey("remote")
"""None where there is no Telegram."""
PROXIES: web.AppKey[tuple[Network, ...]] = web.AppKey("proxies")
"""Whose X-Forwarded-For is believed."""
