"""Referents who work from the chat: what they write and press there, and what they are told."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from handlers import circles, invitations, referent, revising
from handlers.delivery import Option, notify, say, say_refused
from handlers.errors import Refused
from handlers.events import MediaReceived, MessageEdited, MessageReceived
from handlers.talk import Talk
from handlers.turn import Turn
from storage import contacts, directory, questions, receipts, tickets, transcript
from storage.tables import Contact, Referent, Ticket, Transcript

CHOICES = 5
_REPLY_COMMAND = re.compile(r"/repondre(@\w+)?\s+(n\s*[°º]?|#)?\s*\d{1,9}\s+", re.ASCII | re.IGNORECASE)
AWAITED = timedelta(minutes=30)


def of(turn: Turn, contact: Contact) -> Referent | None:
    """The referent behind a contact."""
    return at(turn.session, contact.address)


def at(session: Session, address: str) -> Referent | None:
    """The referent behind an address: by account number, never by a name that anybody may take."""
    channel, _, number = address.partition(":")
    return directory.by_telegram(session, int(number)) if channel == "telegram" else None


def takes(turn: Turn, contact: Contact, event: MessageReceived) -> bool:
    """Whether a message is a referent's reply; one that could be meant for several tickets is held back."""
    writer = of(turn, contact)
    if writer is None or not event.text.strip():
        return False
    number = _ticket_meant(turn, contact, writer, event.reply_to)
    if number is not None:
        if tickets.for_contact(turn.session, number, contact) is not None:
            return False  # their own question to us, as anybody's
        reply(turn, contact, writer, number, event.text, source=event.external_id)
        return True
    mine = tickets.listed(turn.session, writer, "mine", limit=CHOICES)
    if not mine:
        return False
    held = awaited(turn, writer, "held")
    words = event.text if held is None else f"{held}\n\n{event.text}"
    expect(turn, writer, held=words, **({} if held or not event.external_id else {"id": event.external_id}))
    options = [
        Option("reply_to", {"ticket": t.number}, label=turn.texts("desk.ticket", number=t.number))
        for t in mine
    ]
    say(turn, contact, "desk.which", [*options, Option("ask_bot")])
    return True


def takes_media(turn: Turn, contact: Contact, event: MediaReceived) -> bool:
    """A referent's photo or document in reply to a ticket goes to the asker by its id."""
    writer = of(turn, contact)
    number = _ticket_meant(turn, contact, writer, event.reply_to) if writer is not None else None
    if writer is None or number is None or tickets.for_contact(turn.session, number, contact) is not None:
        return False
    writer.awaiting = None
    report(turn, contact, referent.send_media(turn, writer, number, event), "desk.media_sent", number)
    return True


def edited(turn: Turn, contact: Contact, event: MessageEdited) -> bool:
    """Whether it was a referent who changed a message: a reply changes where it went, nothing else does."""
    writer = of(turn, contact)
    if writer is None:
        return False
    receipt = receipts.find(turn.session, contact.address, event.external_id)
    if receipt is None or receipt.transcript_id is None or receipt.ticket_number is None or event.caption:
        say(turn, contact, "desk.edited")
        return True
    number, text = receipt.ticket_number, _REPLY_COMMAND.sub("", event.text)
    outcome = revising.edit(turn, writer, number, receipt.transcript_id, text)
    report(turn, contact, outcome, "desk.edited_passed", number)
    return True


def take(turn: Turn, contact: Contact, number: int, *, over: bool = False) -> None:
    writer = of(turn, contact)
    if writer is None:
        say(turn, contact, "choice.gone")
        return
    report(turn, contact, referent.take(turn, writer, number, over=over), "desk.taken", number)


def begin_reply(turn: Turn, contact: Contact, number: int) -> None:
    """The next message of this referent is the reply to this ticket."""
    writer = of(turn, contact)
    if writer is None:
        say(turn, contact, "choice.gone")
        return
    ticket = referent.answerable(turn, writer, number)
    if isinstance(ticket, Refused):
        report(turn, contact, ticket, "", number)
        return
    expect(turn, writer, reply=number)
    say(turn, contact, "desk.write_reply", ticket=ticket, number=number)


def send_held(turn: Turn, contact: Contact, number: int) -> None:
    """The referent said which ticket the message held back was for."""
    writer = of(turn, contact)
    held = awaited(turn, writer, "held") if writer is not None else None
    if writer is None or held is None:
        say(turn, contact, "desk.nothing_held" if writer is not None else "choice.gone")
        return
    source = awaited(turn, writer, "id")
    reply(turn, contact, writer, number, str(held), source=str(source) if source is not None else None)


