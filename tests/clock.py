"""A clock that a test turns."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Stands still unless advanced; a Monday morning at first."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)
