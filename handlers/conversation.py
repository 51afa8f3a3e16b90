"""What we do with each event of a person, whichever door it came by."""

import unicodedata
from dataclasses import dataclass
from typing import assert_never

from sqlalchemy.orm import Session

from handlers import (
    answer,
    choices,
    commands,
    editing,
    ending,
    escalation,
    gathering,
    greeting,
    guide,
    infos_chat,
    lessons_chat,
    media,
    presence,
    question,
    referent_chat,
    routing,
    timers,
    transfer_chat,
    whereabouts,
)
from handlers.delivery import leave, say
from handlers.events import (
    ChoiceMade,
    CommandGiven,
    ContactBlocked,
    ContactReturned,
    Event,
    GroupJoined,
    Ignored,
    MediaReceived,
    MessageEdited,
    MessageReceived,
    TimerDue,
)
from handlers.gathering import only_waits
from handlers.talk import MANY, Talk
from handlers.turn import Turn
from knowledge.entries import Audience
from knowledge.outcomes import Distress, Match, Unknown
from storage import contacts, outbox, receipts, tickets, transcript
from storage.tables import Contact, Ticket, Transcript

REFERENTS = (transfer_chat.takes, lessons_chat.takes, referent_chat.takes)
"""What a message of a referent may be, the first that takes it."""


@dataclass(frozen=True, slots=True)
class ToMatch:
    """What the matcher needs, read before the turn so that no transaction waits for it."""

    text: str
    audience: Audience | None
    previous: str | None
    waits: bool = False
    """All that the message will do is to wait, if what is found for it is not sure: see `gathering`."""


def to_match(session: Session, event: Event) -> ToMatch | None:
    """The text that this event makes us look up, if any."""
    match event:
        case MessageReceived():
            standing = contacts.standing_at(session, event.address)
            waits = standing is not None and _readable(event.text) and only_waits(session, event, standing)
            return _to_match(standing, event.text, waits=waits)
        case MessageEdited(address=address, text=text):
            return _to_match(contacts.standing_at(session, address), text)
        case TimerDue(kind="gathered", arguments=arguments):
            return _to_match(contacts.standing(session, int(arguments["contact"])))
        case _:
            return None


def handle(event: Event, turn: Turn, match: Match | None) -> None:
    """One event, one turn. `match` is what was found for `to_match`'s text."""
    match event:
        case MessageReceived():
            _message(turn, event, match)
        case MessageEdited():
            _edited(turn, event, match)
        case ChoiceMade():
            contact = _present(turn, event.address, speaks=True)
            talk = Talk.of(contact)
            choices.choose(turn, contact, talk, event.choice)
            talk.save(contact)
        case CommandGiven():
            contact = _present(turn, event.address, speaks=True)
            talk = Talk.of(contact)
            commands.give(turn, contact, talk, event)
            talk.save(contact)
        case MediaReceived():
            _media(turn, event)
        case ContactBlocked():
            _blocked(turn, event.address)
        case ContactReturned():
            _present(turn, event.address)
        case GroupJoined():
            leave(turn, event.address)
        case TimerDue():
            timers.due(turn, event, match)
        case Ignored():
            pass
        case _:
            assert_never(event)


def _message(turn: Turn, event: MessageReceived, match: Match | None) -> None:
    contact = _present(turn, event.address, speaks=event.transcript_id is None)
    if referent_chat.of(turn, contact) and any(takes(turn, contact, event) for takes in REFERENTS):
        return
    talk = Talk.of(contact)
    row = _written(turn, contact, event)
    if infos_chat.takes(turn, contact, event.text):
        return
    greeting.inform_once(turn, contact)
    _calm(turn, contact, talk)
    ticket = _ticket_meant(turn, contact, talk, event)
    if not _readable(event.text):
        say(turn, contact, "message.empty")
    elif _number_answered(turn, contact, event) is None and guide.takes(
        turn, contact, talk, row, match, beside_ticket=ticket is not None
    ):
        pass
    elif ticket is None:
        gathering.ask(turn, contact, talk, event.text, row, match)
    elif not whereabouts.answered(turn, contact, talk, ticket, row, match):
        _join(turn, contact, talk, ticket, row, match)
    talk.save(contact)


def _calm(turn: Turn, contact: Contact, talk: Talk) -> None:
    """Who writes faster than answers may leave learns, once a burst, that all of it has arrived."""
    if not talk.hurries(turn.now) or talk.burst_told_within(turn.now, turn.world.patience.acknowledged):
        return
    if outbox.waiting(turn.session, contact.address) >= MANY:
        talk.burst_told_at = turn.now.isoformat()
        say(turn, contact, "message.burst")


