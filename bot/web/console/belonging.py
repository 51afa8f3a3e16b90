"""What stands about structures on a demand's page."""

from dataclasses import dataclass

from handlers import structure_links
from handlers.structure_words import KINDS, STAGES
from handlers.turn import Turn
from storage import structure_links as links
from storage import structures
from storage.tables import Referent, Structure, Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    id: int
    words: str
    stage: str
    seen: bool
    """Whether the reader may open its page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Belongs:
    """The structure that the demand is about, and those it may be about."""

    to: Partner | None
    suggested: tuple[Partner, ...]


def belongs(turn: Turn, who: Referent, ticket: Ticket) -> Belongs:
    mine = links.of_ticket(turn.session, ticket.number)
    found = structure_links.suggested(turn, who, ticket) if mine is None else []
    return Belongs(
        to=_partner(turn, who, mine) if mine is not None else None,
        suggested=tuple(_partner(turn, who, one) for one in found),
    )


def _partner(turn: Turn, who: Referent, one: Structure) -> Partner:
    return Partner(
        id=one.id,
        words=f"{one.name} ({KINDS[one.kind].words})",
        stage=STAGES[one.stage],
        seen=structures.for_referent(turn.session, one.id, who, now=turn.now) is not None,
    )
