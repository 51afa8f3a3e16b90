"""What referents may command from the chat: their list, and what they do with a ticket of it."""

import re
from collections.abc import Callable

from handlers import (
    absence,
    blocking_chat,
    greeting,
    hours_command,
    lessons_chat,
    login,
    meeting_chat,
    notes,
    quality_chat,
    referent,
    referent_chat,
    routing,
    staff,
    structure_chat,
    template_chat,
    transfer_chat,
    week_chat,
    week_draft,
)
from handlers.delivery import Option, say, say_refused, tell
from handlers.errors import Refused
from handlers.events import CommandGiven
from handlers.turn import Turn
from knowledge.normalising import fold
from knowledge.texts import Raw
from storage import tickets
from storage.tables import Contact, Referent, Ticket

LISTED = 10
_NUMBER = re.compile(r"(?:n\s*[°º]?|#)?\s*(\d{1,9})(?:\s+(.*))?", re.ASCII | re.DOTALL | re.IGNORECASE)


def give(turn: Turn, contact: Contact, event: CommandGiven) -> bool:
    """Does a referent's command; False if it is none of theirs."""
    doing = COMMANDS.get(event.name)
    writer = referent_chat.of(turn, contact) if doing is not None else None
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
    outcome = referent.take(turn, writer, number, over=fold(rest) == "quand meme")
    referent_chat.report(turn, contact, outcome, "desk.taken", number)


def _reply_command(turn: Turn, contact: Contact, writer: Referent, event: CommandGiven) -> None:
    number, text = _number(event.argument)
    if number is None:
        say(turn, contact, "desk.usage_reply")
    elif (template := template_chat.named(text)) is not None:
        template_chat.offer(turn, contact, writer, number, template)
    elif text:
        referent_chat.reply(turn, contact, writer, number, text, source=event.external_id)
    else:
        referent_chat.begin_reply(turn, contact, number)


def _pass_on(turn: Turn, contact: Contact, writer: Referent, event: CommandGiven) -> None:
    number, target = _number(event.argument)
    if number is None or not target:
        say(turn, contact, "desk.usage_pass")
        return
    transfer_chat.pass_on(turn, contact, writer, number, target)


def _close(turn: Turn, contact: Contact, writer: Referent, event: CommandGiven) -> None:
    number, _ = _number(event.argument)
    if number is None:
        say(turn, contact, "desk.usage_close")
        return
    outcome = referent.close(turn, writer, number)
    if isinstance(outcome, Refused):
        say_refused(turn, contact, outcome)
        return
    lessons_chat.closed(turn, contact, outcome)


def _note(turn: Turn, contact: Contact, writer: Referent, event: CommandGiven) -> None:
    number, text = _number(event.argument)
    if number is None:
        say(turn, contact, "desk.usage_note")
        return
    outcome = notes.add(turn, writer, number, text)
    if isinstance(outcome, Refused):
        say_refused(turn, contact, outcome)
        return
    say(turn, contact, "note.kept", number=number)


def _absent(turn: Turn, contact: Contact, writer: Referent, event: CommandGiven) -> None:
    outcome = absence.command(turn, writer, event.argument, by=writer)
    if isinstance(outcome, Refused):
        say_refused(turn, contact, outcome)
    else:
        tell(turn, contact, outcome)


def _templates(turn: Turn, contact: Contact, _writer: Referent, _event: CommandGiven) -> None:
    template_chat.show_all(turn, contact)


def _console(turn: Turn, contact: Contact, writer: Referent, _event: CommandGiven) -> None:
    say(turn, contact, "login.link", url=Raw(login.link(turn, writer)))


def _help(turn: Turn, contact: Contact, writer: Referent, _event: CommandGiven) -> None:
    """What they may do here by their role, before what everybody may."""
    say(turn, contact, "desk.help", rights=staff.rights_in_words(turn, writer))
    greeting.help_text(turn, contact)


COMMANDS: dict[str, Callable[[Turn, Contact, Referent, CommandGiven], None]] = {
    "aide": _help,
    "help": _help,
    "demandes": _list,
    "prendre": _take,
    "repondre": _reply_command,
    "transmettre": _pass_on,
    "clore": _close,
    "note": _note,
    "modeles": _templates,
    "absent": _absent,
    "horaires": hours_command.give,
    "action": meeting_chat.give,
    week_draft.COMMAND: week_chat.give,
    "blocage": blocking_chat.give,
    "juger": quality_chat.give,
    "structure": structure_chat.give,
    "structures": structure_chat.stuck,
    "console": _console,
}
"""The table of contents of what referents can do from the chat."""


def _number(argument: str) -> tuple[int | None, str]:
    """« 12 Bonjour », « n° 12 », « #12 » → the ticket and what comes after it."""
    found = _NUMBER.fullmatch(argument.strip())
    return (int(found[1]), (found[2] or "").strip()) if found is not None else (None, argument)
