"""A referent changes, deletes or sends again what they told an asker; each channel as far as it can."""

from datetime import timedelta
from typing import Any

from handlers import media, posting
from handlers.errors import Refused, refused
from handlers.turn import Turn
from knowledge.markup import plain
from knowledge.writing import light
from storage import contacts, directory, files, revisions, tickets, transcript
from storage.tables import Contact, Referent, Ticket, Transcript

LONGEST = 4096
DELETABLE = timedelta(hours=48)
"""Telegram lets a bot take back its messages this long. Source: Bot API, deleteMessage."""


def edit(turn: Turn, referent: Referent, number: int, row_id: int, text: str) -> Ticket | Refused:
    """Other words for a message of one's own; where the first ones wait to be sent, they never leave."""
    found = _own(turn, referent, number, row_id)
    if isinstance(found, Refused):
        return found
    ticket, row, contact = found
    text = text.strip()
    if not text:
        return refused("revising.empty")
    if len(text) > LONGEST:
        return refused("desk.long_reply", limit=LONGEST)
    if row.id in files.by_rows(turn.session, [row.id]):
        return refused("revising.only_text")
    words = light(text, own=turn.world.public_url) if row.markup else text
    if words == row.text:
        return ticket
    if contact.unreachable_at is not None:
        return refused("desk.unreachable", number=number)
    row.text, row.edited_at = words, turn.now
    transcript.note_change(turn.session, contact, row)
    tickets.note(turn.session, number, "edited", now=turn.now, referent_id=referent.id)
    if posting.goes_out(contact):
        _replace(turn, contact, row, referent)
    return ticket


def delete(turn: Turn, referent: Referent, number: int, row_id: int) -> Ticket | Refused:
    """Wipes a message of one's own, and takes it back where its channel still allows that."""
    found = _own(turn, referent, number, row_id)
    if isinstance(found, Refused):
        return found
    ticket, row, contact = found
    fresh = turn.now - row.at < DELETABLE
    if posting.goes_out(contact):
        _take_back(turn, contact, row, referent, from_chat=fresh)
    row.text, row.choices, row.deleted_at = "", None, turn.now
    files.drop_of_row(turn.session, row.id)
    transcript.note_change(turn.session, contact, row)
    tickets.note(turn.session, number, "deleted", now=turn.now, referent_id=referent.id)
    return ticket


def send_again(turn: Turn, referent: Referent, number: int, row_id: int) -> Ticket | Refused:
    """Once more what could not be delivered."""
    found = _own(turn, referent, number, row_id)
    if isinstance(found, Refused):
        return found
    ticket, row, contact = found
    items = revisions.items(turn.session, row.id)
    if not any(item.status in ("failed", "cancelled") for item in items):
        return refused("revising.not_failed")
    if not posting.goes_out(contact):
        return refused("desk.unreachable", number=number)
    revisions.supersede(turn.session, row.id)
    file = next(iter(files.by_rows(turn.session, [row.id]).get(row.id, [])), None)
    if file is None:
        posting.post(turn, contact, row, heading=_heading(turn, row), author_id=referent.id, purpose="reply")
    elif (payload := _payload_of(turn, row, file.id)) is not None:
        posting.put(turn, contact, row, payload, purpose="reply", author_id=referent.id)
    else:
        return refused("revising.only_text")
    tickets.note(turn.session, number, "sent_again", now=turn.now, referent_id=referent.id)
    return ticket


def may_change(referent: Referent, row: Transcript) -> bool:
    """Whether a row of a ticket is this referent's to change."""
    return row.author == "referent" and row.referent_id == referent.id and row.deleted_at is None


def _own(
    turn: Turn, referent: Referent, number: int, row_id: int
) -> tuple[Ticket, Transcript, Contact] | Refused:
    ticket = tickets.for_referent(turn.session, number, referent)
    if ticket is None:
        return refused("desk.not_found", number=number)
    row = transcript.get(turn.session, row_id)
    if row is None or row.ticket_number != number or not may_change(referent, row):
        return refused("revising.not_yours")
    contact = contacts.get(turn.session, row.contact_id)
    return (ticket, row, contact) if contact is not None else refused("desk.erased", number=number)


def _replace(turn: Turn, contact: Contact, row: Transcript, referent: Referent) -> None:
    """Message by message: what has not left is rewritten, what has is edited, what is too much is deleted."""
    new = posting.parts(turn, contact, row, heading=_heading(turn, row))
    items = revisions.items(turn.session, row.id)
    if items and all(item.status in ("failed", "cancelled") for item in items):
        revisions.supersede(turn.session, row.id)
        items = []
        known = 0
    else:
        items = [item for item in items if item.status in ("waiting", "sending", "sent")]
        known = max(len(items), len(revisions.external_ids(turn.session, contact.address, row.id)))
    for index, payload in enumerate(new):
        if index < len(items) and revisions.rewrite(turn.session, items[index].id, payload):
            continue
        change = {**payload, "kind": "edit", "part": index}
        earlier = index < known
        posting.put(
            turn,
            contact,
            row,
            change if earlier else payload,
            purpose=posting.CHANGE if earlier else posting.REPLY,
            author_id=referent.id,
        )
    for index in range(len(new), known):
        if index >= len(items) or not revisions.withdraw(turn.session, items[index].id):
            _put_deletion(turn, contact, row, index, referent)


def _take_back(turn: Turn, contact: Contact, row: Transcript, referent: Referent, *, from_chat: bool) -> None:
    items = revisions.items(turn.session, row.id)
    known = max(len(items), len(revisions.external_ids(turn.session, contact.address, row.id)))
    for index in range(known):
        left = index >= len(items) or not revisions.withdraw(turn.session, items[index].id)
        if (
            left
            and from_chat
            and (index >= len(items) or items[index].status in ("sending", "sent", "waiting"))
        ):
            _put_deletion(turn, contact, row, index, referent)


def _put_deletion(turn: Turn, contact: Contact, row: Transcript, part: int, referent: Referent) -> None:
    payload = {"kind": "delete", "part": part}
    posting.put(turn, contact, row, payload, purpose=posting.CHANGE, author_id=referent.id)


def _payload_of(turn: Turn, row: Transcript, file_id: int) -> dict[str, Any] | None:
    """A file that is kept here goes out again; one at its channel is passed on by its message."""
    file = files.get(turn.session, file_id)
    if file is None:
        return None
    if file.external_id is None:
        kind = plain(media.in_words(turn, file.kind, "")).strip()
        caption = plain(row.text).removeprefix(kind).strip()
        return posting.file_payload(turn, row, file, caption=caption)
    author = directory.get(turn.session, row.referent_id) if row.referent_id is not None else None
    if author is None or author.telegram_id is None or file.message_id is None:
        return None
    return {"kind": "copy", "from_chat": author.telegram_id, "message_id": int(file.message_id)}


def _heading(turn: Turn, row: Transcript) -> str:
    return turn.texts("ticket.reply_heading", number=row.ticket_number)
