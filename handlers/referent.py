"""What a referent does with a ticket, from whichever door. Rights are in `tickets.for_referent`."""

from collections.abc import Sequence
from datetime import timedelta

from handlers import audit, calendar, media, routing
from handlers.audit import Action
from handlers.delivery import Option, notify, pass_on_media, pass_on_reply, same_channel, say
from handlers.errors import Refused, refused
from handlers.events import MediaReceived
from handlers.talk import Talk
from handlers.turn import Turn
from knowledge.writing import light
from storage import contacts, directory, tickets
from storage.rights import Right, may
from storage.tables import Contact, Referent, Ticket

LONGEST_REPLY = 4096


def take(turn: Turn, referent: Referent, number: int, *, over: bool = False) -> Ticket | Refused:
    """Takes a waiting ticket; one in another's hands only when told to take it `over`."""
    ticket = tickets.for_referent(turn.session, number, referent)
    if ticket is None:
        return refused("desk.not_found", number=number)
    if ticket.state == "closed":
        return refused("desk.closed", number=number)
    if ticket.state == "taken":
        if ticket.referent_id == referent.id:
            return ticket
        if not over:
            return _taken_by(turn, ticket)
    audit.note_reading(turn, referent, number)
    previous = ticket.referent_id
    values = {"referent_id": referent.id, "taken_at": turn.now}
    of = ("waiting", "taken") if over else ("waiting",)
    if not tickets.transition(turn.session, number, of=of, to="taken", **values):
        return _taken_by(turn, ticket)
    tickets.note(turn.session, number, "taken", now=turn.now, referent_id=referent.id)
    if previous is not None:
        audit.note(turn, referent, Action.TAKEN_OVER, "ticket", number)
    _tell_taken_over(turn, ticket, previous, referent)
    _tell_asker(turn, ticket, "ticket.taken", referent)
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
    ticket = answerable(turn, referent, number)
    if isinstance(ticket, Refused):
        return ticket
    contact = _asker(turn, ticket)
    if contact is None:
        return refused("desk.erased", number=number)
    if not _holds(turn, referent, ticket):
        return _taken_by(turn, ticket)
    words = light(text, own=turn.world.public_url) if markup else text
    pass_on_reply(turn, contact, words, referent=referent, ticket=ticket, markup=markup)
    _replied(turn, contact, referent, ticket)
    return ticket


def send_media(turn: Turn, referent: Referent, number: int, event: MediaReceived) -> Ticket | Refused:
    """The same with something that is not text: passed on by its id, or opened from the web page."""
    ticket = answerable(turn, referent, number)
    if isinstance(ticket, Refused):
        return ticket
    contact = _asker(turn, ticket)
    if contact is None:
        return refused("desk.erased", number=number)
    passable = same_channel(contact.address, event.address)
    if not passable and event.file is None:
        return refused("desk.media_not_possible", number=number)
    if not _holds(turn, referent, ticket):
        return _taken_by(turn, ticket)
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
    _replied(turn, contact, referent, ticket)
    return ticket


def answerable(turn: Turn, referent: Referent, number: int) -> Ticket | Refused:
    """The ticket if this referent may answer it now; changes nothing."""
    ticket = tickets.for_referent(turn.session, number, referent)
    if ticket is None:
        return refused("desk.not_found", number=number)
    if ticket.state == "closed":
        return refused("desk.closed", number=number)
    if ticket.state == "taken" and ticket.referent_id != referent.id:
        return _taken_by(turn, ticket)
    contact = _asker(turn, ticket)
    if contact is None:
        return refused("desk.erased", number=number)
    if contact.unreachable_at is not None:
        return refused("desk.unreachable", number=number)
    return ticket


def close(turn: Turn, referent: Referent, number: int) -> Ticket | Refused:
    """Ends a ticket; the asker is asked whether it is solved and gets the conversation back."""
    ticket = tickets.for_referent(turn.session, number, referent)
    if ticket is None:
        return refused("desk.not_found", number=number)
    if ticket.state == "taken" and ticket.referent_id != referent.id:
        return _taken_by(turn, ticket)
    if not tickets.transition(turn.session, number, of=tickets.OPEN, to="closed", closed_at=turn.now):
        return refused("desk.closed", number=number)
    if ticket.referent_id is None:
        ticket.referent_id = referent.id
    tickets.note(turn.session, number, "closed", now=turn.now, referent_id=referent.id)
    contact = _asker(turn, ticket)
    if contact is not None:
        options = [
            Option("solved", {"ticket": number}),
            Option("not_solved", {"ticket": number}),
        ]
        say(turn, contact, "ticket.closed", options, ticket=ticket, number=number)
        _give_back(turn, contact.id, number)
        others = tickets.of_contact(turn.session, contact.id)
        if not any(other.state in tickets.OPEN for other in others):
            contact.mail_notice = None
    return ticket


def pass_on(turn: Turn, referent: Referent, number: int, target: str) -> Sequence[Referent] | Refused:
    """Gives a ticket to a territory (« 25 », « le Doubs ») or to a referent by name; returns who was told."""
    ticket = tickets.for_referent(turn.session, number, referent)
    if ticket is None:
        return refused("desk.not_found", number=number)
    if ticket.state == "closed":
        return refused("desk.closed", number=number)
    if ticket.state == "taken" and ticket.referent_id != referent.id:
        return _taken_by(turn, ticket)
    colleague = directory.by_name(turn.session, target)
    if colleague is not None:
        return _pass_to_colleague(turn, referent, ticket, colleague)
    found = turn.world.knowledge.territories.find(target)
    if len(found) != 1:
        return refused("desk.unknown_target", target=target[:60])
    values = {"referent_id": None, "territory": found[0].code}
    if not tickets.transition(turn.session, number, of=tickets.OPEN, to="waiting", **values):
        return refused("desk.closed", number=number)
    _note_passed(turn, ticket, referent, found[0].label, found[0].code)
    told = routing.recipients_of_transfer(turn, ticket)
    _tell_asker(turn, ticket, "ticket.passed_territory", referent)
    return told


