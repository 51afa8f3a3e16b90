"""What is found before the transaction of a turn begins, so that nothing waits for it there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from handlers import conversation, gathering, overlay, week_draft
from handlers.conversation import ToMatch
from handlers.events import CommandGiven, Event, MessageEdited, MessageReceived, TimerDue
from handlers.pack import Pack
from handlers.turn import Turn
from knowledge.entries import Audience
from knowledge.outcomes import Match
from knowledge.overlay import Overlay
from storage.database import Database

LookUp = Callable[[str, Audience | None, str | None], Awaitable[Match]]


@dataclass(frozen=True, slots=True)
class Ahead:
    """What was found for a text, what is heeded beside the content by then, and the figures of a pack."""

    match: Match | None = None
    waits: bool = False
    """All there is to do for now is to wait for the rest of the thought."""
    added: Overlay | None = None
    draft: Pack | None = None


@dataclass(frozen=True, slots=True)
class Glance:
    """What the database says of an event before its turn."""

    wanted: ToMatch | None
    """The text to look up, if any."""
    ahead: Ahead
    """What is known without a search."""


async def look_ahead(
    database: Database,
    turn: Callable[[Session], Turn],
    look_up: LookUp,
    event: Event,
    seen: Glance | None = None,
) -> Ahead:
    """Reads what the event is about, then looks up off the loop; what was accepted needs no search.

    `seen` is what was read of it already, by the transaction that accepted it.
    """
    if not _worth_a_glance(event):
        return Ahead()
    if seen is None:
        seen = await database.read(lambda session: glance(turn(session), event))
    wanted, ahead = seen.wanted, seen.ahead
    if wanted is None or ahead.match is not None:
        return ahead
    match = await look_up(wanted.text, wanted.audience, wanted.previous)
    return replace(ahead, match=match, waits=wanted.waits and gathering.may_be_a_part(match))


def _worth_a_glance(event: Event) -> bool:
    """Whether `glance` may find anything: buttons and most commands and timers need no second transaction."""
    match event:
        case MessageReceived() | MessageEdited() | TimerDue(kind="gathered" | "week"):
            return True
        case CommandGiven(name=name):
            return name == week_draft.COMMAND
        case _:
            return False


def glance(turn: Turn, event: Event) -> Glance:
    """Reads, and changes nothing."""
    wanted = conversation.to_match(turn.session, event)
    if wanted is None:
        return Glance(None, Ahead(draft=week_draft.draft(turn, event)))
    added = overlay.current(turn.session)
    return Glance(wanted, Ahead(added.exact(turn.world.knowledge, wanted.text), added=added))
