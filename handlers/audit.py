"""What people at the desk do, noted in the very transaction that does it."""

from datetime import datetime, time
from enum import StrEnum
from typing import Literal

from handlers.turn import Turn
from storage import audit, directory, offers, tickets
from storage.rights import Right, may
from storage.tables import Referent, Ticket


class Action(StrEnum):
    """Everything that is noted."""

    ENTERED = "entered"
    LEFT = "left"
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    INVITED = "invited"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    ABSENT = "absent"
    BACK = "back"
    FROZEN = "frozen"
    THAWED = "thawed"
    TAKEN_OVER = "taken_over"
    PASSED_ON = "passed_on"
    MOVED = "moved"
    READ = "read"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"
    WRITTEN = "written"
    SHARED = "shared"
    WITHDRAWN = "withdrawn"
    EXPORTED = "exported"
    ERASED = "erased"
    HOURS = "hours"
    AGREED = "agreed"
    ENDED = "ended"
    POSTPONED = "postponed"
    BLOCKED = "blocked"
    JOINED = "joined"
    RAISED = "raised"
    SOLVED = "solved"
    MERGED = "merged"
    DRAFTED = "drafted"
    SENT = "sent"
    STOPPED = "stopped"
    JUDGED = "judged"
    MENDED = "mended"
    CORRECTED = "corrected"
    ADVANCED = "advanced"
    LINKED = "linked"
    IMPORTED = "imported"


Kind = Literal[
    "referent",
    "ticket",
    "tag",
    "entry",
    "file",
    "proposal",
    "place",
    "reply",
    "action",
    "blocking",
    "broadcast",
    "answer",
    "repair",
    "structure",
]


def note(
    turn: Turn,
    by: Referent | None,
    action: Action,
    kind: Kind | None = None,
    target: str | int | None = None,
    *,
    detail: str | None = None,
) -> None:
    """Notes an action; `by` is None for whoever sits at the machine itself.

    `detail` is for codes, roles and days: never a name, an address or what somebody wrote.
    """
    audit.add(
        turn.session,
        at=turn.now,
        referent_id=by.id if by is not None else None,
        action=action.value,
        channel=turn.door,
        target_kind=kind,
        target=str(target) if target is not None else None,
        detail=detail,
    )


def note_reading(turn: Turn, who: Referent, number: int) -> None:
    """Notes, once a day, who reads a ticket that is not theirs: by territory, in hand, or at the desk."""
    ticket = tickets.for_referent(turn.session, number, who)
    if ticket is None or _is_their_own(turn, who, ticket):
        return
    midnight = datetime.combine(turn.today, time(), tzinfo=turn.world.timezone)
    if not audit.done_since(turn.session, who.id, Action.READ, str(number), since=midnight):
        note(turn, who, Action.READ, "ticket", number, detail=ticket.territory)


def _is_their_own(turn: Turn, who: Referent, ticket: Ticket) -> bool:
    if ticket.referent_id == who.id:
        return True
    if ticket.territory is None or ticket.stage == "national":
        return may(who, Right.NATIONAL_DESK)
    if who.id in {one.id for one in offers.told(turn.session, ticket.number)}:
        return True
    return ticket.territory in directory.territories_of(turn.session, who.id)
