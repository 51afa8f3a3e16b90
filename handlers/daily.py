"""What is asked for again each day."""

from datetime import UTC, timedelta

from handlers.turn import Turn
from storage import queue


def again_tomorrow(turn: Turn, kind: str) -> None:
    """Asks for `TimerDue(kind)` when the next day begins in UTC; once, however often it is asked for."""
    tomorrow = turn.now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    queue.put_timer(
        turn.session,
        key=f"{kind}:{tomorrow:%Y-%m-%d}",
        lane=f"timer:{kind}",
        kind=kind,
        now=turn.now,
        due_at=tomorrow,
    )
