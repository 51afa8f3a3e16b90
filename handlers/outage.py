"""Telegram keeps for a day what we do not fetch: who was deaf for longer has lost messages, and is told."""

from datetime import timedelta

from handlers import trouble
from handlers.calendar import moment_in_words
from handlers.turn import Turn
from storage import gates

KEPT = timedelta(hours=24)
"""How long Telegram keeps updates. Source: Bot API, « Getting updates »."""
_HEARING = "telegram!heard"


def hearing(turn: Turn) -> None:
    """We hear Telegram now; whoever runs the service learns it when that had not been so for too long."""
    since, zone = gates.stamped(turn.session, _HEARING), turn.world.timezone
    gates.stamp(turn.session, _HEARING, at=turn.now)
    if since is not None and turn.now - since > KEPT:
        trouble.note(
            turn,
            "outage",
            since=moment_in_words(since, zone),
            until=moment_in_words(turn.now, zone),
            lost=moment_in_words(turn.now - KEPT, zone),
        )
