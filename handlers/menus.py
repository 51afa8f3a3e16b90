"""The menu of commands in each referent's chat: theirs by role, people's again when they leave.

Queued like a message, so that it is set when Telegram is back, after what was said before.
"""

from handlers.turn import Turn
from storage import directory, outbox
from storage.tables import Referent


def refresh(turn: Turn, referent: Referent) -> None:
    """Gives a referent's chat the menu of their role."""
    _put(turn, referent, referent.role)


def withdraw(turn: Turn, referent: Referent) -> None:
    """Gives the chat of somebody who left people's menu again."""
    _put(turn, referent, None)


def refresh_all(turn: Turn) -> None:
    """At a start: a release may have brought commands."""
    for referent in directory.everyone(turn.session):
        refresh(turn, referent)


def _put(turn: Turn, referent: Referent, role: str | None) -> None:
    if referent.telegram_id is not None:
        payload = {"kind": "menu", "role": role}
        lane = f"telegram:{referent.telegram_id}"
        outbox.put(turn.session, lane=lane, payload=payload, now=turn.now, purpose="menu")
