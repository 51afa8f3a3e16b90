"""Finding who answers: the territory's referents, their deputies, the national desk. Never nobody.

unrouted ──territory known──▶ territory ──no notice delivered──▶ deputy ──…──▶ national
    └──────ten minutes without a territory────────────────────────────────────▶ national
"""

from collections.abc import Sequence
from datetime import datetime

from handlers import promises
from handlers.delivery import Option, notify, say
from handlers.turn import Turn
from knowledge.texts import Raw
from storage import contacts, directory, outbox, questions, queue, tickets
from storage.outbox import Parcel
from storage.tables import Referent, Ticket

_PURPOSE = "notice_"
_NEXT_STAGE = {"unrouted": "territory", "territory": "deputy", "deputy": "national"}


def route(turn: Turn, ticket: Ticket) -> None:
    """Tells the next ones who could answer, until somebody is there: territory, deputies, national desk."""
    while ticket.stage != "national":
        stage = _NEXT_STAGE[ticket.stage] if ticket.territory is not None else "national"
        if not tickets.advance_stage(turn.session, ticket.number, of=ticket.stage, to=stage):
            return
        recipients = _recipients(turn, ticket, stage)
        if recipients or stage == "national":
            tickets.note(
                turn.session, ticket.number, "routed", now=turn.now, detail=_names(stage, recipients)
            )
            promises.make(turn, ticket, recipients)
            _notify_all(turn, ticket, recipients)
            return


def route_anew(turn: Turn, ticket: Ticket) -> None:
    """Starts over: the ticket has changed hands or place."""
    ticket.stage = "unrouted"
    promises.void(ticket)
    turn.session.flush()
    route(turn, ticket)


def check_notice(turn: Turn, number: int, stage: str, *, since: datetime) -> None:
    """Five minutes after the notices of `since`: if no channel took one, the next ones are told."""
    ticket = tickets.get(turn.session, number)
    if ticket is None or ticket.state != "waiting" or ticket.stage != stage:
        return
    if "sent" not in outbox.states_of(turn.session, number, _purpose(stage), since=since):
        tickets.note(turn.session, number, "notice_undelivered", now=turn.now, detail=stage)
        route(turn, ticket)


def notice_failed(turn: Turn, parcel: Parcel) -> None:
    """A notice cannot be delivered: when it was the last of its stage, nobody waits for the timer."""
    if not parcel.purpose.startswith(_PURPOSE) or parcel.ticket_number is None:
        return
    states = outbox.states_of(turn.session, parcel.ticket_number, parcel.purpose, since=parcel.created_at)
    if not states & {"waiting", "sending"}:
        stage = parcel.purpose.removeprefix(_PURPOSE)
        check_notice(turn, parcel.ticket_number, stage, since=parcel.created_at)


def recipients_of_transfer(turn: Turn, ticket: Ticket) -> Sequence[Referent]:
    """Who is told after a ticket was passed on to a territory."""
    route_anew(turn, ticket)
    return _recipients(turn, ticket, ticket.stage)


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


def answering(turn: Turn, ticket: Ticket) -> list[Referent]:
    """Who has to answer now: whoever has it, else who serves its territory, else the national desk."""
    holder = directory.get(turn.session, ticket.referent_id) if ticket.referent_id is not None else None
    candidates = [holder] if holder is not None else directory.serving(turn.session, ticket.territory or "")
    return _present(turn, candidates) or national_desk(turn)


def expected(turn: Turn, ticket: Ticket) -> Raw:
    """By when the asker may expect a reply, in the hours of who has to answer."""
    return promises.expected(turn, ticket, answering(turn, ticket))


def national_desk(turn: Turn) -> list[Referent]:
    """The national desk (else the administrators): those who are present, or all when nobody is."""
    desk = directory.national_desk(turn.session) or directory.administrators(turn.session)
    return _present(turn, desk) or list(desk)


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


def _recipients(turn: Turn, ticket: Ticket, stage: str) -> list[Referent]:
    match stage:
        case "territory":
            return _present(turn, directory.serving(turn.session, ticket.territory or ""))
        case "deputy":
            return deputies(turn, directory.serving(turn.session, ticket.territory or ""))
        case _:
            return national_desk(turn)


def _present(turn: Turn, referents: Sequence[Referent]) -> list[Referent]:
    return [r for r in referents if directory.absence(turn.session, r.id, now=turn.now) is None]


def deputies(turn: Turn, referents: Sequence[Referent]) -> list[Referent]:
    """Replacements named for an absence first, else the standing deputies; themselves present."""
    found: dict[int, Referent] = {}
    for referent in referents:
        absence = directory.absence(turn.session, referent.id, now=turn.now)
        deputy_id = (absence.replacement_id if absence else None) or referent.deputy_id
        deputy = directory.get(turn.session, deputy_id) if deputy_id else None
        if deputy is not None and directory.absence(turn.session, deputy.id, now=turn.now) is None:
            found[deputy.id] = deputy
    return list(found.values())


def _notify_all(turn: Turn, ticket: Ticket, recipients: Sequence[Referent]) -> None:
    text = notice_text(turn, ticket)
    options = [
        Option("take", {"ticket": ticket.number}),
        Option("reply", {"ticket": ticket.number}),
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
        queue.put_timer(
            turn.session,
            key=f"notice:{ticket.number}:{ticket.stage}:{turn.now.timestamp():.0f}",
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


def _names(stage: str, recipients: Sequence[Referent]) -> str:
    return f"{stage}: {', '.join(referent.name for referent in recipients) or '—'}"
