"""How a demand came here and how it ended, as its page shows it."""

from dataclasses import dataclass

from handlers import likely
from handlers.turn import Turn
from knowledge.territories import Territory
from storage import tickets
from storage.tables import Referent, Ticket

HELPED = {"yes": "oui", "partly": "en partie", "no": "non"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What became of a demand besides its state."""

    places: tuple[Territory, ...]
    """Where the person probably is, when nobody knows."""
    placeless: bool
    follows: int | None
    """The closed demand that this one goes on with, if the reader may see it."""
    followed_by: int | None
    ended: str | None
    helped: str | None


def course(turn: Turn, referent: Referent, ticket: Ticket) -> Course:
    placeless = ticket.territory is None and ticket.state in tickets.OPEN
    later = tickets.linked_to(turn.session, ticket.number)
    return Course(
        places=tuple(likely.territories(turn, ticket)) if placeless else (),
        placeless=placeless,
        follows=_seen(turn, referent, ticket.linked_to),
        followed_by=_seen(turn, referent, later.number if later is not None else None),
        ended=_ended(ticket),
        helped=HELPED.get(ticket.helped or ""),
    )


def _seen(turn: Turn, referent: Referent, number: int | None) -> int | None:
    if number is None or tickets.for_referent(turn.session, number, referent) is None:
        return None
    return number


def _ended(ticket: Ticket) -> str | None:
    """A solution that the person confirmed is another thing than one that we suppose."""
    if ticket.state != "closed":
        return "la personne dit que non" if ticket.solved is False else None
    return {"confirmed": "oui, d'après la personne", "assumed": "supposée : la personne n'a rien dit"}.get(
        ticket.solution or ""
    )
