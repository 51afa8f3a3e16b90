"""How a ticket ends for its asker: solved as they say, supposed solved after a silence, or not over yet."""

from datetime import datetime

from handlers import circles, escalation, presence, promises, routing, satisfaction
from handlers.delivery import Option, notify, say
from handlers.talk import Talk
from handlers.turn import Turn
from storage import contacts, directory, life, queue, tickets
from storage.tables import Contact, Ticket


def options(number: int) -> list[Option]:
    """Under each reply and each closing: whether that is it."""
    return [Option("solved", {"ticket": number}), Option("not_solved", {"ticket": number})]


def confirm(turn: Turn, contact: Contact, talk: Talk, number: int) -> None:
    """« C'est résolu » : whatever state the ticket is in, it ends here, by its asker's own word."""
    ticket = tickets.for_contact(turn.session, number, contact)
    if ticket is None:
        say(turn, contact, "choice.gone")
        return
    was_open, holder = ticket.state in life.OPEN, ticket.referent_id
    closed_at = turn.now if was_open else ticket.closed_at
    unsaid = life.unconfirmed()
    values = {"solved": True, "solution": "confirmed", "closed_at": closed_at}
    if not life.move(turn.session, number, "confirm", unsaid, **values):
        say(turn, contact, "feedback.already", ticket=ticket)
        return
    tickets.note(turn.session, number, "confirmed", now=turn.now)
    key, choices = satisfaction.asked(turn, ticket, "ticket.confirmed", "ticket.confirmed_and_helped")
    say(turn, contact, key, choices, ticket=ticket)
    give_back(turn, contact, talk, number)
    if was_open and holder is not None:
        _tell(turn, ticket, holder, "notice.confirmed")


def deny(turn: Turn, contact: Contact, talk: Talk, number: int) -> None:
    """« Pas encore » : the word is with us again; a closed ticket is opened again."""
    ticket = tickets.for_contact(turn.session, number, contact)
    if ticket is None:
        say(turn, contact, "choice.gone")
        return
    if ticket.state == "closed":
        reopen(turn, contact, talk, ticket)
        return
    answered = ticket.state == "answered"
    if not escalation.asks(turn, ticket):
        say(turn, contact, "choice.gone")
        return
    ticket.solved = False
    talk.ticket, talk.awaiting, talk.acknowledged_at = number, None, None
    say(turn, contact, "ticket.not_solved", [escalation.ANOTHER_QUESTION], ticket=ticket, number=number)
    if answered and ticket.referent_id is not None:
        _tell(turn, ticket, ticket.referent_id, "notice.not_solved")


def reopen(turn: Turn, contact: Contact, talk: Talk, ticket: Ticket) -> Ticket:
    """A closed ticket goes on: soon after, under its number, in the same hands; later, in one linked to it.

    Returns the ticket that the asker writes to now.
    """
    if ticket.closed_at is not None and turn.now - ticket.closed_at > turn.world.patience.reopening:
        return _go_on(turn, contact, talk, ticket)
    holder = presence.present(turn, ticket.referent_id)
    step: life.Step = "reopen_held" if holder is not None else "reopen"
    values = {"closed_at": None, "solution": None, "referent_id": holder.id if holder is not None else None}
    if not life.move(turn.session, ticket.number, step, solved=False, **values):
        return ticket
    talk.ticket, talk.acknowledged_at = ticket.number, None
    tickets.note(turn.session, ticket.number, "reopened", now=turn.now)
    say(turn, contact, "ticket.reopened", ticket=ticket, number=ticket.number)
    if holder is None:
        routing.route_anew(turn, ticket)
    else:
        promises.make(turn, ticket, circles.answering(turn, ticket))
        _tell(turn, ticket, holder.id, "notice.reopened", mail_key="mail.reopened")
    return ticket


def await_word(turn: Turn, ticket: Ticket) -> None:
    """A reply went out: without a word from the asker for some days, it is supposed to have solved it."""
    ticket.answered_at = turn.now
    queue.put_timer(
        turn.session,
        key=f"assume:{ticket.number}:{turn.now.timestamp():.6f}",
        lane=f"timer:ticket:{ticket.number}",
        kind="assume_solved",
        now=turn.now,
        due_at=turn.now + turn.world.patience.silence,
        number=ticket.number,
        answered=turn.now.isoformat(),
    )


def assume(turn: Turn, number: int, answered_at: datetime) -> None:
    """Nothing was heard since that reply: the ticket ends, and its asker learns how to open it again."""
    ticket = tickets.get(turn.session, number)
    if ticket is None:
        return
    life.hold_still(turn.session, ticket)
    values = {"closed_at": turn.now, "solution": "assumed", "solved": None}
    if not life.move(turn.session, number, "assume", life.answered_then(answered_at), **values):
        return
    tickets.note(turn.session, number, "assumed", now=turn.now)
    contact = contacts.get(turn.session, ticket.contact_id) if ticket.contact_id is not None else None
    if contact is None:
        return
    key, choices = satisfaction.asked(turn, ticket, "ticket.assumed", "ticket.assumed_and_helped")
    again = Option("not_solved", {"ticket": number}, text="reopen")
    days = turn.world.patience.silence.days
    say(turn, contact, key, [*choices, again], ticket=ticket, number=number, days=days)
    talk = Talk.of(contact)
    give_back(turn, contact, talk, number)
    talk.save(contact)


def give_back(turn: Turn, contact: Contact, talk: Talk, number: int) -> None:
    """A ticket has ended: what the person writes next is none of its business, nor is their address."""
    if talk.ticket == number:
        talk.leave_ticket()
    others = tickets.of_contact(turn.session, contact.id)
    if not any(other.state in life.OPEN for other in others):
        contact.mail_notice = None


def _go_on(turn: Turn, contact: Contact, talk: Talk, old: Ticket) -> Ticket:
    """A ticket of its own that leads back to the old one; of several tries, one."""
    later = tickets.linked_to(turn.session, old.number)
    if later is not None and later.state == "closed":
        return reopen(turn, contact, talk, later)
    if later is not None:
        talk.ticket = later.number
        say(turn, contact, "ticket.already", [escalation.ANOTHER_QUESTION], ticket=later, number=later.number)
        return later
    return escalation.go_on(turn, contact, talk, old)


def _tell(turn: Turn, ticket: Ticket, holder_id: int, key: str, *, mail_key: str | None = None) -> None:
    holder = directory.get(turn.session, holder_id)
    if holder is None:
        return
    reply = [Option("reply", {"ticket": ticket.number})] if ticket.state != "closed" else []
    url = f"{turn.world.public_url}/console/demandes/{ticket.number}"
    text = turn.texts(key, number=ticket.number)
    notify(turn, holder, text, reply, ticket=ticket, mail_key=mail_key, number=ticket.number, url=url)
