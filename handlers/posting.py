"""How a row of the transcript goes out: in as many messages as its channel needs, each an outbox item."""

from typing import Any

from handlers.turn import Turn
from storage import outbox
from storage.revisions import CHANGE as CHANGE
from storage.tables import Contact, File, Transcript

SENT_CHANNELS = frozenset({"telegram"})
REPLY = "reply"
"""The purpose of what a referent says to an asker."""


def goes_out(contact: Contact) -> bool:
    """Whether what is said to this contact goes out by the outbox; the web reads the transcript."""
    return contact.address.split(":", 1)[0] in SENT_CHANNELS and contact.unreachable_at is None


def parts(
    turn: Turn, contact: Contact, row: Transcript, *, heading: str | None = None, reply_to: str | None = None
) -> list[dict[str, Any]]:
    """The messages that a row makes, in order: what the sender of the contact's channel takes."""
    text = f"{heading}\n\n{row.text}" if heading is not None else row.text
    pages = turn.world.pages[contact.address.split(":", 1)[0]](text, row.markup)
    choices = [{"id": choice["id"], "label": choice["label"]} for choice in row.offered]
    return [
        {
            "kind": "message",
            "text": page,
            "markup": row.markup,
            "choices": choices if index == len(pages) - 1 else [],
            "reply_to": reply_to if index == 0 else None,
        }
        for index, page in enumerate(pages)
    ]


def post(
    turn: Turn,
    contact: Contact,
    row: Transcript,
    *,
    purpose: str,
    heading: str | None = None,
    reply_to: str | None = None,
    author_id: int | None = None,
) -> None:
    """Queues a row, where the channel is not the web."""
    if goes_out(contact):
        for payload in parts(turn, contact, row, heading=heading, reply_to=reply_to):
            put(turn, contact, row, payload, purpose=purpose, author_id=author_id)


def file_payload(turn: Turn, row: Transcript, file: File, *, caption: str) -> dict[str, Any]:
    """The message that carries a file that is kept here: its bytes are asked for when it is sent."""
    heading = turn.texts("ticket.reply_heading", number=row.ticket_number)
    return {
        "kind": "file",
        "file": file.id,
        "name": file.name,
        "size": file.size,
        "mime": file.mime,
        "caption": f"{heading}\n\n{caption}".strip(),
    }


def put(
    turn: Turn,
    contact: Contact,
    row: Transcript,
    payload: dict[str, Any],
    *,
    purpose: str,
    author_id: int | None,
) -> None:
    """Queues one message that has to do with a row."""
    outbox.put(
        turn.session,
        lane=contact.address,
        payload=payload,
        now=turn.now,
        transcript_id=row.id,
        ticket_number=row.ticket_number,
        author_id=author_id,
        purpose=purpose,
    )
