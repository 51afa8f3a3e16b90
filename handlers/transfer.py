"""A ticket goes elsewhere: to another territory, or into a colleague's hands."""

from collections.abc import Sequence
from datetime import timedelta

from handlers import audit, calendar, media, notes, promises, routing
from handlers.audit import Action
from handlers.delivery import Option, notify
from handlers.errors import Refused, refused
from handlers.referent import taken_by, tell_asker, workable
from handlers.turn import Turn
from knowledge.masking import mask
from storage import directory, life, offers, tickets
from storage import notes as stored_notes
from storage.tables import Referent, Ticket

LONGEST_NOTE = 1000


def pass_on(
    turn: Turn, referent: Referent, number: int, target: str, *, note: str = ""
) -> Sequence[Referent] | Refused:
    """Gives a ticket to a territory (« 25 », « le Doubs ») or to a referent by name; returns who was told.

    A `note` is kept as an internal one and told to whoever gets the ticket, never to its asker.
    """
    ticket = workable(turn, referent, number)
    if isinstance(ticket, Refused):
        return ticket
    if len(note) > LONGEST_NOTE:
        return refused("note.long", limit=LONGEST_NOTE)
    colleague = directory.by_name(turn.session, target)
    if colleague is not None and directory.stays(turn.session, colleague):
        return _to_colleague(turn, referent, ticket, colleague, note)
    found = turn.world.knowledge.territories.find(target)
    if len(found) != 1:
        return refused("desk.unknown_target", target=target[:60])
    free, values = life.free_for(referent.id), {"referent_id": None, "territory": found[0].code}
    if not life.move(turn.session, number, "pass_on", free, **values):
        return taken_by(turn, ticket)
    _note_passed(turn, ticket, referent, found[0].label, found[0].code)
    routing.route_anew(turn, ticket, note=_keep(turn, ticket, referent, note))
    tell_asker(turn, ticket, "ticket.passed_territory", referent)
    return offers.told(turn.session, number)


def correct_territory(turn: Turn, referent: Referent, number: int, code: str) -> Ticket | Refused:
    """Sets a ticket's département; while it waits, those who serve it are told."""
    ticket = workable(turn, referent, number)
    if isinstance(ticket, Refused):
        return ticket
    territory = turn.world.knowledge.territories.by_code(code)
    if territory is None:
        return refused("desk.unknown_target", target=code[:60])
    free = life.free_for(referent.id)
    if not life.move(turn.session, number, "relocate", free, territory=territory.code):
        return taken_by(turn, ticket)
    tickets.note(
        turn.session, number, "territory", now=turn.now, referent_id=referent.id, detail=territory.label
    )
    audit.note(turn, referent, Action.MOVED, "ticket", number, detail=territory.code)
    if ticket.state == "waiting":
        routing.move_on(turn, ticket)
    return ticket


def _to_colleague(
    turn: Turn, referent: Referent, ticket: Ticket, colleague: Referent, note: str
) -> Sequence[Referent] | Refused:
    away = directory.absence(turn.session, colleague.id, now=turn.now)
    if away is not None:
        last = (away.ends_at - timedelta(seconds=1)).astimezone(turn.world.timezone).date()
        return refused("desk.absent", name=colleague.name, until=calendar.day_in_words(last))
    free, values = life.free_for(referent.id), {"referent_id": colleague.id, "taken_at": turn.now}
    if not life.move(turn.session, ticket.number, "hand_to", free, **values):
        return taken_by(turn, ticket)
    _note_passed(turn, ticket, referent, colleague.name, f"#{colleague.id}")
    promises.anew(turn, ticket, [colleague])
    text = turn.texts("notice.passed", number=ticket.number, name=referent.name)
    words = _keep(turn, ticket, referent, note) or notes.mention(turn, ticket.number)
    notify(
        turn,
        colleague,
        "\n\n".join(filter(None, (text, words))),
        [Option("reply", {"ticket": ticket.number})],
        ticket=ticket,
        mail_key="mail.passed",
        number=ticket.number,
        url=f"{turn.world.public_url}/console/demandes/{ticket.number}",
    )
    media.hand_to(turn, colleague, ticket)
    tell_asker(turn, ticket, "ticket.taken", colleague)
    return [colleague]


def _keep(turn: Turn, ticket: Ticket, referent: Referent, note: str) -> str:
    """Keeps the note with the ticket; as those who get it read it in a notice, which others carry."""
    note = note.strip()
    if not note:
        return ""
    stored_notes.add(turn.session, ticket.number, text=note, referent_id=referent.id, now=turn.now)
    tickets.note(turn.session, ticket.number, "noted", now=turn.now, referent_id=referent.id)
    return turn.texts("notice.pass_note", name=referent.name, note=mask(note))


def _note_passed(turn: Turn, ticket: Ticket, referent: Referent, to: str, code: str) -> None:
    tickets.note(turn.session, ticket.number, "passed", now=turn.now, referent_id=referent.id, detail=to)
    audit.note(turn, referent, Action.PASSED_ON, "ticket", ticket.number, detail=code)
