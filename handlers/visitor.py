"""What the web needs at once, before the worker's turn: the visitor's message, links, the end of a visit."""

import re
from datetime import timedelta
from typing import Literal

from handlers.delivery import chosen
from handlers.errors import Refused, refused
from handlers.talk import Talk
from handlers.turn import Turn
from storage import queue, secrets, tickets, transcript
from storage.tables import Contact

LINK_LASTS = timedelta(days=183)
_MAIL = re.compile(r"[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+")


def receive(
    turn: Turn, contact: Contact, *, client_id: str, text: str | None = None, choice: str | None = None
) -> Literal["new", "known", "unknown_choice"]:
    """Accepts a message or a choice: its transcript row and its inbox item in this one transaction.

    The same `client_id` again is the same message. A choice that was never offered is refused at once.
    """
    label = text
    if choice is not None:
        found = chosen(turn, contact, choice)
        if found is None:
            return "unknown_choice"
        label = found["label"]
    if transcript.by_client_id(turn.session, contact.id, client_id) is not None:
        return "known"
    row = transcript.add(
        turn.session, contact, author="visitor", text=label or "", at=turn.now, client_id=client_id
    )
    contact.informed_at = (
        contact.informed_at or turn.now
    )  # the page shows the notice before the first message
    payload = {"door": "web", "address": contact.address, "id": client_id, "row": row.id}
    payload |= {"choice": choice} if choice is not None else {"text": text}
    queue.put(
        turn.session,
        key=f"{contact.address}:{client_id}",
        lane=contact.address,
        payload=payload,
        now=turn.now,
    )
    return "new"


def current_ticket(turn: Turn, contact: Contact) -> int | None:
    """The number of the open demand that the page shows."""
    number = Talk.of(contact).ticket
    ticket = tickets.for_contact(turn.session, number, contact) if number is not None else None
    return ticket.number if ticket is not None and ticket.state in tickets.OPEN else None


def personal_link(turn: Turn, contact: Contact) -> str:
    """A link that opens this conversation on any device; the one before it is void."""
    secrets.revoke_all(turn.session, "link", contact_id=contact.id)
    token = secrets.new(turn.session, "link", now=turn.now, lasts=LINK_LASTS, contact_id=contact.id)
    return f"{turn.world.public_url}/d/{token}"


def ask_mail_notice(turn: Turn, contact: Contact, email: str) -> Refused | None:
    """Keeps an address for telling of replies to the open demand, and for this alone."""
    email = email.strip()
    if not _MAIL.fullmatch(email) or len(email) > 254:
        return refused("mail.invalid_address")
    if current_ticket(turn, contact) is None:
        return refused("ticket.none")
    contact.mail_notice = email
    return None


def end(turn: Turn, token: str) -> None:
    """Closes the conversation on this computer; an open demand lives on behind its personal link."""
    secrets.revoke(turn.session, token)
