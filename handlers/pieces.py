"""Files that people upload by the web: to the ticket they belong to, from the asker or from the referent."""

from dataclasses import dataclass

from handlers import media, referent
from handlers.delivery import pass_on_file, send_mail_notice
from handlers.errors import Refused, refused
from handlers.talk import Talk
from handlers.turn import Turn
from storage import contacts, files, queue, tickets, transcript
from storage.tables import Contact, Referent, Ticket

LARGEST = 10_000_000
"""Bytes of one file."""
MOST_FILES = 20
MOST_BYTES = 60_000_000
"""What is kept for one ticket."""
LONGEST_CAPTION = 900
"""Telegram takes 1,024 with the heading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A file whose bytes are all here."""

    file_id: int
    mime: str
    image: bool

    @property
    def kind(self) -> str:
        return "photo" if self.image else "document"


def may_send(turn: Turn, sender: Referent, number: int) -> Refused | None:
    """Why this referent can't give a file to the asker now; asked before its bytes are taken in."""
    found = referent.answerable(turn, sender, number)
    return found if isinstance(found, Refused) else _no_room(turn, number)


def send(turn: Turn, sender: Referent, number: int, arrived: Arrived, caption: str = "") -> Ticket | Refused:
    """Gives a referent's file to the asker, by whichever channel they have."""
    if len(caption) > LONGEST_CAPTION:
        return refused("piece.long_caption", limit=LONGEST_CAPTION)
    problem = may_send(turn, sender, number)
    if problem is not None:
        return problem

    def hand_out(contact: Contact, ticket: Ticket) -> None:
        row = transcript.add(
            turn.session,
            contact,
            author="referent",
            text=media.in_words(turn, arrived.kind, caption),
            markup=True,
            at=turn.now,
            ticket_number=ticket.number,
            referent_id=sender.id,
        )
        files.attach(turn.session, arrived.file_id, row, mime=arrived.mime, kind=arrived.kind)
        file = files.get(turn.session, arrived.file_id)
        if file is not None:
            pass_on_file(turn, contact, row, file, caption=caption, author_id=sender.id)
        send_mail_notice(turn, contact, ticket)

    return referent.give(turn, sender, number, hand_out)


def may_receive(turn: Turn, contact: Contact) -> Ticket | Refused:
    """The open ticket that a person's file would join; asked before its bytes are taken in."""
    number = Talk.of(contact).ticket
    mine = [one for one in tickets.of_contact(turn.session, contact.id) if one.state in tickets.OPEN]
    ticket = next((one for one in mine if one.number == number), mine[0] if mine else None)
    if ticket is None:
        return refused("piece.no_ticket")
    return _no_room(turn, ticket.number) or ticket


def receive(turn: Turn, contact: Contact, arrived: Arrived, *, client_id: str) -> Refused | None:
    """Puts a person's file into their conversation; the same `client_id` again is the same file."""
    # From here on the same upload sent twice at once waits for the other one.
    contact = contacts.at(turn.session, contact.address, now=turn.now)
    if transcript.by_client_id(turn.session, contact.id, client_id) is not None:
        files.drop(turn.session, arrived.file_id)
        return None
    ticket = may_receive(turn, contact)
    if isinstance(ticket, Refused):
        return ticket
    row = transcript.add(
        turn.session,
        contact,
        author="visitor",
        text=media.in_words(turn, arrived.kind, ""),
        markup=True,
        at=turn.now,
        client_id=client_id,
        ticket_number=ticket.number,
    )
    files.attach(turn.session, arrived.file_id, row, mime=arrived.mime, kind=arrived.kind)
    payload = {"door": "web", "address": contact.address, "id": client_id, "row": row.id}
    queue.put(
        turn.session,
        key=f"{contact.address}:{client_id}",
        lane=contact.address,
        payload=payload | {"piece": arrived.kind},
        now=turn.now,
    )
    return None


def _no_room(turn: Turn, number: int) -> Refused | None:
    count, size = files.kept(turn.session, number)
    if count >= MOST_FILES or size >= MOST_BYTES:
        return refused("piece.no_room", number=number, limit=MOST_FILES)
    return None
