"""How something is said: a row of the transcript and, where the channel has one, an item of the outbox.

The web reads the transcript; Telegram and mail are sent from the outbox. A choice is stored under the row
that offers it, and its id (`<row>.<index>`) is all that travels: a forged one finds nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from handlers import ways
from handlers.errors import Refused
from handlers.posting import REPLY, SENT_CHANNELS, file_payload, goes_out, post, put
from handlers.turn import Turn
from knowledge.markup import plain
from storage import outbox, transcript
from storage.tables import Contact, File, Referent, Ticket, Transcript

_CHOICE_ID = re.compile(r"(\d{1,18})\.(\d{1,3})", re.ASCII)
"""Databases count to 2⁶³: a longer number would be an error there, not a row that is missing."""
MAIL_NOTICE = "mail_notice"
"""Purpose of the mails that tell a person of replies."""


@dataclass(frozen=True, slots=True)
class Option:
    """A button: what it does, and what people read: `label`, else the sentence `choice.<text or do>`."""

    do: str
    given: dict[str, str | int] = field(default_factory=dict)
    label: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """Two charts to draw: upright `columns`, of which the last is meant, and lying `bars`, with words."""

    title: str
    columns: tuple[tuple[str, int], ...]
    bars: tuple[tuple[str, int], ...]


def say(
    turn: Turn,
    contact: Contact,
    key: str,
    options: Sequence[Option] = (),
    *,
    ticket: Ticket | None = None,
    reply_to: str | None = None,
    **fields: object,
) -> Transcript:
    """Says a sentence of `texts/fr.yaml`."""
    return tell(turn, contact, turn.texts(key, **fields), options, ticket=ticket, reply_to=reply_to)


def tell(
    turn: Turn,
    contact: Contact,
    markdown: str,
    options: Sequence[Option] = (),
    *,
    ticket: Ticket | None = None,
    reply_to: str | None = None,
    purpose: str = "say",
) -> Transcript:
    """Says something ready in light Markdown."""
    number = ticket.number if ticket is not None else None
    row = transcript.add(
        turn.session,
        contact,
        author="bot",
        text=markdown,
        markup=True,
        at=turn.now,
        ticket_number=number,
        choices=_choices(turn, options) or None,
    )
    post(turn, contact, row, reply_to=reply_to, purpose=purpose)
    return row


def pass_on_reply(
    turn: Turn,
    contact: Contact,
    text: str,
    options: Sequence[Option] = (),
    *,
    referent: Referent,
    ticket: Ticket,
    markup: bool = False,
) -> Transcript:
    """Gives a referent's words to the asker: as they were written, or light Markdown (`markup`)."""
    row = transcript.add(
        turn.session,
        contact,
        author="referent",
        text=text,
        markup=markup,
        at=turn.now,
        ticket_number=ticket.number,
        referent_id=referent.id,
        choices=_choices(turn, options),
    )
    heading = turn.texts("ticket.reply_heading", number=ticket.number)
    post(turn, contact, row, heading=heading, author_id=referent.id, purpose=REPLY)
    send_mail_notice(turn, contact, ticket)
    return row


def pass_on_media(
    turn: Turn,
    address: str,
    *,
    origin: str,
    message_id: str,
    ticket: Ticket,
    author_id: int | None = None,
    transcript_id: int | None = None,
) -> None:
    """Passes something unread from one chat of the same channel to another, by its id alone."""
    payload = {"kind": "copy", "from_chat": int(origin.split(":", 1)[1]), "message_id": int(message_id)}
    outbox.put(
        turn.session,
        lane=address,
        payload=payload,
        now=turn.now,
        transcript_id=transcript_id,
        ticket_number=ticket.number,
        author_id=author_id,
        purpose="media",
    )


def pass_on_file(
    turn: Turn, contact: Contact, row: Transcript, file: File, *, caption: str, author_id: int
) -> None:
    """Sends a file that is kept here, with its row's words, where the channel is not the web."""
    if goes_out(contact):
        payload = file_payload(turn, row, file, caption=caption)
        put(turn, contact, row, payload, purpose=REPLY, author_id=author_id)


def same_channel(address: str, other: str) -> bool:
    """Whether something can be passed on by its id alone."""
    return address.split(":", 1)[0] == other.split(":", 1)[0]


