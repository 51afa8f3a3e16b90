"""What stands about blocking points on a demand's page."""

from dataclasses import dataclass

from handlers import blocking_watch
from handlers.blocking import SUBJECTS
from handlers.turn import Turn
from storage import blocking
from storage.blocking import Wanted
from storage.tables import Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Stops:
    """The points that the demand counts for, those it may be joined to, and its likely subject."""

    points: tuple[tuple[int, str], ...]
    open: tuple[tuple[int, str], ...]
    subjects: tuple[tuple[str, str], ...]
    subject: str


def stops(turn: Turn, ticket: Ticket) -> Stops:
    mine = tuple((one.id, one.title) for one in blocking.of_ticket(turn.session, ticket.number))
    others = blocking.listed(turn.session, Wanted(states=blocking.OPEN))
    return Stops(
        points=mine,
        open=tuple((one.id, one.title) for one in others if (one.id, one.title) not in mine),
        subjects=tuple(SUBJECTS.items()),
        subject=blocking_watch.subject_of(ticket.theme),
    )
