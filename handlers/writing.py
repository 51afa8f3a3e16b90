"""What a referent may put into a reply: a template, an entry or a link to it, a reply that worked before.

All of it is text for the referent's field: nothing is sent with it before they send it.
"""

import re

from handlers import answer, holds, routing, suggestions
from handlers.errors import Refused, refused
from handlers.turn import Turn
from knowledge import answering
from knowledge.entries import Entry
from knowledge.replies import ReplyTemplate
from storage import contacts, shared_replies, tickets
from storage.tables import Referent, Ticket

_BRACKET = re.compile(r"([\[\]])")


def insertion(turn: Turn, referent: Referent, number: int, what: str, which: str) -> str | Refused:
    """The text for a ticket's reply; `what` is modele, fiche, lien, resolue or type, `which` its id."""
    ticket = tickets.for_referent(turn.session, number, referent)
    if ticket is None:
        return refused("desk.not_found", number=number)
    base = turn.world.knowledge
    match what:
        case "modele" if which in base.templates:
            return filled(turn, referent, ticket, base.templates[which])
        case "fiche" | "lien" if (entry := base.entry(which)) is not None:
            if not holds.sayable(turn, [entry]):
                return refused("insertion.entry_held")
            return link(turn, ticket, entry) if what == "lien" else _answer(turn, ticket, entry)
        case "resolue" | "type":
            return _written_before(turn, referent, what, which) or refused("insertion.gone")
        case _:
            return refused("insertion.gone")


def filled(turn: Turn, referent: Referent, ticket: Ticket, template: ReplyTemplate) -> str:
    """A template with what this ticket puts into its blanks; every link leads to an entry that exists."""
    known = turn.world.knowledge.territories.by_code(ticket.territory or "") is not None
    place = (
        routing.territory_name(turn, ticket.territory) if known else turn.texts("template.territory_unknown")
    )
    values = {"territoire": place, "référent": referent.name, "numéro": str(ticket.number)}
    entries = turn.world.knowledge.entries
    return template.filled(values, lambda entry_id: link(turn, ticket, entries[entry_id]))


def link(turn: Turn, ticket: Ticket, entry: Entry) -> str:
    """A public link to an entry, named by its title: within Telegram for who asks there, else on the web."""
    contact = contacts.get(turn.session, ticket.contact_id) if ticket.contact_id is not None else None
    title = _BRACKET.sub(r"\\\1", entry.title)
    if contact is not None and contact.address.startswith("telegram:") and turn.world.telegram_name:
        return f"[{title}](https://t.me/{turn.world.telegram_name}?start={entry.id})"
    return f"[{title}]({turn.world.public_url}/fiches/{entry.id})"


def _answer(turn: Turn, ticket: Ticket, entry: Entry) -> str:
    audience = answer.audience_named(ticket.audience)
    return answering.quoted(turn.world.knowledge, entry, audience=audience, on=turn.today)


def _written_before(turn: Turn, referent: Referent, what: str, which: str) -> str | None:
    """A solved ticket's reply, or a reply that a colleague shares."""
    if not (which.isascii() and which.isdigit() and len(which) < 10):
        return None
    if what == "resolue":
        return suggestions.reply_that_worked(turn, referent, int(which))
    shared = shared_replies.get(turn.session, int(which))
    return shared.text if shared is not None else None
