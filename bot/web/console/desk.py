"""One demand as a line of the list, and as the head of its own page."""

from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from bot.web.console import clocks, wording
from handlers import routing
from handlers.turn import Turn
from knowledge.localities import zone_of
from storage import directory, life
from storage.tables import Referent, Ticket

News = Literal["new", "said"]
"""What this referent has not seen: the whole demand, or something the asker added."""
_LONGEST_QUESTION = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One demand in the list."""

    number: int
    state: life.State
    state_words: str
    question: str | None
    theme: str
    audience: str
    territory: str
    opened: str
    age: str
    holder: str | None
    mine: bool
    news: News | None
    due: str | None
    """By when a reply is promised, « 25/11 à 10:00 », while one is."""
    near: bool
    """Whether three quarters of that time are over."""
    late: bool
    """Whether all of it is."""
    elsewhere: str | None
    """What time it is there, when the clocks go otherwise than the reader's."""


def line(
    turn: Turn,
    referent: Referent,
    ticket: Ticket,
    question: str | None,
    *,
    news: News | None,
    reader: ZoneInfo,
) -> Line:
    zone = zone_of(ticket.territory, turn.world.timezone)
    return Line(
        number=ticket.number,
        state=ticket.state,  # type: ignore[arg-type]  # one of these, by the steps of its life
        state_words=turn.texts(f"ticket.state.{ticket.state}"),
        question=_cut(question) if question else None,
        theme=wording.theme(turn, ticket),
        audience=wording.audience(turn, ticket.audience),
        territory=routing.territory_name(turn, ticket.territory),
        opened=wording.moment(ticket.opened_at, zone, turn.now),
        age=wording.age(ticket.opened_at, turn.now),
        holder=directory.name_of(turn.session, ticket.referent_id),
        mine=ticket.referent_id == referent.id,
        news=news,
        due=wording.moment(ticket.due_at, zone, turn.now) if ticket.due_at is not None else None,
        near=ticket.near_at is not None and ticket.near_at <= turn.now,
        late=ticket.due_at is not None and ticket.due_at <= turn.now,
        elsewhere=clocks.elsewhere(turn, ticket.territory, reader),
    )


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_QUESTION else text[:_LONGEST_QUESTION].rsplit(" ", 1)[0] + "…"
