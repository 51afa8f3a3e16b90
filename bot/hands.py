"""What a loop holds: a bounded number of items, each in a task of its own, so that none waits for another."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")

AT_ONCE = 48
"""Items in hand at the same time, at most; more are taken once half of them are done, many at once."""
GRACE = 4.0
"""Seconds that what is in hand has to end when we stop; a container is killed after ten."""


@dataclass(slots=True)
class Wake:
    """Told when there is something new; a loop that waits for it looks by itself now and then too."""

    event: asyncio.Event = field(default_factory=asyncio.Event)

    def __call__(self) -> None:
        self.event.set()

    async def wait(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self.event.wait(), seconds)
        self.event.clear()


class Hands(Generic[T]):
    """`claim(room, idle)` gives new items; `handle(item)` must never raise what is not a defect."""

    def __init__(
        self,
        claim: Callable[[int, bool], Awaitable[list[T]]],
        handle: Callable[[T], Awaitable[None]],
        wake: Wake,
    ) -> None:
        self._claim = claim
        self._handle = handle
        self._wake = wake
        self._tasks: set[asyncio.Task[None]] = set()
        self._failed: BaseException | None = None

    async def take_more(self) -> bool:
        """Claims as many as there is room for; whether it is worth to look again at once."""
        if self._failed is not None:
            raise self._failed
        if len(self._tasks) > AT_ONCE // 2:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
            return True
        room = AT_ONCE - len(self._tasks)
        claimed = await self._claim(room, not self._tasks)
        for item in claimed:
            task = asyncio.ensure_future(self._handle(item))
            self._tasks.add(task)
            task.add_done_callback(self._done)
        # Fewer than there was room for are all there were; whatever comes or becomes ready wakes us.
        return len(claimed) == room

    async def empty(self) -> None:
        """Lets what is in hand end; what does not within `GRACE` is given up and found by its lease."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=GRACE)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _done(self, task: "asyncio.Future[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self._failed = task.exception()
        self._wake()  # the next of its lane may be ready