def correct_territory(turn: Turn, referent: Referent, number: int, code: str) -> Ticket | Refused:
    """Sets a ticket's département; while it waits, those who serve it are told."""
    ticket = tickets.for_referent(turn.session, number, referent)
    territory = turn.world.knowledge.territories.by_code(code)
    if ticket is None:
        return refused("desk.not_found", number=number)
    if ticket.state == "taken" and ticket.referent_id != referent.id:
        return _taken_by(turn, ticket)
    if territory is None:
        return refused("desk.unknown_target", target=code[:60])
    ticket.territory = territory.code
    tickets.note(
        turn.session, number, "territory", now=turn.now, referent_id=referent.id, detail=territory.label
    )
    audit.note(turn, referent, Action.MOVED, "ticket", number, detail=territory.code)
    if ticket.state == "waiting":
        routing.route_anew(turn, ticket)
    return ticket


def _pass_to_colleague(
    turn: Turn, referent: Referent, ticket: Ticket, colleague: Referent
) -> Sequence[Referent] | Refused:
    away = directory.absence(turn.session, colleague.id, now=turn.now)
    if away is not None:
        last = (away.ends_at - timedelta(seconds=1)).astimezone(turn.world.timezone).date()
        return refused("desk.absent", name=colleague.name, until=calendar.day_in_words(last))
    values = {"referent_id": colleague.id, "taken_at": turn.now}
    if not tickets.transition(turn.session, ticket.number, of=tickets.OPEN, to="taken", **values):
        return refused("desk.closed", number=ticket.number)
    _note_passed(turn, ticket, referent, colleague.name, f"#{colleague.id}")
    notify(
        turn,
        colleague,
        turn.texts("notice.passed", number=ticket.number, name=referent.name),
        [Option("reply", {"ticket": ticket.number})],
        ticket=ticket,
        mail_key="mail.passed",
        number=ticket.number,
        url=f"{turn.world.public_url}/console/demandes/{ticket.number}",
    )
    media.hand_to(turn, colleague, ticket)
    _tell_asker(turn, ticket, "ticket.taken", colleague)
    return [colleague]


def _note_passed(turn: Turn, ticket: Ticket, referent: Referent, to: str, code: str) -> None:
    tickets.note(turn.session, ticket.number, "passed", now=turn.now, referent_id=referent.id, detail=to)
    audit.note(turn, referent, Action.PASSED_ON, "ticket", ticket.number, detail=code)


def _holds(turn: Turn, referent: Referent, ticket: Ticket) -> bool:
    """Takes a waiting ticket; the asker sees the reply itself and needs no word about who took it."""
    if ticket.state == "taken":
        return ticket.referent_id == referent.id
    audit.note_reading(turn, referent, ticket.number)
    values = {"referent_id": referent.id, "taken_at": turn.now}
    if not tickets.transition(turn.session, ticket.number, of=("waiting",), to="taken", **values):
        return False
    tickets.note(turn.session, ticket.number, "taken", now=turn.now, referent_id=referent.id)
    media.hand_to(turn, referent, ticket)
    return True


def _replied(turn: Turn, contact: Contact, referent: Referent, ticket: Ticket) -> None:
    """What the asker writes next belongs to it, unless they are busy with another."""
    talk = Talk.of(contact)
    talk.acknowledged_at = talk.media_told_at = None
    if talk.ticket is None:
        talk.ticket = ticket.number
    talk.save(contact)
    ticket.first_reply_at = ticket.first_reply_at or turn.now
    tickets.note(turn.session, ticket.number, "replied", now=turn.now, referent_id=referent.id)


def _asker(turn: Turn, ticket: Ticket) -> Contact | None:
    return contacts.get(turn.session, ticket.contact_id) if ticket.contact_id is not None else None


def _taken_by(turn: Turn, ticket: Ticket) -> Refused:
    name = directory.name_of(turn.session, ticket.referent_id) or "—"
    return refused("desk.taken_by", number=ticket.number, name=name)


def _tell_taken_over(turn: Turn, ticket: Ticket, previous_id: int | None, by: Referent) -> None:
    previous = directory.get(turn.session, previous_id) if previous_id is not None else None
    if previous is not None and previous.id != by.id:
        text = turn.texts("notice.taken_over", number=ticket.number, name=by.name)
        notify(turn, previous, text, ticket=ticket)


def _tell_asker(turn: Turn, ticket: Ticket, key: str, referent: Referent) -> None:
    """By function and territory: a referent's name is theirs to give."""
    contact = _asker(turn, ticket)
    if contact is not None:
        role = turn.texts("role.national" if may(referent, Right.NATIONAL_DESK) else "role.referent")
        territory = routing.territory_name(turn, ticket.territory)
        say(turn, contact, key, ticket=ticket, number=ticket.number, role=role, territory=territory)


def _give_back(turn: Turn, contact_id: int, number: int) -> None:
    contact = contacts.get(turn.session, contact_id)
    if contact is None:
        return
    talk = Talk.of(contact)
    if talk.ticket == number:
        talk.ticket, talk.awaiting, talk.acknowledged_at = None, None, None
        talk.forget_question()
        talk.save(contact)
