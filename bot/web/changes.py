"""Who waits for new messages of which conversation, within this process."""

import asyncio
import resource
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from storage.signals import Signal

ALONE = 1.0
"""`look_again` where another process may write what nobody hears here."""
CONNECTED = 10.0
"""`look_again` while what other processes write is heard."""
ANYTHING = 0
"""To be watched instead of a contact by who waits for whatever is new: a referent's desk."""


class News:
    """One waiter's view of one conversation. Begin watching before reading, so that nothing falls between."""

    def __init__(self, changes: "Changes") -> None:
        self._event = asyncio.Event()
        self._changes = changes

    def tell(self) -> None:
        self._event.set()

    async def wait(self, seconds: float) -> None:
        """Returns when something is new, and after `seconds` or `look_again` of them in any case."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._event.wait(), min(seconds, self._changes.look_again))
        self._event.clear()

    @property
    def closing(self) -> bool:
        """Whether the server is stopping: end what is under way."""
        return self._changes.closing


class Changes:
    """Wakes the requests that wait for a conversation. All methods must be called from the event loop."""

    def __init__(self, most: int | None = None) -> None:
        """`most`: requests that may wait at once; by default half the lines that the process may open."""
        self._watchers: dict[int, set[News]] = {}
        self._most = resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2 if most is None else most
        self._waiting = 0
        self.closing = False
        self.look_again = ALONE
        """Seconds after which whoever waits looks by themselves, for what nobody told."""

    def heard(self, signal: Signal) -> None:
        """Something new was committed, here or by another process."""
        if signal.anybody:
            self._tell(*self._watchers)
        elif signal.contacts or signal.desk:
            self._tell(*signal.contacts, ANYTHING)

    def close(self) -> None:
        """Ends every wait, so that the server can stop."""
        self.closing = True
        self._tell(*self._watchers)

    def watching(self, contact_id: int) -> int:
        """How many requests wait for this contact now."""
        return len(self._watchers.get(contact_id, ()))

    @property
    def full(self) -> bool:
        """Whether too many wait: others need lines too, to ask, to write, to reach the database."""
        return self._waiting > self._most

    @contextmanager
    def watch(self, contact_id: int) -> Iterator[News]:
        news = News(self)
        self._watchers.setdefault(contact_id, set()).add(news)
        self._waiting += 1
        try:
            yield news
        finally:
            self._waiting -= 1
            self._watchers[contact_id].discard(news)
            if not self._watchers[contact_id]:
                del self._watchers[contact_id]

    def _tell(self, *contact_ids: int) -> None:
        for contact_id in contact_ids:
            for news in self._watchers.get(contact_id, ()):
                news.tell()
