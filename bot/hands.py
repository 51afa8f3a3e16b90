"""What a loop holds: a bounded number of items, each in a task of its own, so that none waits for another."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")

AT_ONCE = 48
"""Items in hand at the same time, at most; more are taken once half of them are done, many at once."""
FEW = 8
"""Items in hand under which a transaction that makes others ready takes them itself."""
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
    """`claim(room, idle)` gives new items.

    `handle(item)` must never raise what is not a defect; it tells whether something may wait for its end,
    such as the next of its lane: then the loop is woken.
    """

    def __init__(
        self,
        claim: Callable[[int, bool], Awaitable[Sequence[T]]],
        handle: Callable[[T], Awaitable[bool]],
        wake: Wake,
    ) -> None:
        self._claim = claim
        self._handle = handle
        self._wake = wake
        self._tasks: set[asyncio.Task[bool]] = set()
        self._failed: BaseException | None = None
        self.open = False
        """Whether anything is taken besides what the loop claims."""

    @property
    def room(self) -> int:
        """How many a transaction that makes items ready may take along: none when much is in hand.

        At rest somebody waits for each item, and a look of the loop would only come later; under load one
        look for many is cheaper.
        """
        return max(0, FEW - len(self._tasks)) if self.open else 0

    def take(self, items: Sequence[T]) -> None:
        """Begins with items that were claimed."""
        for item in items:
            task = asyncio.ensure_future(self._handle(item))
            self._tasks.add(task)
            task.add_done_callback(self._done)

    async def take_more(self) -> bool:
        """Claims as many as there is room for; whether it is worth to look again at once."""
        if self._failed is not None:
            raise self._failed
        if len(self._tasks) > AT_ONCE // 2:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
            return True
        room = AT_ONCE - len(self._tasks)
        claimed = await self._claim(room, not self._tasks)
        self.take(claimed)
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

    def _done(self, task: "asyncio.Future[bool]") -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        self._failed = error or self._failed
        if task.cancelled() or error is not None or task.result():
            self._wake()
