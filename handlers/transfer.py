"""A ticket goes elsewhere: to another territory, or into a colleague's hands."""

from collections.abc import Sequence
from datetime import timedelta

from handlers import audit, calendar, media, promises, routing
from handlers.audit import Action
from handlers.delivery import Option, notify
from handlers.errors import Refused, refused
from handlers.referent import taken_by, tell_asker, workable
from handlers.turn import Turn
from storage import directory, life, tickets
from storage.tables import Referent, Ticket


def pass_on(turn: Turn, referent: Referent, number: int, target: str) -> Sequence[Referent] | Refused:
    """Gives a ticket to a territory (« 25 », « le Doubs ») or to a referent by name; returns who was told."""
    ticket = workable(turn, referent, number)
    if isinstance(ticket, Refused):
        return ticket
    colleague = directory.by_name(turn.session, target)
    if colleague is not None:
        return _to_colleague(turn, referent, ticket, colleague)
    found = turn.world.knowledge.territories.find(target)
    if len(found) != 1:
        return refused("desk.unknown_target", target=target[:60])
    free, values = life.free_for(referent.id), {"referent_id": None, "territory": found[0].code}
    if not life.move(turn.session, number, "pass_on", free, **values):
        return taken_by(turn, ticket)
    _note_passed(turn, ticket, referent, found[0].label, found[0].code)
    told = routing.recipients_of_transfer(turn, ticket)
    tell_asker(turn, ticket, "ticket.passed_territory", referent)
    return told


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
    turn: Turn, referent: Referent, ticket: Ticket, colleague: Referent
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
    tell_asker(turn, ticket, "ticket.taken", colleague)
    return [colleague]


def _note_passed(turn: Turn, ticket: Ticket, referent: Referent, to: str, code: str) -> None:
    tickets.note(turn.session, ticket.number, "passed", now=turn.now, referent_id=referent.id, detail=to)
    audit.note(turn, referent, Action.PASSED_ON, "ticket", ticket.number, detail=code)