def _join(
    turn: Turn, contact: Contact, talk: Talk, ticket: Ticket, row: Transcript, match: Match | None
) -> None:
    """A message for a referent: it joins the ticket and is acknowledged."""
    transcript.link(turn.session, row, ticket.number)
    if isinstance(match, Distress):
        question.respond(turn, contact, talk, question.Asked(row.text, (row.id,), match))
        referent_chat.tell_holder(turn, ticket, row, quoted=False)
        return
    if not escalation.asks(turn, ticket):
        transcript.link(turn.session, row, ending.reopen(turn, contact, talk, ticket).number)
        return
    referent_chat.tell_holder(turn, ticket, row)
    if ticket.state == "taken":
        if not talk.acknowledged_within(turn.now, turn.world.patience.acknowledged):
            talk.acknowledged_at = turn.now.isoformat()
            say(
                turn,
                contact,
                "ticket.noted",
                [escalation.ANOTHER_QUESTION],
                ticket=ticket,
                number=ticket.number,
                expected=routing.expected(turn, ticket),
            )
        return
    asked = question.Asked(row.text, (row.id,), match or Unknown())
    if not question.respond_beside_ticket(turn, contact, asked, ticket):
        say(turn, contact, "ticket.added", [escalation.ANOTHER_QUESTION], ticket=ticket, number=ticket.number)


def _edited(turn: Turn, event: MessageEdited, match: Match | None) -> None:
    contact = _present(turn, event.address)
    talk = Talk.of(contact)
    row = transcript.by_client_id(turn.session, contact.id, event.external_id)
    if row is None:
        if not referent_chat.edited(turn, contact, event) and not event.caption:
            _message(turn, MessageReceived(address=event.address, text=event.text), match)
        return
    editing.changed(turn, contact, talk, row, event, match)
    talk.save(contact)


def _media(turn: Turn, event: MediaReceived) -> None:
    contact = _present(turn, event.address)
    if referent_chat.takes_media(turn, contact, event):
        return
    talk = Talk.of(contact)
    greeting.inform_once(turn, contact)
    row = transcript.get(turn.session, event.transcript_id) if event.transcript_id is not None else None
    if row is not None and row.ticket_number is not None:
        ticket = tickets.for_contact(turn.session, row.ticket_number, contact)
    else:
        ticket = _ticket_meant(turn, contact, talk, event)
    media.received(turn, contact, talk, ticket, event)
    talk.save(contact)


def _blocked(turn: Turn, address: str) -> None:
    """Nothing more can be delivered: what waits is cancelled, whoever has a ticket is told."""
    contact = contacts.known(turn.session, address)
    if contact is None:
        return
    presence.lost(turn, contact)
    outbox.cancel(turn.session, address)


def _present(turn: Turn, address: str, *, speaks: bool = False) -> Contact:
    """The contact, who is evidently there."""
    contact = contacts.at(turn.session, address, now=turn.now, speaks=speaks)
    presence.found(turn, contact)
    return contact


def _written(turn: Turn, contact: Contact, event: MessageReceived) -> Transcript:
    row = transcript.get(turn.session, event.transcript_id) if event.transcript_id is not None else None
    if row is not None:
        return row
    return transcript.add(
        turn.session, contact, author="visitor", text=event.text, at=turn.now, client_id=event.external_id
    )


def _ticket_meant(
    turn: Turn, contact: Contact, talk: Talk, event: MessageReceived | MediaReceived
) -> Ticket | None:
    """The ticket of the message that is answered, else the one that is open."""
    number = _number_answered(turn, contact, event)
    if number is not None:
        return tickets.for_contact(turn.session, number, contact)
    if talk.ticket is None:
        return None
    ticket = tickets.for_contact(turn.session, talk.ticket, contact)
    return ticket if ticket is not None and ticket.state in tickets.OPEN else None


def _number_answered(turn: Turn, contact: Contact, event: MessageReceived | MediaReceived) -> int | None:
    """The number of the ticket that the answered message is about, if one was answered."""
    if event.reply_to is None:
        return None
    receipt = receipts.find(turn.session, contact.address, event.reply_to)
    if receipt is not None:
        return receipt.ticket_number
    own = transcript.by_client_id(turn.session, contact.id, event.reply_to)
    return own.ticket_number if own is not None else None


def _readable(text: str) -> bool:
    """Whether there is something to see: neither blanks nor marks of direction and of joining alone."""
    return any(unicodedata.category(character)[0] not in "CZ" for character in text)


def _to_match(standing: contacts.Standing | None, *texts: str, waits: bool = False) -> ToMatch | None:
    """What was gathered before, and what came now; None when that is nothing."""
    talk = Talk.read(standing.state) if standing is not None else Talk()
    said = [*talk.gathering, *texts]
    audience = answer.audience_named(standing.audience) if standing is not None else None
    return ToMatch("\n".join(said), audience, talk.previous, waits) if said else None
