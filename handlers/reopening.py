"""Whoever ended a ticket takes it up again: closed by mistake, or something was forgotten."""

from handlers import circles, promises, referent, routing
from handlers.delivery import say
from handlers.errors import Refused, refused
from handlers.talk import Talk
from handlers.turn import Turn
from storage import directory, life, tickets
from storage.tables import Referent, Ticket


def reopen(turn: Turn, who: Referent, number: int) -> Ticket | Refused:
    """Under its number, in the hands of `who`; the asker learns by when to expect a reply."""
    ticket = referent.visible(turn, who, number)
    if isinstance(ticket, Refused):
        return ticket
    refusal = refusal_of(turn, who, ticket)
    contact = referent.asker(turn, ticket)
    if refusal is not None or contact is None:
        return refusal or refused("desk.erased", number=number)
    ended = {"closed_at": None, "solution": None, "solved": None}
    mine = {"referent_id": who.id, "taken_at": turn.now}
    if not life.move(turn.session, number, "reopen_held", life.free_for(who.id), **ended, **mine):
        return _anothers(turn, ticket)
    tickets.note(turn.session, number, "taken_up", now=turn.now, referent_id=who.id)
    promises.make(turn, ticket, circles.answering(turn, ticket))
    expected = routing.expected(turn, ticket)
    say(turn, contact, "ticket.taken_up", ticket=ticket, number=number, expected=expected)
    talk = Talk.of(contact)
    talk.ticket, talk.acknowledged_at = talk.ticket or number, None
    talk.save(contact)
    return ticket


def refusal_of(turn: Turn, who: Referent, ticket: Ticket) -> Refused | None:
    """Why this ticket cannot be taken up again by this referent, who sees it; None when it can."""
    patience, number = turn.world.patience.reopening, ticket.number
    contact = referent.asker(turn, ticket)
    if ticket.state != "closed":
        return refused("desk.not_closed", number=number)
    if contact is None:
        return refused("desk.erased", number=number)
    if ticket.referent_id not in (None, who.id):
        return _anothers(turn, ticket)
    if contact.unreachable_at is not None:
        return refused("desk.unreachable", number=number)
    if ticket.closed_at is not None and turn.now - ticket.closed_at > patience:
        return refused("desk.closed_long_ago", number=number, days=patience.days)
    return None


def _anothers(turn: Turn, ticket: Ticket) -> Refused:
    name = directory.name_of(turn.session, ticket.referent_id) or "—"
    return refused("desk.closed_anothers", number=ticket.number, name=name)
