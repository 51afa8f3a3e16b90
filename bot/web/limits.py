"""How often somebody may do something: exact counts over a sliding window, in the memory of this process.

With several web processes each counts for itself; the limits protect a process, they are no accounts.
"""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

# Beyond this many keys the quiet ones are forgotten; a flood of addresses must not fill the memory.
MAX_KEYS = 50_000


@dataclass(frozen=True, slots=True)
class Limit:
    times: int
    window: timedelta


class What(Enum):
    """What is counted; keys are session hashes or client addresses."""

    SESSION_MESSAGES = Limit(20, timedelta(minutes=1))
    ADDRESS_MESSAGES = Limit(600, timedelta(minutes=1))
    ADDRESS_SESSIONS = Limit(200, timedelta(hours=1))
    SESSION_FILES = Limit(20, timedelta(minutes=10))
    ADDRESS_FILES = Limit(100, timedelta(minutes=10))
    ADDRESS_LOGINS = Limit(30, timedelta(hours=1))
    """Login links asked for; a known referent gets five an hour at most, whoever asks."""
    ADDRESS_TOKENS = Limit(60, timedelta(minutes=1))
    """Personal and login links opened: guessing must be hopeless and visible."""


class Limits:
    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._seen: dict[tuple[What, str], deque[datetime]] = {}

    def seconds_to_wait(self, what: What, key: str) -> int | None:
        """None when it may be done now, which is counted; else the seconds until it may."""
        now = self._clock()
        limit = what.value
        times = self._seen.setdefault((what, key), deque())
        while times and times[0] <= now - limit.window:
            times.popleft()
        if len(times) >= limit.times:
            return max(1, math.ceil((times[0] + limit.window - now).total_seconds()))
        times.append(now)
        if len(self._seen) > MAX_KEYS:
            self._forget_quiet(now)
        return None

    def keys(self) -> int:
        """How many keys are remembered."""
        return len(self._seen)

    def _forget_quiet(self, now: datetime) -> None:
        quiet = [
            key for key, times in self._seen.items() if not times or times[-1] <= now - key[0].value.window
        ]
        for key in quiet or list(self._seen)[: MAX_KEYS // 2]:
            del self._seen[key]
