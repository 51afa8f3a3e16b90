"""Whether the person behind a ticket can be reached: they blocked us, left, or are back."""

from handlers import circles, infos, promises, routing
from handlers.delivery import Option, notify
from handlers.turn import Turn
from storage import directory, life, tickets
from storage.tables import Contact, Referent, Ticket


def lost(turn: Turn, contact: Contact) -> None:
    """Nothing reaches this person any more: they get no news, their open tickets say so, once."""
    if contact.unreachable_at is not None:
        return
    contact.unreachable_at = turn.now
    infos.leave(turn, contact, None, "blocked")
    for ticket in tickets.of_contact(turn.session, contact.id):
        if life.move(turn.session, ticket.number, "lose"):
            tickets.note(turn.session, ticket.number, "unreachable", now=turn.now)
            _tell_holder(turn, ticket, "notice.unreachable")


def found(turn: Turn, contact: Contact) -> None:
    """The person is back: their tickets are again where they were, and somebody knows."""
    if contact.unreachable_at is None:
        return
    contact.unreachable_at = None
    for ticket in tickets.of_contact(turn.session, contact.id):
        if ticket.state == "unreachable":
            _found_one(turn, ticket)


def _found_one(turn: Turn, ticket: Ticket) -> None:
    """Into the hands of its holder, if one is there; else it waits, and those who could take it are told."""
    holder = present(turn, ticket.referent_id)
    if holder is not None:
        life.move(turn.session, ticket.number, "find_held", life.held_by(holder.id))
    else:
        life.move(turn.session, ticket.number, "find", referent_id=None)
    tickets.note(turn.session, ticket.number, "reachable", now=turn.now)
    if ticket.state == "waiting":
        routing.route_anew(turn, ticket)
    else:
        promises.make(turn, ticket, circles.answering(turn, ticket))
        _tell_holder(turn, ticket, "notice.reachable")


def present(turn: Turn, referent_id: int | None) -> Referent | None:
    """The referent with this number, in office until the turn ends and not away."""
    referent = directory.get(turn.session, referent_id) if referent_id is not None else None
    if referent is None or not directory.stays(turn.session, referent):
        return None
    return referent if directory.absence(turn.session, referent.id, now=turn.now) is None else None


def _tell_holder(turn: Turn, ticket: Ticket, key: str) -> None:
    holder = directory.get(turn.session, ticket.referent_id) if ticket.referent_id is not None else None
    if holder is not None:
        reply = [Option("reply", {"ticket": ticket.number})] if ticket.state != "unreachable" else []
        notify(turn, holder, turn.texts(key, number=ticket.number), reply, ticket=ticket)
