"""Milliseconds since 1970 that only go forward, at one pace, whatever is done to the computer's clock."""

import time
from collections.abc import Callable

Seconds = Callable[[], float]


def since_boot() -> float:
    """Seconds that the computer has been up; where it can be told, those it slept count too."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class SteadyClock:
    """Asks the wall clock once, when it is made, and counts on from there.

    SQLite has no clock but the computer's. A lease measured by it would end an hour early when somebody sets
    the clock forward, and a back-off of a second last an hour when it is set back.
    """

    def __init__(self, wall: Seconds = time.time, steady: Seconds = since_boot) -> None:
        self._steady = steady
        self._boot = wall() - steady()

    def __call__(self) -> int:
        return int((self._boot + self._steady()) * 1000)
