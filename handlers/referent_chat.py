"""Referents who work from the chat: what they write and press there, and what they are told."""

from collections.abc import Callable, Sequence

from handlers import absence, invitations, login, referent, routing
from handlers.delivery import Option, notify, pass_on_media, say, say_refused
from handlers.errors import Refused
from handlers.events import CommandGiven, MediaReceived, MessageReceived
from handlers.talk import Talk
from handlers.turn import Turn
from knowledge.texts import Raw
from storage import contacts, directory, questions, receipts, tickets
from storage.tables import Contact, Referent, Ticket, Transcript

LISTED = 10


def of(turn: Turn, contact: Contact) -> Referent | None:
    """The referent behind a contact: by account number, never by a name that anybody may take."""
    channel, _, number = contact.address.partition(":")
    return directory.by_telegram(turn.session, int(number)) if channel == "telegram" else None


def takes(turn: Turn, contact: Contact, event: MessageReceived) -> bool:
    """Whether a message is a referent's reply; one that could be meant for several tickets is held back."""
    writer = of(turn, contact)
    if writer is None or not event.text.strip():
        return False
    number = _ticket_answered(turn, contact, event.reply_to)
    awaited = (writer.awaiting or {}).get("reply")
    if number is None and awaited is not None:
        number = int(awaited)
    if number is not None:
        _reply(turn, contact, writer, number, event.text)
        return True
    mine = tickets.listed(turn.session, writer, "mine", limit=5)
    if event.reply_to is None and not mine:
        return False
    writer.awaiting = {"held": event.text}
    options = [
        Option("reply_to", {"ticket": t.number}, label=turn.texts("desk.ticket", number=t.number))
        for t in mine
    ]
    say(turn, contact, "desk.which", [*options, Option("ask_bot")])
    return True


def takes_media(turn: Turn, contact: Contact, event: MediaReceived) -> bool:
    """A referent's photo or document in reply to a ticket goes to the asker by its id."""
    writer = of(turn, contact)
    number = _ticket_answered(turn, contact, event.reply_to) if writer is not None else None
    ticket = tickets.for_referent(turn.session, number, writer) if number and writer else None
    asker = contacts.get(turn.session, ticket.contact_id) if ticket and ticket.contact_id else None
    if writer is None or ticket is None or asker is None:
        return False
    if not asker.address.startswith("telegram:"):
        say(turn, contact, "desk.media_not_possible", number=ticket.number)
        return True
    pass_on_media(turn, asker.address, origin=contact.address, message_id=event.external_id, ticket=ticket)
    say(turn, contact, "desk.media_sent", number=ticket.number)
    return True


def take(turn: Turn, contact: Contact, number: int) -> None:
    writer = of(turn, contact)
    if writer is None:
        say(turn, contact, "choice.gone")
        return
    _report(turn, contact, referent.take(turn, writer, number), "desk.taken", number)


def begin_reply(turn: Turn, contact: Contact, number: int) -> None:
    """The next message of this referent is the reply to this ticket."""
    writer = of(turn, contact)
    if writer is None or tickets.for_referent(turn.session, number, writer) is None:
        say(turn, contact, "choice.gone")
        return
    writer.awaiting = {"reply": number}
    say(turn, contact, "desk.write_reply", number=number)


def send_held(turn: Turn, contact: Contact, number: int) -> None:
    """The referent said which ticket the message held back was for."""
    writer = of(turn, contact)
    held = (writer.awaiting or {}).get("held") if writer is not None else None
    if writer is None or held is None:
        say(turn, contact, "choice.gone")
        return
    _reply(turn, contact, writer, number, held)


def ask_bot(turn: Turn, contact: Contact, talk: Talk) -> None:
    """The message held back was none: the referent may ask the robot like anybody."""
    writer = of(turn, contact)
    if writer is not None:
        writer.awaiting = None
    talk.ticket = None
    say(turn, contact, "desk.ask_bot")


def tell_holder(turn: Turn, ticket: Ticket, row: Transcript, *, edited: bool = False) -> None:
    """Tells whoever has the ticket that the asker wrote."""
    holder = directory.get(turn.session, ticket.referent_id) if ticket.referent_id is not None else None
    if holder is None:
        return
    key = "notice.edited" if edited else "notice.message"
    text = turn.texts(key, number=ticket.number)
    asker = contacts.get(turn.session, row.contact_id)
    if turn.world.notices == "full" and asker is not None and asker.address.startswith("telegram:"):
        text = turn.texts(f"{key}_full", number=ticket.number, text=row.text)
    notify(
        turn,
        holder,
        text,
        [Option("reply", {"ticket": ticket.number})],
        ticket=ticket,
        mail_key="mail.message",
        number=ticket.number,
        url=f"{turn.world.public_url}/console/demandes/{ticket.number}",
    )


def tell_unreachable(turn: Turn, ticket: Ticket) -> None:
    """The asker cannot be reached any more."""
    holder = directory.get(turn.session, ticket.referent_id) if ticket.referent_id is not None else None
    if holder is not None:
        notify(turn, holder, turn.texts("notice.unreachable", number=ticket.number), ticket=ticket)


def accept_invitation(turn: Turn, contact: Contact, token: str) -> None:
    outcome = invitations.accept(turn, contact.address, token)
    say(turn, contact, outcome.text if isinstance(outcome, Refused) else "invitation.accepted")


def confirm_account(turn: Turn, contact: Contact, invitation: str) -> None:
    admin = of(turn, contact)
    done = admin is not None and invitations.confirm(turn, admin, invitation)
    say(turn, contact, "invitation.confirmed" if done else "choice.gone")


