"""What is given while the last lot is being written is written after it, in one go."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Together(Generic[T, R]):
    """`await together(one)` gives what the `write` that held `one` gave, or raises what that raised.

    At rest it is written at once; under load one transaction does for many.
    """

    def __init__(self, write: Callable[[list[T]], Awaitable[R]]) -> None:
        self._write = write
        self._given: list[T] = []
        self._next: asyncio.Task[R] | None = None
        self._running: asyncio.Task[R] | None = None

    async def __call__(self, one: T) -> R:
        self._given.append(one)
        if self._next is None:
            self._next = asyncio.create_task(self._write_after(self._running))
        # Whoever gives up takes nobody else's words back.
        return await asyncio.shield(self._next)

    async def empty(self) -> None:
        """Returns once all that was given is written, or could not be."""
        while under_way := [task for task in (self._running, self._next) if task and not task.done()]:
            await asyncio.wait(under_way)

    async def _write_after(self, last: asyncio.Task[R] | None) -> R:
        if last is not None:
            await asyncio.wait((last,))
        lot, self._given = self._given, []
        self._running, self._next = self._next, None
        return await self._write(lot)
