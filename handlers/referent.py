"""What a referent does with a ticket, from whichever door. Rights are in `tickets.for_referent`."""

from collections.abc import Callable

from handlers import audit, ending, media, promises, routing
from handlers.audit import Action
from handlers.delivery import notify, pass_on_media, pass_on_reply, same_channel, say
from handlers.errors import Refused, refused
from handlers.events import MediaReceived
from handlers.talk import Talk
from handlers.turn import Turn
from knowledge.writing import light
from storage import contacts, directory, life, tickets
from storage.rights import Right, may
from storage.tables import Contact, Referent, Ticket

LONGEST_REPLY = 4096


def take(turn: Turn, referent: Referent, number: int, *, over: bool = False) -> Ticket | Refused:
    """Takes a ticket that nobody has; one in another's hands only when told to take it `over`."""
    ticket = opened(turn, referent, number)
    if isinstance(ticket, Refused) or ticket.referent_id == referent.id:
        return ticket
    previous = ticket.referent_id
    if previous is not None and not over:
        return taken_by(turn, ticket)
    audit.note_reading(turn, referent, number)
    step: life.Step = "take" if previous is None else "take_over"
    values = {"referent_id": referent.id, "taken_at": turn.now}
    if not life.move(turn.session, number, step, life.held_by(previous), **values):
        return taken_by(turn, ticket)
    _note_taken(turn, ticket, referent, previous)
    if previous is not None:
        audit.note(turn, referent, Action.TAKEN_OVER, "ticket", number)
    _tell_taken_over(turn, ticket, previous, referent)
    tell_asker(turn, ticket, "ticket.taken", referent)
    media.hand_to(turn, referent, ticket)
    return ticket


def reply(
    turn: Turn, referent: Referent, number: int, text: str, *, markup: bool = False
) -> Ticket | Refused:
    """Gives the referent's words to the asker; takes the ticket if nobody has it.

    With `markup` what was typed is light Markdown, else it goes out character by character.
    """
    text = text.strip()
    if not text:
        return refused("desk.empty_reply", number=number)
    if len(text) > LONGEST_REPLY:
        return refused("desk.long_reply", limit=LONGEST_REPLY)
    words = light(text, own=turn.world.public_url) if markup else text
    return give(
        turn,
        referent,
        number,
        lambda contact, ticket: pass_on_reply(
            turn, contact, words, ending.options(number), referent=referent, ticket=ticket, markup=markup
        ),
    )


def give(
    turn: Turn, referent: Referent, number: int, hand_out: Callable[[Contact, Ticket], object]
) -> Ticket | Refused:
    """Has `hand_out` give something to the asker, whatever it is, and takes the ticket if nobody has it."""
    ticket = answerable(turn, referent, number)
    if isinstance(ticket, Refused):
        return ticket
    contact = asker(turn, ticket)
    if contact is None:
        return refused("desk.erased", number=number)
    if not _replied(turn, contact, referent, ticket):
        return taken_by(turn, ticket)
    hand_out(contact, ticket)
    return ticket


def send_media(turn: Turn, referent: Referent, number: int, event: MediaReceived) -> Ticket | Refused:
    """The same with something that is not text: passed on by its id, or opened from the web page."""
    ticket = answerable(turn, referent, number)
    if isinstance(ticket, Refused):
        return ticket
    person = asker(turn, ticket)
    passable = person is not None and same_channel(person.address, event.address)
    if not passable and event.file is None:
        return refused("desk.media_not_possible", number=number)

    def hand_out(contact: Contact, ticket: Ticket) -> None:
        row = media.note(turn, contact, ticket, event, referent=referent)
        if passable:
            pass_on_media(
                turn,
                contact.address,
                origin=event.address,
                message_id=event.external_id,
                ticket=ticket,
                author_id=referent.id,
                transcript_id=row.id,
            )

    return give(turn, referent, number, hand_out)


def opened(turn: Turn, referent: Referent, number: int) -> Ticket | Refused:
    """An open ticket that this referent may see; it stands still until the turn ends."""
    ticket = visible(turn, referent, number)
    if isinstance(ticket, Refused) or ticket.state in life.OPEN:
        return ticket
    return refused("desk.closed", number=number)


def visible(turn: Turn, referent: Referent, number: int) -> Ticket | Refused:
    """A ticket that this referent may see, in any state; it stands still until the turn ends."""
    in_office = directory.stays(turn.session, referent)
    ticket = tickets.for_referent(turn.session, number, referent) if in_office else None
    if ticket is None:
        return refused("desk.not_found", number=number)
    life.hold_still(turn.session, ticket)
    if (
        tickets.for_referent(turn.session, number, referent) is None
    ):  # it went elsewhere before it stood still
        return refused("desk.not_found", number=number)
    return ticket


