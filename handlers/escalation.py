"""Handing over: the ticket exists at once, then it finds who answers. Nobody is ever handed to nobody.

unrouted ──territory known──▶ territory ──no notice delivered──▶ deputy ──…──▶ national
    └──────ten minutes without a territory────────────────────────────────────▶ national
"""

from handlers import circles, promises, routing
from handlers.delivery import Option, say
from handlers.talk import Talk
from handlers.turn import Turn
from storage import contacts, life, questions, queue, tickets, transcript
from storage.tables import Contact, Ticket

ANOTHER_QUESTION = Option("another")


def hand_over(
    turn: Turn, contact: Contact, talk: Talk, *, question_id: int | None, theme: str | None
) -> Ticket:
    """Opens a ticket (or finds the one that is open) and tells the person its number."""
    talk.walk = None  # whatever is written next is for the referent
    ticket = _open_ticket_of(turn, contact, talk)
    if ticket is not None:
        say(turn, contact, "ticket.already", [ANOTHER_QUESTION], ticket=ticket, number=ticket.number)
        return ticket
    ticket = tickets.open_ticket(turn.session, contact, question_id=question_id, theme=theme, now=turn.now)
    talk.ticket, talk.rephrasing, talk.acknowledged_at = ticket.number, False, None
    _link_question(turn, question_id, ticket)
    _link_rows(turn, contact, talk, ticket)
    say(
        turn,
        contact,
        "ticket.opened",
        ticket=ticket,
        number=ticket.number,
        expected=routing.expected(turn, ticket),
    )
    if contact.territory is None:
        ask_territory(turn, contact, talk, ticket)
    else:
        routing.route(turn, ticket)
        _announce(turn, contact, ticket)
        ask_structure(turn, contact, talk, ticket)
    return ticket


def ask_territory(turn: Turn, contact: Contact, talk: Talk, ticket: Ticket) -> None:
    """Asks for the département; after ten minutes without it the national desk has the ticket as it is."""
    talk.awaiting = "territory"
    unknown = Option("territory_unknown", {"ticket": ticket.number})
    say(turn, contact, "ticket.ask_territory", [unknown], ticket=ticket)
    queue.put_timer(
        turn.session,
        key=f"route:{ticket.number}",
        lane=f"timer:ticket:{ticket.number}",
        kind="route",
        now=turn.now,
        due_at=turn.now + turn.world.patience.territory,
        number=ticket.number,
    )


def ask_structure(turn: Turn, contact: Contact, talk: Talk, ticket: Ticket) -> None:
    """Partners and authorities may say which structure it is about."""
    talk.awaiting = None
    if contact.audience not in ("partenaire", "collectivite") or contact.structure is not None:
        return
    talk.awaiting = "structure"
    say(turn, contact, "ticket.ask_structure", [Option("structure_skipped")], ticket=ticket)


def set_territory(turn: Turn, contact: Contact, talk: Talk, code: str | None) -> None:
    """The person said where they are (None: they don't know); the open ticket goes there."""
    contact.territory = code
    if code is not None:
        questions.place(turn.session, contact.id, code)
    ticket, place = _open_ticket_of(turn, contact, talk), routing.territory_name(turn, code)
    if ticket is None or not life.move(turn.session, ticket.number, "relocate", territory=code):
        talk.awaiting = None
        say(turn, contact, "territory.kept", territory=place)
        return
    tickets.note(turn.session, ticket.number, "territory", now=turn.now, detail=place)
    if ticket.state == "waiting":
        routing.route_anew(turn, ticket)
        _announce(turn, contact, ticket)
    else:
        say(turn, contact, "territory.kept", ticket=ticket, territory=place)
    ask_structure(turn, contact, talk, ticket)


def route_unanswered(turn: Turn, number: int) -> None:
    """The person did not say where they are within ten minutes: the national desk has it as it is."""
    ticket = tickets.get(turn.session, number)
    if ticket is None or ticket.state != "waiting" or ticket.stage != "unrouted":
        return
    routing.route(turn, ticket)
    contact = contacts.get(turn.session, ticket.contact_id) if ticket.contact_id is not None else None
    if contact is not None:
        _announce(turn, contact, ticket)


