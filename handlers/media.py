"""What is not text is never read: it is passed on by its id, from the asker to whoever has the ticket."""

from handlers import escalation
from handlers.delivery import notify, pass_on_media, same_channel, say
from handlers.events import MediaReceived
from handlers.talk import Talk
from handlers.turn import Turn
from storage import contacts, directory, files, tickets, transcript
from storage.tables import Contact, Referent, Ticket, Transcript

KINDS = frozenset(
    {"photo", "video", "video_note", "voice", "audio", "document", "sticker", "animation"}
    | {"location", "contact", "poll"}
)
KEPT = 40
"""Media of one person that a later referent still gets."""


def received(turn: Turn, contact: Contact, talk: Talk, ticket: Ticket | None, event: MediaReceived) -> None:
    """Somebody sent a photo, a voice message…: with a ticket it is for the referent, else for nobody."""
    if ticket is None or (ticket.state not in tickets.OPEN and event.transcript_id is None):
        say(turn, contact, "message.only_text")
        return
    escalation.asks(turn, ticket)
    note(turn, contact, ticket, event)
    if event.transcript_id is None:
        talk.media = [*talk.media, [ticket.number, int(event.external_id)]][-KEPT:]
    in_a_burst = talk.media_told_within(turn.now, turn.world.patience.acknowledged)
    holder = directory.get(turn.session, ticket.referent_id) if ticket.referent_id is not None else None
    if holder is not None:
        if not in_a_burst:
            _announce(turn, holder, ticket, event.kind)
        if event.transcript_id is None:
            _pass_to(turn, holder, ticket, event.address, int(event.external_id))
    if not in_a_burst:
        talk.media_told_at = turn.now.isoformat()
        say(turn, contact, _told(holder, event), ticket=ticket, number=ticket.number)


def hand_to(turn: Turn, referent: Referent, ticket: Ticket) -> None:
    """Whoever takes a ticket gets what was sent before."""
    asker = contacts.get(turn.session, ticket.contact_id) if ticket.contact_id is not None else None
    if asker is None:
        return
    for number, message_id in Talk.of(asker).media:
        if number == ticket.number:
            _pass_to(turn, referent, ticket, asker.address, message_id)


def note(
    turn: Turn, contact: Contact, ticket: Ticket, event: MediaReceived, *, referent: Referent | None = None
) -> Transcript:
    """Writes into the asker's transcript that something was sent: « [photo] » and its caption.

    The file itself stays at its channel: only its id is kept.
    """
    known = transcript.get(turn.session, event.transcript_id) if event.transcript_id is not None else None
    if known is not None:
        return known
    row = transcript.add(
        turn.session,
        contact,
        author="visitor" if referent is None else "referent",
        text=in_words(turn, event.kind, event.caption),
        markup=True,
        at=turn.now,
        client_id=event.external_id if referent is None else None,
        ticket_number=ticket.number,
        referent_id=referent.id if referent is not None else None,
    )
    if event.file is not None:
        files.refer(
            turn.session,
            row,
            kind=event.kind,
            external_id=event.file.external_id,
            message_id=event.external_id,
            name=event.file.name,
            size=event.file.size,
            now=turn.now,
        )
    return row


def in_words(turn: Turn, kind: str, caption: str) -> str:
    """« [photo] » and its caption, in light Markdown."""
    return turn.texts("ticket.media", kind=kind_in_words(turn, kind), caption=caption)


def kind_in_words(turn: Turn, kind: str) -> str:
    """« photo », « message vocal »… ; what a channel invents later is « contenu »."""
    return turn.texts(f"media.{kind if kind in KINDS else 'other'}")


def _announce(turn: Turn, holder: Referent, ticket: Ticket, kind: str) -> None:
    text = turn.texts("notice.media", number=ticket.number, kind=kind_in_words(turn, kind))
    url = f"{turn.world.public_url}/console/demandes/{ticket.number}"
    notify(turn, holder, text, ticket=ticket, mail_key="mail.message", number=ticket.number, url=url)


def _pass_to(turn: Turn, referent: Referent, ticket: Ticket, origin: str, message_id: int) -> None:
    address = f"telegram:{referent.telegram_id}"
    if referent.telegram_id is not None and same_channel(origin, address):
        pass_on_media(turn, address, origin=origin, message_id=str(message_id), ticket=ticket)


def _told(holder: Referent | None, event: MediaReceived) -> str:
    """A file is opened from the console; a position or a card can only be passed on in the chat."""
    if holder is None:
        return "ticket.media_kept"
    seen = event.file is not None or event.transcript_id is not None or holder.telegram_id is not None
    return "ticket.media_passed" if seen else "ticket.media_not_possible"