def workable(turn: Turn, referent: Referent, number: int) -> Ticket | Refused:
    """The same if it is not in another's hands: they must take it over first."""
    ticket = opened(turn, referent, number)
    if not isinstance(ticket, Refused) and ticket.referent_id not in (None, referent.id):
        return taken_by(turn, ticket)
    return ticket


def answerable(turn: Turn, referent: Referent, number: int) -> Ticket | Refused:
    """The ticket if this referent may answer it now; changes nothing."""
    ticket = workable(turn, referent, number)
    if isinstance(ticket, Refused):
        return ticket
    contact = asker(turn, ticket)
    if contact is None:
        return refused("desk.erased", number=number)
    if contact.unreachable_at is not None:
        return refused("desk.unreachable", number=number)
    return ticket


def close(turn: Turn, referent: Referent, number: int) -> Ticket | Refused:
    """Ends a ticket; the asker is asked whether it is solved and gets the conversation back."""
    ticket = workable(turn, referent, number)
    if isinstance(ticket, Refused):
        return ticket
    free, values = life.free_for(referent.id), {"closed_at": turn.now, "referent_id": referent.id}
    if not life.move(turn.session, number, "close", free, solved=None, solution="assumed", **values):
        return taken_by(turn, ticket)
    tickets.note(turn.session, number, "closed", now=turn.now, referent_id=referent.id)
    contact = asker(turn, ticket)
    if contact is not None:
        say(turn, contact, "ticket.closed", ending.options(number), ticket=ticket, number=number)
        talk = Talk.of(contact)
        ending.give_back(turn, contact, talk, number)
        talk.save(contact)
    return ticket


def asker(turn: Turn, ticket: Ticket) -> Contact | None:
    return contacts.get(turn.session, ticket.contact_id) if ticket.contact_id is not None else None


def taken_by(turn: Turn, ticket: Ticket) -> Refused:
    name = directory.name_of(turn.session, ticket.referent_id) or "—"
    return refused("desk.taken_by", number=ticket.number, name=name)


def tell_asker(turn: Turn, ticket: Ticket, key: str, referent: Referent) -> None:
    """By function and territory: a referent's name is theirs to give."""
    contact = asker(turn, ticket)
    if contact is not None:
        role = turn.texts("role.national" if may(referent, Right.NATIONAL_DESK) else "role.referent")
        territory = routing.territory_name(turn, ticket.territory)
        say(
            turn,
            contact,
            key,
            ticket=ticket,
            number=ticket.number,
            role=role,
            territory=territory,
            expected=routing.expected(turn, ticket),
        )


def _replied(turn: Turn, contact: Contact, referent: Referent, ticket: Ticket) -> bool:
    """The word is with the asker now; what they write next belongs to it, unless they are busy with another.

    A reply to a ticket that nobody has takes it: the asker sees the reply itself and needs no word about it.
    """
    previous = ticket.referent_id
    if previous is None:
        audit.note_reading(turn, referent, ticket.number)
    values = {"referent_id": referent.id} | ({"taken_at": turn.now} if previous is None else {})
    if not life.move(turn.session, ticket.number, "reply", life.free_for(referent.id), **values):
        return False
    if previous is None:
        _note_taken(turn, ticket, referent, None)
        media.hand_to(turn, referent, ticket)
    talk = Talk.of(contact)
    talk.acknowledged_at = talk.media_told_at = None
    if talk.ticket is None:
        talk.ticket = ticket.number
    talk.save(contact)
    promises.note_first_reply(turn, ticket, referent)
    ending.await_word(turn, ticket)
    tickets.note(turn.session, ticket.number, "replied", now=turn.now, referent_id=referent.id)
    return True


def _note_taken(turn: Turn, ticket: Ticket, referent: Referent, previous_id: int | None) -> None:
    what = "taken" if previous_id is None else "taken_over"
    name = directory.name_of(turn.session, previous_id)
    tickets.note(turn.session, ticket.number, what, now=turn.now, referent_id=referent.id, detail=name)


def _tell_taken_over(turn: Turn, ticket: Ticket, previous_id: int | None, by: Referent) -> None:
    previous = directory.get(turn.session, previous_id) if previous_id is not None else None
    if previous is not None and previous.id != by.id:
        text = turn.texts("notice.taken_over", number=ticket.number, name=by.name)
        notify(turn, previous, text, ticket=ticket)
