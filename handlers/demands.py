"""A person's own demands: in which state they are, and what is expected next."""

from dataclasses import dataclass
from datetime import datetime

from handlers import calendar, escalation, routing
from handlers.delivery import Option, say
from handlers.talk import Talk
from handlers.turn import Turn
from knowledge.localities import zone_of
from knowledge.texts import Raw
from storage import tickets
from storage.tables import Contact, Ticket

SHOWN = 20
WRITTEN_TO = 5
REOPENED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """One demand, in the words of the person whose it is."""

    number: int
    theme: str
    opened: str
    """« lundi 23 novembre »"""
    state: str
    next: str
    """What is expected next, in light Markdown; "" when that is nothing."""
    open: bool
    follows: int | None


def own(turn: Turn, contact: Contact) -> list[Demand]:
    """The newest first."""
    mine = tickets.of_contact(turn.session, contact.id)
    return [_demand(turn, ticket) for ticket in mine[:SHOWN]]


def show(turn: Turn, contact: Contact, talk: Talk) -> None:
    """`/mesdemandes`: with a button for each open one to write to, and for closed ones to open again."""
    mine = own(turn, contact)
    if not mine:
        say(turn, contact, "ticket.none")
        return
    lines = Raw("\n".join(_line(turn, demand) for demand in mine))
    open_ones = [one for one in mine[:WRITTEN_TO] if one.open and one.number != talk.ticket]
    ended = [one for one in mine if not one.open][:REOPENED]
    buttons = [_follow(turn, one) for one in open_ones] + [_reopen(turn, one) for one in ended]
    say(turn, contact, "ticket.mine", [*buttons, escalation.ANOTHER_QUESTION], lines=lines)


def _demand(turn: Turn, ticket: Ticket) -> Demand:
    theme = turn.world.knowledge.themes.get(ticket.theme or "", turn.texts("theme.unknown"))
    opened = ticket.opened_at.astimezone(zone_of(ticket.territory, turn.world.timezone)).date()
    return Demand(
        number=ticket.number,
        theme=theme,
        opened=calendar.day_in_words(opened),
        state=turn.texts(f"ticket.state.{ticket.state}"),
        next=_next(turn, ticket),
        open=ticket.state in tickets.OPEN,
        follows=ticket.linked_to,
    )


def _next(turn: Turn, ticket: Ticket) -> str:
    patience = turn.world.patience
    if ticket.state == "answered" and ticket.answered_at is not None:
        day = _day(turn, ticket, (ticket.answered_at + patience.silence))
        return turn.texts("ticket.next_answered", day=day)
    if ticket.state == "closed" and ticket.closed_at is not None:
        how = turn.texts(f"ticket.solution.{ticket.solution or 'unknown'}")
        until = ticket.closed_at + patience.reopening
        key = "ticket.next_reopen" if turn.now <= until else "ticket.next_linked"
        return f"{how} {turn.texts(key, day=_day(turn, ticket, until))}".strip()
    return routing.expected(turn, ticket).markdown


def _day(turn: Turn, ticket: Ticket, moment: datetime) -> str:
    return calendar.day_in_words(moment.astimezone(zone_of(ticket.territory, turn.world.timezone)).date())


def _line(turn: Turn, demand: Demand) -> str:
    line = turn.texts(
        "ticket.line", number=demand.number, state=demand.state, day=demand.opened, theme=demand.theme
    )
    return f"{line} {demand.next}".strip()


def _follow(turn: Turn, demand: Demand) -> Option:
    label = turn.texts("ticket.follow", number=demand.number)
    return Option("follow", {"ticket": demand.number}, label=label)


def _reopen(turn: Turn, demand: Demand) -> Option:
    label = turn.texts("ticket.reopen", number=demand.number)
    return Option("not_solved", {"ticket": demand.number}, label=label)