def leave(turn: Turn, address: str) -> None:
    """Says goodbye to a chat that is not private."""
    farewell = {"kind": "message", "text": turn.texts("group.leaving"), "markup": True, "choices": []}
    outbox.put(turn.session, lane=address, payload=farewell, now=turn.now, purpose="leave")
    outbox.put(turn.session, lane=address, payload={"kind": "leave"}, now=turn.now, purpose="leave")


def send_document(turn: Turn, contact: Contact, *, name: str, content: str) -> None:
    """Sends a small text file, where the channel can."""
    if contact.address.split(":", 1)[0] in SENT_CHANNELS:
        payload = {"kind": "document", "filename": name, "content": content}
        outbox.put(turn.session, lane=contact.address, payload=payload, now=turn.now, purpose="document")


def send_picture(turn: Turn, contact: Contact, picture: Picture) -> None:
    """Sends a chart, where the channel can; it is drawn when it is sent."""
    if goes_out(contact):
        payload = {
            "kind": "photo",
            "title": plain(picture.title),
            "columns": list(picture.columns),
            "bars": list(picture.bars),
        }
        outbox.put(turn.session, lane=contact.address, payload=payload, now=turn.now, purpose="picture")


def notify(
    turn: Turn,
    referent: Referent,
    markdown: str,
    options: Sequence[Option] = (),
    *,
    ticket: Ticket | None = None,
    mail_key: str | None = None,
    purpose: str = "notice",
    **fields: object,
) -> None:
    """Tells a referent something by the way they chose; mail holds the sentence `mail_key` alone."""
    chosen = ways.of_notices(turn, referent, by_mail=mail_key is not None)
    if "telegram" in chosen:
        contact = ways.telegram_contact(turn, referent)
        tell(turn, contact, markdown, options, ticket=ticket, purpose=purpose)
    if "mail" in chosen and referent.email is not None and mail_key is not None:
        send_mail(turn, referent.email, mail_key, ticket=ticket, purpose=purpose, **fields)


def send_mail(
    turn: Turn,
    address: str,
    key: str,
    *,
    ticket: Ticket | None = None,
    purpose: str = "notice",
    **fields: object,
) -> None:
    """Queues a mail: `<key>_subject` and `<key>` of the texts."""
    payload = {
        "kind": "mail",
        "subject": turn.texts(f"{key}_subject", **fields),
        "text": turn.texts(key, **fields),
    }
    number = ticket.number if ticket is not None else None
    outbox.put(
        turn.session,
        lane=f"mail:{address}",
        payload=payload,
        now=turn.now,
        ticket_number=number,
        purpose=purpose,
    )


def say_refused(turn: Turn, contact: Contact, refused: Refused, options: Sequence[Option] = ()) -> None:
    """Says why nothing was done, and what could be done instead."""
    tell(turn, contact, turn.texts(refused.text, **dict(refused.fields)), options)


def chosen(turn: Turn, contact: Contact, choice: str) -> dict[str, Any] | None:
    """What the choice with this id does, if it was offered to this contact and still stands."""
    made_by_us = _CHOICE_ID.fullmatch(choice)
    if made_by_us is None:
        return None
    row, index = transcript.get(turn.session, int(made_by_us[1])), int(made_by_us[2])
    if row is None or row.contact_id != contact.id or not row.choices or index >= len(row.choices):
        return None
    found: dict[str, Any] = row.choices[index]
    return found


def _choices(turn: Turn, options: Sequence[Option]) -> list[dict[str, Any]]:
    return [{"label": _label(turn, option), "do": option.do, "given": option.given} for option in options]


def _label(turn: Turn, option: Option) -> str:
    return option.label if option.label is not None else turn.texts(f"choice.{option.text or option.do}")


def send_mail_notice(turn: Turn, contact: Contact, ticket: Ticket) -> None:
    """The asker left an address to be told of replies; the mail holds no word of them."""
    if contact.mail_notice and turn.world.mail:
        send_mail(
            turn,
            contact.mail_notice,
            "mail.reply",
            ticket=ticket,
            purpose=MAIL_NOTICE,
            number=ticket.number,
            url=turn.world.public_url,
        )
