"""Keeps the leases of what is in hand for long: a large upload, a machine that is busy."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Generic, Protocol, TypeVar

import structlog

from storage.database import DatabaseUnavailable

log = structlog.get_logger(__name__)

LONGEST = 300.0
"""Seconds after which what is still in hand is left to others: it may never end."""


class Leased(Protocol):
    @property
    def id(self) -> int: ...

    @property
    def token(self) -> str: ...


T = TypeVar("T", bound=Leased)
R = TypeVar("R")


class Keeping(Generic[T]):
    """Renews leases every third of what they last; what ends sooner costs nothing."""

    def __init__(self, renew: Callable[[list[T]], Awaitable[None]], *, lease_ms: int) -> None:
        self._renew = renew
        self._every = lease_ms / 3000
        self._held: dict[tuple[int, str], tuple[T, float]] = {}

    def around(self, handle: Callable[[T], Awaitable[R]]) -> Callable[[T], Awaitable[R]]:
        """The same, with its lease kept until it ends."""

        async def kept(item: T) -> R:
            # What was lost while we slept may be ours again before its first turn ends: another lease.
            lease = item.id, item.token
            self._held[lease] = item, time.monotonic()
            try:
                return await handle(item)
            finally:
                del self._held[lease]

        return kept

    @asynccontextmanager
    async def renewing(self) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as group:
            again = group.create_task(self._again())
            try:
                yield
            finally:
                again.cancel()

    async def _again(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            now = time.monotonic()
            long = [item for item, since in self._held.values() if self._every < now - since < LONGEST]
            if long:
                log.info("leases_renewed", items=[item.id for item in long])
                with suppress(DatabaseUnavailable):  # it is tried twice more before they run out
                    await self._renew(long)
