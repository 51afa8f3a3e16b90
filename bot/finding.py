"""Looking texts up: two threads do it for the loop."""

import threading
from collections.abc import Callable
from typing import Any, Protocol

from knowledge.entries import Audience
from knowledge.outcomes import Match
from storage.errands import Errand, Failed, Waiting, bring_back, errand

Find = Callable[[str, Audience | None, str | None], Match]


class Look(Protocol):
    """Finds off the loop what a text is: the text, who asks, the message before."""

    async def __call__(self, text: str, audience: Audience | None, previous: str | None, /) -> Match: ...

    async def aclose(self) -> None: ...


THREADS = 2
"""A text that takes long keeps one of them; more would only wait for each other."""


class Finder:
    """Asks `find`, which works for milliseconds, off the loop.

    Python's own pool of threads takes longer for each. They begin with the first text and end by `close`.
    """

    def __init__(self, find: Find) -> None:
        self._find = find
        self._waiting: Waiting | None = None

    async def __call__(self, text: str, audience: Audience | None, previous: str | None) -> Match:
        """Raises what `find` raises."""
        if self._waiting is None:
            self._waiting = Waiting()
            for _ in range(THREADS):
                threading.Thread(target=_look_up, args=(self._waiting,), name="finder", daemon=True).start()
        one = errand(lambda: self._find(text, audience, previous))
        self._waiting.put(one)
        match: Match = await one.future
        return match

    def close(self) -> None:
        """What waits is still looked up."""
        if self._waiting is not None:
            for _ in range(THREADS):
                self._waiting.put(None)
            self._waiting = None


def _look_up(waiting: Waiting) -> None:
    while (one := waiting.get()) is not None:
        bring_back([(one, _found(one))])


def _found(one: Errand) -> Any:
    try:
        return one.work()
    except Exception as error:  # handed to whoever waits for it
        return Failed(error)