def refuse_account(turn: Turn, contact: Contact, invitation: str) -> None:
    admin = of(turn, contact)
    done = admin is not None and invitations.refuse(turn, admin, invitation)
    say(turn, contact, "invitation.refused" if done else "choice.gone")


def commands(turn: Turn, contact: Contact, event: CommandGiven) -> bool:
    """Does a referent's command; False if it is none of theirs."""
    doing = COMMANDS.get(event.name)
    writer = of(turn, contact) if doing is not None else None
    if doing is None or writer is None:
        return False
    doing(turn, contact, writer, event)
    return True


def _list(turn: Turn, contact: Contact, writer: Referent, _event: CommandGiven) -> None:
    listed = tickets.listed(turn.session, writer, "territories", limit=LISTED)
    if not listed:
        say(turn, contact, "desk.no_tickets")
        return
    lines = Raw("\n".join(_line(turn, ticket) for ticket in listed))
    waiting = [ticket for ticket in listed if ticket.state == "waiting"]
    options = [
        Option("take", {"ticket": t.number}, label=turn.texts("desk.take", number=t.number)) for t in waiting
    ]
    say(
        turn,
        contact,
        "desk.tickets",
        options,
        lines=lines,
        count=tickets.count(turn.session, writer, "territories"),
    )


def _line(turn: Turn, ticket: Ticket) -> str:
    return turn.texts(
        "desk.line",
        number=ticket.number,
        state=turn.texts(f"ticket.state.{ticket.state}"),
        audience=turn.texts(f"audience.{ticket.audience or 'unknown'}"),
        territory=routing.territory_name(turn, ticket.territory),
        theme=turn.world.knowledge.themes.get(ticket.theme or "", turn.texts("theme.unknown")),
    )


def _take(turn: Turn, contact: Contact, writer: Referent, event: CommandGiven) -> None:
    number, rest = _number(event.argument)
    if number is None:
        say(turn, contact, "desk.usage_take")
        return
    outcome = referent.take(turn, writer, number, over=rest.strip().lower() == "quand même")
    _report(turn, contact, outcome, "desk.taken", number)


def _reply_command(turn: Turn, contact: Contact, writer: Referent, event: CommandGiven) -> None:
    number, text = _number(event.argument)
    if number is None:
        say(turn, contact, "desk.usage_reply")
    elif text:
        _reply(turn, contact, writer, number, text)
    else:
        begin_reply(turn, contact, number)


def _pass_on(turn: Turn, contact: Contact, writer: Referent, event: CommandGiven) -> None:
    number, target = _number(event.argument)
    if number is None or not target:
        say(turn, contact, "desk.usage_pass")
        return
    outcome = referent.pass_on(turn, writer, number, target)
    if isinstance(outcome, Refused):
        say_refused(turn, contact, outcome)
        return
    names = ", ".join(colleague.name for colleague in outcome) or turn.texts("role.national")
    say(turn, contact, "desk.passed", number=number, names=names)


def _close(turn: Turn, contact: Contact, writer: Referent, event: CommandGiven) -> None:
    number, _ = _number(event.argument)
    if number is None:
        say(turn, contact, "desk.usage_close")
        return
    _report(turn, contact, referent.close(turn, writer, number), "desk.closed_now", number)


def _absent(turn: Turn, contact: Contact, writer: Referent, event: CommandGiven) -> None:
    outcome = absence.declare(turn, writer, event.argument)
    if isinstance(outcome, Refused):
        say_refused(turn, contact, outcome)
        return
    say(turn, contact, "absence.kept", start=outcome[0], end=outcome[1])


def _console(turn: Turn, contact: Contact, writer: Referent, _event: CommandGiven) -> None:
    say(turn, contact, "login.link", url=Raw(login.link(turn, writer)))


COMMANDS: dict[str, Callable[[Turn, Contact, Referent, CommandGiven], None]] = {
    "demandes": _list,
    "prendre": _take,
    "repondre": _reply_command,
    "transmettre": _pass_on,
    "clore": _close,
    "absent": _absent,
    "console": _console,
}
"""The table of contents of what referents can do from the chat."""


def _reply(turn: Turn, contact: Contact, writer: Referent, number: int, text: str) -> None:
    writer.awaiting = None
    _report(turn, contact, referent.reply(turn, writer, number, text), "desk.sent", number)


def _report(turn: Turn, contact: Contact, outcome: Ticket | Refused, done: str, number: int) -> None:
    if isinstance(outcome, Refused):
        say_refused(turn, contact, outcome)
        return
    options: Sequence[Option] = ()
    if done == "desk.taken":
        options = [Option("reply", {"ticket": number})]
    say(turn, contact, done, options, ticket=outcome, number=number, question=_asked(turn, outcome))


def _asked(turn: Turn, ticket: Ticket) -> str:
    """The question, for whoever took the ticket, if it came by the same channel."""
    question = questions.get(turn.session, ticket.question_id) if ticket.question_id is not None else None
    if (
        turn.world.notices == "full"
        and question is not None
        and question.channel == "telegram"
        and question.text
    ):
        return question.text
    return f"{turn.world.public_url}/console/demandes/{ticket.number}"


def _ticket_answered(turn: Turn, contact: Contact, reply_to: str | None) -> int | None:
    if reply_to is None:
        return None
    receipt = receipts.find(turn.session, contact.address, reply_to)
    return receipt.ticket_number if receipt is not None else None


def _number(argument: str) -> tuple[int | None, str]:
    first, _, rest = argument.strip().partition(" ")
    first = first.lstrip("n°#")
    return (
        (int(first), rest.strip())
        if first.isascii() and first.isdigit() and len(first) < 10
        else (None, rest)
    )
