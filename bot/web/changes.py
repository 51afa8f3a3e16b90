"""Who waits for new messages of which conversation, within this process.

What another process writes raises no event here: whoever waits looks again after `POLL` seconds at most.
"""

import asyncio
import resource
from collections.abc import Iterator
from contextlib import contextmanager, suppress

POLL = 1.0
ANYTHING = 0
"""To be watched instead of a contact by who waits for whatever is new: a referent's desk."""


class News:
    """One waiter's view of one conversation. Begin watching before reading, so that nothing falls between."""

    def __init__(self, closing: asyncio.Event) -> None:
        self._event = asyncio.Event()
        self._closing = closing

    def tell(self) -> None:
        self._event.set()

    async def wait(self, seconds: float) -> None:
        """Returns when something is new, and after min(`seconds`, `POLL`) in any case."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._event.wait(), min(seconds, POLL))
        self._event.clear()

    @property
    def closing(self) -> bool:
        """Whether the server is stopping: end what is under way."""
        return self._closing.is_set()


class Changes:
    """Wakes the requests that wait for a conversation. All methods must be called from the event loop."""

    def __init__(self, most: int | None = None) -> None:
        """`most`: requests that may wait at once; by default half the lines that the process may open."""
        self._watchers: dict[int, set[News]] = {}
        self._closing = asyncio.Event()
        self._most = resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2 if most is None else most
        self._waiting = 0

    def notify(self, contact_id: int) -> None:
        """Something new was committed for this contact."""
        for watched in (contact_id, ANYTHING):
            for news in self._watchers.get(watched, ()):
                news.tell()

    def close(self) -> None:
        """Ends every wait, so that the server can stop."""
        self._closing.set()
        for watchers in self._watchers.values():
            for news in watchers:
                news.tell()

    def watching(self, contact_id: int) -> int:
        """How many requests wait for this contact now."""
        return len(self._watchers.get(contact_id, ()))

    @property
    def full(self) -> bool:
        """Whether too many wait: others need lines too, to ask, to write, to reach the database."""
        return self._waiting > self._most

    @contextmanager
    def watch(self, contact_id: int) -> Iterator[News]:
        news = News(self._closing)
        self._watchers.setdefault(contact_id, set()).add(news)
        self._waiting += 1
        try:
            yield news
        finally:
            self._waiting -= 1
            self._watchers[contact_id].discard(news)
            if not self._watchers[contact_id]:
                del self._watchers[contact_id]
