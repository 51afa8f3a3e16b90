"""Reply templates from the chat: the list, then one filled in, shown, and sent only when a button says so."""

import re

from handlers import referent, referent_chat, writing
from handlers.delivery import Option, say, say_refused
from handlers.errors import Refused
from handlers.turn import Turn
from knowledge.replies import ReplyTemplate
from knowledge.texts import Raw
from knowledge.writing import light
from storage.tables import Contact, Referent

_NAMED = re.compile(r"#\s?([a-z0-9-]{1,60})", re.IGNORECASE)


def named(text: str) -> str | None:
    """The template that « #resolu » names; None for any other text, which is a reply."""
    found = _NAMED.fullmatch(text.strip())
    return found[1].lower() if found is not None else None


def show_all(turn: Turn, contact: Contact) -> None:
    """`/modeles`: every template by its name."""
    templates = turn.world.knowledge.templates.values()
    if not templates:
        say(turn, contact, "template.none")
        return
    lines = Raw("\n".join(_line(turn, template) for template in templates))
    say(turn, contact, "template.list", lines=lines)


def offer(turn: Turn, contact: Contact, writer: Referent, number: int, template_id: str) -> None:
    """Shows what would go out, word for word, with the button that sends it."""
    ticket = referent.answerable(turn, writer, number)
    if isinstance(ticket, Refused):
        say_refused(turn, contact, ticket)
        return
    template = turn.world.knowledge.templates.get(template_id)
    if template is None:
        say(turn, contact, "template.unknown", id=template_id)
        return
    text = writing.filled(turn, writer, ticket, template)
    referent_chat.expect(turn, writer, draft=text, ticket=number, template=template.id)
    given: dict[str, str | int] = {"ticket": number, "template": template.id}
    options = [Option("send_template", given), Option("drop_template")]
    shown = Raw(light(text, own=turn.world.public_url))
    say(turn, contact, "template.preview", options, ticket=ticket, number=number, text=shown)


def send(turn: Turn, contact: Contact, number: int, template_id: str) -> None:
    """What the button under a preview does, once, and only for the newest one."""
    writer = referent_chat.of(turn, contact)
    if writer is None:
        say(turn, contact, "choice.gone")
        return
    shown = (referent_chat.awaited(turn, writer, "ticket"), referent_chat.awaited(turn, writer, "template"))
    text = referent_chat.awaited(turn, writer, "draft")
    if text is None or shown != (number, template_id):
        say(turn, contact, "desk.nothing_held")
        return
    writer.awaiting = None
    outcome = referent.reply(turn, writer, number, str(text), markup=True)
    referent_chat.report(turn, contact, outcome, "desk.sent", number)


def drop(turn: Turn, contact: Contact) -> None:
    """The other button: nothing goes out, and the first one does nothing any more."""
    writer = referent_chat.of(turn, contact)
    if writer is not None:
        writer.awaiting = None
    say(turn, contact, "template.dropped")


def _line(turn: Turn, template: ReplyTemplate) -> str:
    return turn.texts("template.line", id=template.id, title=template.title)