def ask_bot(turn: Turn, contact: Contact, talk: Talk) -> None:
    """The message held back was none: the referent may ask the robot like anybody."""
    writer = of(turn, contact)
    if writer is not None:
        writer.awaiting = None
    talk.ticket = None
    say(turn, contact, "desk.ask_bot")


def tell_holder(
    turn: Turn, ticket: Ticket, row: Transcript, *, edited: bool = False, quoted: bool = True
) -> None:
    """Tells whoever has the ticket, and who stands in while they are away, that the asker wrote.

    What they wrote is told only if it may be `quoted` at all.
    """
    key = "notice.edited" if edited else "notice.message"
    text = turn.texts(key, number=ticket.number)
    asker = contacts.get(turn.session, row.contact_id)
    by_telegram = asker is not None and asker.address.startswith("telegram:")
    if quoted and by_telegram and turn.world.notices == "full":
        text = turn.texts(f"{key}_full", number=ticket.number, text=row.text)
    for one in circles.holding(turn, ticket):
        notify(
            turn,
            one,
            text,
            [Option("reply", {"ticket": ticket.number})],
            ticket=ticket,
            mail_key="mail.message",
            number=ticket.number,
            url=f"{turn.world.public_url}/console/demandes/{ticket.number}",
        )


def accept_invitation(turn: Turn, contact: Contact, token: str) -> None:
    outcome = invitations.accept(turn, contact.address, token)
    say(turn, contact, outcome.text if isinstance(outcome, Refused) else "invitation.accepted")


def confirm_account(turn: Turn, contact: Contact, invitation: str) -> None:
    admin = of(turn, contact)
    done = admin is not None and invitations.confirm(turn, admin, invitation)
    say(turn, contact, "invitation.confirmed" if done else "invitation.decided")


def refuse_account(turn: Turn, contact: Contact, invitation: str) -> None:
    admin = of(turn, contact)
    done = admin is not None and invitations.refuse(turn, admin, invitation)
    say(turn, contact, "invitation.refused" if done else "invitation.decided")


def reply(
    turn: Turn, contact: Contact, writer: Referent, number: int, text: str, *, source: str | None = None
) -> None:
    """`source` is the message that holds the reply: when it is edited, so is what the asker has."""
    writer.awaiting = None
    outcome = referent.reply(turn, writer, number, text)
    if source is not None and not isinstance(outcome, Refused):
        written = transcript.last_of_referent(turn.session, number, writer.id)
        message = receipts.Kept(
            lane=contact.address,
            external_id=source,
            transcript_id=written,
            ticket_number=number,
            at=turn.now,
        )
        receipts.keep(turn.session, [message])
    report(turn, contact, outcome, "desk.sent", number)


def report(turn: Turn, contact: Contact, outcome: Ticket | Refused, done: str, number: int) -> None:
    if isinstance(outcome, Refused):
        over = [Option("take_over", {"ticket": number})] if outcome.text == "desk.taken_by" else []
        say_refused(turn, contact, outcome, over)
        return
    options: Sequence[Option] = ()
    if done == "desk.taken":
        options = [Option("reply", {"ticket": number})]
    fields = {"question": _asked(turn, outcome)} if done == "desk.taken" else {}
    say(turn, contact, done, options, ticket=outcome, number=number, **fields)


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


def _ticket_meant(turn: Turn, contact: Contact, writer: Referent, reply_to: str | None) -> int | None:
    """The ticket of the message that is answered, else the one that « Répondre » was pressed for."""
    if reply_to is not None:
        receipt = receipts.find(turn.session, contact.address, reply_to)
        if receipt is not None and receipt.ticket_number is not None:
            return receipt.ticket_number
    begun = awaited(turn, writer, "reply")
    return int(begun) if begun is not None else None


def expect(turn: Turn, writer: Referent, **what: str | int) -> None:
    """What the next message means, for a while: long after, it would go to somebody unexpectedly."""
    writer.awaiting = {**what, "until": (turn.now + AWAITED).isoformat()}


def forget_stale(turn: Turn, writer: Referent) -> None:
    """What they wrote and sent nowhere is kept no longer than a button can send it."""
    if writer.awaiting is not None and datetime.fromisoformat(writer.awaiting["until"]) <= turn.now:
        writer.awaiting = None


def awaited(turn: Turn, writer: Referent, what: str) -> str | int | None:
    awaiting = writer.awaiting or {}
    if what not in awaiting or datetime.fromisoformat(awaiting["until"]) <= turn.now:
        return None
    found: str | int = awaiting[what]
    return found