def follow(turn: Turn, contact: Contact, talk: Talk, number: int) -> None:
    """Of several open tickets, the one that the next messages join."""
    ticket = tickets.for_contact(turn.session, number, contact)
    if ticket is None or ticket.state not in tickets.OPEN:
        say(turn, contact, "choice.gone")
        return
    talk.ticket, talk.awaiting, talk.acknowledged_at = ticket.number, None, None
    say(turn, contact, "ticket.followed", [ANOTHER_QUESTION], ticket=ticket, number=ticket.number)


def set_structure(turn: Turn, contact: Contact, talk: Talk, name: str | None) -> None:
    """The person named their structure, or would rather not."""
    talk.awaiting = None
    ticket = _open_ticket_of(turn, contact, talk)
    if name is None:
        say(turn, contact, "structure.skipped", ticket=ticket)
        return
    contact.structure = name[:200]
    if ticket is not None:
        ticket.structure = contact.structure
    say(turn, contact, "structure.kept", ticket=ticket)


def change_territory(turn: Turn, contact: Contact, talk: Talk, number: int) -> None:
    """The person wants to correct where they are."""
    ticket = tickets.for_contact(turn.session, number, contact)
    if ticket is None or ticket.state not in tickets.OPEN:
        say(turn, contact, "choice.gone")
        return
    talk.ticket, talk.awaiting = ticket.number, "territory"
    say(turn, contact, "ticket.ask_territory", [Option("territory_unknown")], ticket=ticket)


def asks(turn: Turn, ticket: Ticket) -> bool:
    """The asker has written: the word is with us again. False if the ticket is closed."""
    answered = ticket.state == "answered"
    if not life.move(turn.session, ticket.number, "ask"):
        return False
    if promises.is_due(ticket):
        promises.make(turn, ticket, circles.answering(turn, ticket))
    if answered:
        tickets.note(turn.session, ticket.number, "asked", now=turn.now)
    return True


def go_on(turn: Turn, contact: Contact, talk: Talk, old: Ticket) -> Ticket:
    """A ticket that goes on with one closed long ago, where that one was."""
    ticket = tickets.open_ticket(
        turn.session, contact, question_id=old.question_id, theme=old.theme, now=turn.now
    )
    ticket.linked_to, ticket.territory = old.number, contact.territory or old.territory
    ticket.structure = old.structure or ticket.structure
    talk.leave_ticket()
    talk.ticket = ticket.number
    tickets.note(turn.session, ticket.number, "linked", now=turn.now, detail=f"n° {old.number}")
    say(turn, contact, "ticket.linked", ticket=ticket, number=ticket.number, old=old.number)
    routing.route(turn, ticket)
    _announce(turn, contact, ticket)
    return ticket


def _announce(turn: Turn, contact: Contact, ticket: Ticket) -> None:
    """Tells the asker who takes over, by function and territory."""
    key = "ticket.routed_national" if ticket.stage == "national" else "ticket.routed"
    say(
        turn,
        contact,
        key,
        [ANOTHER_QUESTION, Option("territory_change", {"ticket": ticket.number})],
        ticket=ticket,
        number=ticket.number,
        territory=routing.territory_name(turn, ticket.territory),
        expected=routing.expected(turn, ticket),
    )


def _open_ticket_of(turn: Turn, contact: Contact, talk: Talk) -> Ticket | None:
    if talk.ticket is None:
        return None
    ticket = tickets.for_contact(turn.session, talk.ticket, contact)
    return ticket if ticket is not None and ticket.state in tickets.OPEN else None


def _link_rows(turn: Turn, contact: Contact, talk: Talk, ticket: Ticket) -> None:
    """What was written about it goes with the ticket: into its retention, its replies and its edits."""
    for row_id in [*talk.asked_rows, *talk.gathered_rows]:
        row = transcript.get(turn.session, row_id)
        if row is not None and row.contact_id == contact.id:
            transcript.link(turn.session, row, ticket.number)
    talk.asked_rows = []
    talk.forget_gathered()


def _link_question(turn: Turn, question_id: int | None, ticket: Ticket) -> None:
    question = questions.get(turn.session, question_id) if question_id is not None else None
    if question is not None:
        questions.link(turn.session, question, ticket.number)
