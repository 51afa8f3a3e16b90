"""Finding who answers, circle by circle. Never nobody.

unrouted ──▶ first ──▶ territory ──▶ deputy ──▶ region ──▶ national
    └──────ten minutes without a territory────────────────────▲

The least loaded referent of a territory is told first; who does not take it within five minutes is joined by
the others. Any further circle is told when no notice of the one before was delivered.
"""

from collections.abc import Sequence
from datetime import datetime

from handlers import circles, likely, notes, promises
from handlers.delivery import Option, notify, say
from handlers.turn import Turn
from knowledge.texts import Raw
from storage import contacts, life, offers, outbox, questions, queue, tickets
from storage.outbox import Parcel
from storage.tables import Referent, Ticket

_PURPOSE = "notice_"


def route(turn: Turn, ticket: Ticket, *, note: str = "") -> None:
    """Tells the next ones who could answer, until somebody is there; with a colleague's `note` for them."""
    while ticket.stage != "national":
        stage = circles.NEXT[ticket.stage] if ticket.territory is not None else "national"
        if not tickets.advance_stage(turn.session, ticket.number, of=ticket.stage, to=stage):
            return
        recipients = circles.members(turn, ticket, stage)
        if recipients or stage == "national":
            offers.make(turn.session, ticket.number, recipients, stage=stage, now=turn.now)
            detail = f"{stage}: {', '.join(one.name for one in recipients) or '—'}"
            tickets.note(turn.session, ticket.number, "routed", now=turn.now, detail=detail)
            promises.make(turn, ticket, circles.answering(turn, ticket))
            _notify_all(turn, ticket, recipients, note)
            return


def route_anew(turn: Turn, ticket: Ticket, *, note: str = "") -> None:
    """Starts over: the ticket has changed hands or place, and whoever was told of it is out of it."""
    offers.withdraw(turn.session, ticket.number)
    ticket.stage = "unrouted"
    promises.void(ticket)
    turn.session.flush()
    route(turn, ticket, note=note)


def check_notice(turn: Turn, number: int, stage: str, *, since: datetime) -> None:
    """Five minutes after the notices of `since`: the next ones are told if no channel took one.

    Who was told first is joined by the others in any case: nobody has taken the ticket.
    """
    ticket = tickets.get(turn.session, number)
    if ticket is None or not _still_waits(turn, ticket, stage, since):
        return
    if not _delivered(turn, number, stage, since):
        tickets.note(turn.session, number, "notice_undelivered", now=turn.now, detail=stage)
        route(turn, ticket)
    elif stage == "first":
        route(turn, ticket)


def notice_failed(turn: Turn, parcel: Parcel) -> None:
    """A notice cannot be delivered: when it was the last of its stage, nobody waits for the timer."""
    if not parcel.purpose.startswith(_PURPOSE) or parcel.ticket_number is None:
        return
    states = outbox.states_of(turn.session, parcel.ticket_number, parcel.purpose, since=parcel.created_at)
    if not states & {"waiting", "sending", "sent"}:
        stage = parcel.purpose.removeprefix(_PURPOSE)
        check_notice(turn, parcel.ticket_number, stage, since=parcel.created_at)


def _still_waits(turn: Turn, ticket: Ticket, stage: str, since: datetime) -> bool:
    """Whether the ticket waits for those who were told then, and not for others since."""
    life.hold_still(turn.session, ticket)
    if ticket.state != "waiting" or ticket.stage != stage:
        return False
    return offers.made_at(turn.session, ticket.number, stage) in (None, since)


def _delivered(turn: Turn, number: int, stage: str, since: datetime) -> bool:
    return "sent" in outbox.states_of(turn.session, number, _purpose(stage), since=since)


def move_on(turn: Turn, ticket: Ticket) -> None:
    """The same, and the asker learns by when those reply."""
    route_anew(turn, ticket)
    contact = contacts.get(turn.session, ticket.contact_id) if ticket.contact_id is not None else None
    if contact is not None:
        say(
            turn,
            contact,
            "ticket.moved_on",
            ticket=ticket,
            number=ticket.number,
            expected=expected(turn, ticket),
        )


def expected(turn: Turn, ticket: Ticket) -> Raw:
    """By when the asker may expect a reply, in the hours of who has to answer."""
    return promises.expected(turn, ticket, circles.answering(turn, ticket))


def territory_name(turn: Turn, code: str | None) -> str:
    """« Doubs (25) », or the words for an unknown one."""
    territory = turn.world.knowledge.territories.by_code(code) if code else None
    return territory.label if territory is not None else turn.texts("territory.unknown")


def notice_text(turn: Turn, ticket: Ticket) -> str:
    """What a referent is told: short, or with the question if the desk allows it and Telegram had it."""
    fields = {
        "number": ticket.number,
        "audience": turn.texts(f"audience.{ticket.audience or 'unknown'}"),
        "territory": territory_name(turn, ticket.territory),
        "theme": turn.world.knowledge.themes.get(ticket.theme or "", turn.texts("theme.unknown")),
        "url": f"{turn.world.public_url}/console/demandes/{ticket.number}",
    }
    question = questions.get(turn.session, ticket.question_id) if ticket.question_id is not None else None
    if (
        turn.world.notices == "full"
        and question is not None
        and question.channel == "telegram"
        and question.text
    ):
        return turn.texts("notice.full", question=question.text, **fields)
    return turn.texts("notice.short", **fields)


def _notify_all(turn: Turn, ticket: Ticket, recipients: Sequence[Referent], note: str) -> None:
    text = "\n\n".join(filter(None, (notice_text(turn, ticket), note or notes.mention(turn, ticket.number))))
    options = [
        Option("take", {"ticket": ticket.number}),
        Option("reply", {"ticket": ticket.number}),
        *likely.options(turn, ticket),
    ]
    theme = turn.world.knowledge.themes.get(ticket.theme or "", turn.texts("theme.unknown"))
    for referent in recipients:
        notify(
            turn,
            referent,
            text,
            options,
            ticket=ticket,
            mail_key="mail.notice",
            purpose=_purpose(ticket.stage),
            number=ticket.number,
            theme=theme,
            url=f"{turn.world.public_url}/console/demandes/{ticket.number}",
        )
    if ticket.stage != "national":
        _look_again(turn, ticket)


def _look_again(turn: Turn, ticket: Ticket) -> None:
    """In five minutes: whether a notice arrived, and whether the first to be told took the ticket."""
    queue.put_timer(
        turn.session,
        key=f"notice:{ticket.number}:{ticket.stage}:{turn.now.timestamp():.6f}",
        lane=f"timer:ticket:{ticket.number}",
        kind="check_notice",
        now=turn.now,
        due_at=turn.now + turn.world.patience.notice,
        number=ticket.number,
        stage=ticket.stage,
        since=turn.now.isoformat(),
    )


def _purpose(stage: str) -> str:
    return f"{_PURPOSE}{stage}"
