"""A promised reply that does not come: a word at three quarters of the time, then everybody who could help.

near   whoever has to answer; when they are all away by now, the demand goes on to the next ones
late   the same, and deputies and the national desk with age and number; each is told once
still  one open day later, whoever has it and the national desk once more
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from handlers import calendar, circles, hours, promises, routing
from handlers.delivery import Option, notify
from handlers.turn import Turn
from knowledge.localities import zone_of
from storage import deadlines, directory, life, tickets
from storage.tables import Referent, Ticket

_SENTENCES = {
    "near": ("notice.reply_near", "mail.reply_near"),
    "late": ("notice.reply_late", "mail.reply_late"),
    "escalated": ("notice.reply_escalated", "mail.reply_escalated"),
}


def due(turn: Turn, number: int, mark: str, due_at: datetime) -> None:
    """A mark of a promise has come; a promise that was kept or moved meanwhile makes it nobody's matter."""
    match mark:
        case "near":
            _near(turn, number, due_at)
        case "late":
            _late(turn, number, due_at)
        case "still":
            _still(turn, number, due_at)
        case _:
            raise ValueError(f"no mark is called {mark}")


def _near(turn: Turn, number: int, due_at: datetime) -> None:
    ticket = tickets.get(turn.session, number)
    overtaken = turn.now >= due_at  # we were down: the end of the time has come too, and says more
    if ticket is None or overtaken or not deadlines.reach(turn.session, number, "near", due_at=due_at):
        return
    if _all_away(turn, ticket):
        life.move(turn.session, number, "release", referent_id=None)
        routing.move_on(turn, ticket)
        return
    _tell(turn, ticket, "near", circles.answering(turn, ticket))


def _late(turn: Turn, number: int, due_at: datetime) -> None:
    ticket = tickets.get(turn.session, number)
    if ticket is None or not deadlines.reach(turn.session, number, "late", due_at=due_at):
        return
    in_charge = circles.answering(turn, ticket)
    others = _others(turn, ticket, in_charge)
    names = ", ".join(one.name for one in [*in_charge, *others])
    tickets.note(turn.session, number, "late", now=turn.now, detail=names)
    _tell(turn, ticket, "late", in_charge)
    _tell(turn, ticket, "escalated", others)
    opening = hours.opening(turn, in_charge, ticket.territory)
    promises.remind(turn, ticket, "still", opening.after_open_hours(turn.now, opening.open_day()))


def _still(turn: Turn, number: int, due_at: datetime) -> None:
    ticket = tickets.get(turn.session, number)
    if ticket is None or not deadlines.reach(turn.session, number, "still", due_at=due_at):
        return
    desk = circles.national_desk(turn)
    _tell(turn, ticket, "escalated", _once([*circles.answering(turn, ticket), *desk]))


def _all_away(turn: Turn, ticket: Ticket) -> bool:
    """Whether those whose matter it is have all gone on leave since they were told."""
    people = circles.in_charge(turn, ticket)
    away = [directory.absence(turn.session, one.id, now=turn.now) is not None for one in people]
    return bool(people) and all(away)


def _others(turn: Turn, ticket: Ticket, in_charge: list[Referent]) -> list[Referent]:
    """Deputies of those in charge and the national desk, of whom each may see the demand."""
    people = _once([*circles.deputies(turn, in_charge), *circles.national_desk(turn)])
    known = {one.id for one in in_charge}
    return [
        one
        for one in people
        if one.id not in known and tickets.for_referent(turn.session, ticket.number, one) is not None
    ]


def _tell(turn: Turn, ticket: Ticket, what: str, people: Iterable[Referent]) -> None:
    fields, (notice, mail) = _fields(turn, ticket), _SENTENCES[what]
    options = [Option("reply", {"ticket": ticket.number})]
    if ticket.referent_id is None:
        options.insert(0, Option("take", {"ticket": ticket.number}))
    for one in people:
        text = turn.texts(notice, **fields)
        notify(
            turn,
            one,
            text,
            options,
            ticket=ticket,
            mail_key=mail,
            purpose="reminder",
            **fields,
        )


def _fields(turn: Turn, ticket: Ticket) -> dict[str, Any]:
    """Number and age, where and with whom: nothing of what was written."""
    zone = zone_of(ticket.territory, turn.world.timezone)
    since = ticket.promised_at or ticket.opened_at
    holder = directory.name_of(turn.session, ticket.referent_id)
    return {
        "number": ticket.number,
        "age": calendar.span_in_words(turn.now - since),
        "due": calendar.moment_in_words(ticket.due_at or turn.now, zone),
        "territory": routing.territory_name(turn, ticket.territory),
        "holder": holder or turn.texts("desk.nobody"),
        "url": f"{turn.world.public_url}/console/demandes/{ticket.number}",
    }


def _once(people: Iterable[Referent]) -> list[Referent]:
    return list({one.id: one for one in people}.values())
