"""The reply that an asker is promised: until when, in the open hours of who receives the demand.

    none ──a demand is routed, or its asker writes after a reply──▶ promised ──reply, closing, erasure──▶ none
                                    promised ──passed on, other territory──▶ promised anew

The day that was said stays when somebody's hours change afterwards. At three quarters of the time, at its
end and one open day later `reminders` are told.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers import calendar, hours
from handlers.turn import Turn
from knowledge.localities import zone_of
from knowledge.texts import Raw
from storage import deadlines, queue
from storage.tables import Referent, Ticket

NEAR = 0.75
_SHOWN = timedelta(minutes=15)


def is_due(ticket: Ticket) -> bool:
    """Whether `make` would promise anything: whom to ask is worth finding out only then."""
    return ticket.due_at is None and ticket.stage != "unrouted"


def make(turn: Turn, ticket: Ticket, people: Sequence[Referent]) -> None:
    """Promises a reply by those people, from now on; not twice, and not before anybody was told."""
    if not is_due(ticket):
        return
    opening = hours.opening(turn, people, ticket.territory)
    target = hours.target(turn, ticket.territory, opening)
    ticket.promised_at, ticket.reminded = turn.now, None
    ticket.near_at = opening.after_open_hours(turn.now, target * NEAR)
    ticket.due_at = opening.after_open_hours(turn.now, target)
    remind(turn, ticket, "near", ticket.near_at)
    remind(turn, ticket, "late", ticket.due_at)
    turn.session.flush()


def anew(turn: Turn, ticket: Ticket, people: Sequence[Referent]) -> None:
    """A demand has come to other people: the reply that is owed, if one is, is promised in their hours."""
    if ticket.due_at is not None:
        void(ticket)
        make(turn, ticket, people)


def void(ticket: Ticket) -> None:
    """Nothing is promised until somebody is told."""
    ticket.promised_at = ticket.near_at = ticket.due_at = ticket.reminded = None


def note_first_reply(turn: Turn, ticket: Ticket, referent: Referent) -> None:
    """How long the first reply took is kept for the figures; the step itself ends the promise."""
    if ticket.first_reply_at is None:
        opening = hours.opening(turn, [referent], ticket.territory)
        gone = opening.open_time_between(ticket.opened_at, turn.now)
        ticket.first_reply_at, ticket.reply_minutes = turn.now, round(gone.total_seconds() / 60)


def remind(turn: Turn, ticket: Ticket, mark: deadlines.Mark, at: datetime) -> None:
    """Asks for a mark of the present promise; a promise that has changed by then makes it do nothing."""
    if ticket.due_at is None or ticket.promised_at is None:
        return
    promise = f"{ticket.promised_at.timestamp():.6f}:{ticket.due_at.timestamp():.6f}"
    queue.put_timer(
        turn.session,
        key=f"{mark}:{ticket.number}:{promise}",
        lane=f"timer:ticket:{ticket.number}",
        kind="reply_mark",
        now=turn.now,
        due_at=at,
        number=ticket.number,
        mark=mark,
        due=ticket.due_at.isoformat(),
    )


def expected(turn: Turn, ticket: Ticket, people: Sequence[Referent]) -> Raw:
    """What the asker reads: by when a reply comes and, while all are closed, when it will be read.

    Nothing when no reply is owed.
    """
    opening = hours.opening(turn, people, ticket.territory)
    due_at = ticket.due_at
    if due_at is None and ticket.stage == "unrouted":
        due_at = opening.after_open_hours(turn.now, hours.target(turn, ticket.territory, opening))
    if due_at is None:
        return Raw("")
    zone = zone_of(ticket.territory, turn.world.timezone)
    by = turn.texts("ticket.expected", when=in_time(turn, due_at, zone))
    if opening.open_at(turn.now):
        return Raw(by)
    read = turn.texts("ticket.read_later", when=at_opening(turn, opening.next_opening(turn.now), zone))
    return Raw(f"{read} {by}")


def in_time(turn: Turn, due_at: datetime, zone: ZoneInfo) -> str:
    """« avant le mercredi 25 novembre au soir »; with the hour when it is today or tomorrow."""
    local = _rounded_up(due_at).astimezone(zone)
    match (local.date() - turn.now.astimezone(zone).date()).days:
        case 0:
            return turn.texts("when.today", time=calendar.time_in_words(local))
        case 1:
            return turn.texts("when.tomorrow", time=calendar.time_in_words(local))
        case _:
            return turn.texts("when.evening", day=calendar.day_in_words(local.date()))


def at_opening(turn: Turn, moment: datetime, zone: ZoneInfo) -> str:
    """« lundi 30 novembre à partir de 9 h »"""
    local = moment.astimezone(zone)
    time = calendar.time_in_words(local)
    match (local.date() - turn.now.astimezone(zone).date()).days:
        case 0:
            return turn.texts("when.from_today", time=time)
        case 1:
            return turn.texts("when.from_tomorrow", time=time)
        case _:
            return turn.texts("when.from_day", day=calendar.day_in_words(local.date()), time=time)


def _rounded_up(moment: datetime) -> datetime:
    """To the next quarter of an hour: people are told no odd minutes."""
    over = (moment - datetime.min.replace(tzinfo=moment.tzinfo)) % _SHOWN
    return moment + (_SHOWN - over) if over else moment
