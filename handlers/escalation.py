"""Handing over: the ticket exists at once, then it finds who answers. Nobody is ever handed to nobody.

unrouted ──territory known──▶ territory ──no notice delivered──▶ deputy ──…──▶ national
    └──────ten minutes without a territory────────────────────────────────────▶ national
"""

from collections.abc import Sequence

from handlers import calendar
from handlers.delivery import Option, notify, say
from handlers.talk import Talk
from handlers.turn import Turn
from storage import directory, outbox, questions, queue, tickets
from storage.tables import Contact, Referent, Ticket

ANOTHER_QUESTION = Option("another")
_NEXT_STAGE = {"unrouted": "territory", "territory": "deputy", "deputy": "national"}


def hand_over(
    turn: Turn, contact: Contact, talk: Talk, *, question_id: int | None, theme: str | None
) -> Ticket:
    """Opens a ticket (or finds the one that is open) and tells the person its number."""
    ticket = _open_ticket_of(turn, contact, talk)
    if ticket is not None:
        say(turn, contact, "ticket.already", [ANOTHER_QUESTION], ticket=ticket, number=ticket.number)
        return ticket
    ticket = tickets.open_ticket(turn.session, contact, question_id=question_id, theme=theme, now=turn.now)
    talk.ticket, talk.rephrasing, talk.acknowledged_at = ticket.number, False, None
    _link_question(turn, question_id, ticket)
    say(turn, contact, "ticket.opened", ticket=ticket, number=ticket.number, day=_expected(turn))
    if contact.territory is None:
        ask_territory(turn, contact, talk, ticket)
    else:
        route(turn, ticket)
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
    ticket = _open_ticket_of(turn, contact, talk)
    if ticket is None:
        talk.awaiting = None
        say(turn, contact, "territory.kept", territory=territory_name(turn, code))
        return
    turn.session.flush()
    ticket.territory = code
    if ticket.state == "waiting":
        ticket.stage = "unrouted"
        turn.session.flush()
        route(turn, ticket)
    _announce(turn, contact, ticket)
    ask_structure(turn, contact, talk, ticket)


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


def confirm(turn: Turn, contact: Contact, talk: Talk, number: int, *, solved: bool) -> None:
    """After a closing the asker says whether it is solved; « non » opens the ticket again."""
    ticket = tickets.for_contact(turn.session, number, contact)
    if ticket is None or ticket.state != "closed":
        say(turn, contact, "choice.gone")
        return
    if not solved:
        reopen(turn, contact, talk, ticket)
        return
    ticket.solved = True
    tickets.note(turn.session, number, "confirmed", now=turn.now)
    say(turn, contact, "ticket.confirmed", ticket=ticket)


def reopen(turn: Turn, contact: Contact, talk: Talk, ticket: Ticket) -> None:
    """A closed ticket is opened again, in the hands of whoever had it."""
    to = "taken" if ticket.referent_id is not None else "waiting"
    if not tickets.transition(
        turn.session, ticket.number, of=("closed",), to=to, closed_at=None, solved=False
    ):
        say(turn, contact, "choice.gone")
        return
    talk.ticket, talk.acknowledged_at = ticket.number, None
    tickets.note(turn.session, ticket.number, "reopened", now=turn.now)
    say(turn, contact, "ticket.reopened", ticket=ticket, number=ticket.number)
    holder = directory.get(turn.session, ticket.referent_id) if ticket.referent_id is not None else None
    if holder is None or directory.absence(turn.session, holder.id, now=turn.now) is not None:
        tickets.transition(turn.session, ticket.number, of=("taken",), to="waiting", referent_id=None)
        ticket.stage = "unrouted"
        turn.session.flush()
        route(turn, ticket)
        return
    notify(
        turn,
        holder,
        turn.texts("notice.reopened", number=ticket.number),
        [Option("reply", {"ticket": ticket.number})],
        ticket=ticket,
        mail_key="mail.reopened",
        number=ticket.number,
        url=f"{turn.world.public_url}/console/demandes/{ticket.number}",
    )


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
            _notify_all(turn, ticket, recipients)
            return


def route_unanswered(turn: Turn, number: int) -> None:
    """The person did not say where they are within ten minutes."""
    ticket = tickets.get(turn.session, number)
    if ticket is not None and ticket.state == "waiting" and ticket.stage == "unrouted":
        route(turn, ticket)


def check_notice(turn: Turn, number: int, stage: str) -> None:
    """Five minutes after a notice: if no channel took it, the next ones are told."""
    ticket = tickets.get(turn.session, number)
    if ticket is None or ticket.state != "waiting" or ticket.stage != stage:
        return
    if not outbox.delivered(turn.session, number, _purpose(stage)):
        tickets.note(turn.session, number, "notice_undelivered", now=turn.now, detail=stage)
        route(turn, ticket)


def recipients_of_transfer(turn: Turn, ticket: Ticket) -> Sequence[Referent]:
    """Who is told after a ticket was passed on to a territory."""
    ticket.stage = "unrouted"
    turn.session.flush()
    route(turn, ticket)
    return _recipients(turn, ticket, ticket.stage)


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
            serving = directory.serving(turn.session, ticket.territory or "")
            return [r for r in serving if directory.absence(turn.session, r.id, now=turn.now) is None]
        case "deputy":
            return _deputies(turn, directory.serving(turn.session, ticket.territory or ""))
        case _:
            return list(directory.national_desk(turn.session))


def _deputies(turn: Turn, referents: Sequence[Referent]) -> list[Referent]:
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
        )


def _purpose(stage: str) -> str:
    return f"notice_{stage}"


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
        territory=territory_name(turn, ticket.territory),
        day=_expected(turn),
    )


def _expected(turn: Turn) -> str:
    return calendar.day_in_words(calendar.open_days_later(turn.today, turn.world.patience.reply_open_days))


def _open_ticket_of(turn: Turn, contact: Contact, talk: Talk) -> Ticket | None:
    if talk.ticket is None:
        return None
    ticket = tickets.for_contact(turn.session, talk.ticket, contact)
    return ticket if ticket is not None and ticket.state in tickets.OPEN else None


def _link_question(turn: Turn, question_id: int | None, ticket: Ticket) -> None:
    question = questions.get(turn.session, question_id) if question_id is not None else None
    if question is not None:
        question.ticket_number = ticket.number


def _names(stage: str, recipients: Sequence[Referent]) -> str:
    return f"{stage}: {', '.join(referent.name for referent in recipients) or '—'}"
