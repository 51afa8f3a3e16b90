"""A person changed a message: what was not answered yet is read anew, what a referent has seen is marked."""

from handlers import guide, media, question, referent_chat
from handlers.events import MessageEdited
from handlers.talk import Talk
from handlers.turn import Turn
from knowledge.outcomes import Distress, Match, Unknown
from storage import files, tickets, transcript
from storage.tables import Contact, Transcript


def changed(
    turn: Turn, contact: Contact, talk: Talk, row: Transcript, event: MessageEdited, match: Match | None
) -> None:
    """Takes the new words over; a ticket keeps the old ones beside them."""
    text = _as_written(turn, row, event)
    if row.text == text:
        return  # a link got its preview: nothing that people would call a change
    if not event.caption and guide.edited(turn, contact, talk, row, text):
        return
    before, row.edited_at = row.text, turn.now
    row.text = text
    if row.id in talk.gathered_rows:
        talk.gathering[talk.gathered_rows.index(row.id)] = text
    elif row.ticket_number is not None:
        _mark(turn, contact, talk, row, before, sad=row.distress or isinstance(match, Distress))
    elif not event.caption:
        question.respond(turn, contact, talk, question.Asked(text, (row.id,), match or Unknown()))


def _as_written(turn: Turn, row: Transcript, event: MessageEdited) -> str:
    """A caption stands behind the kind of what it belongs to: « [photo] »."""
    beside = files.by_rows(turn.session, [row.id]).get(row.id) if event.caption else None
    return media.in_words(turn, beside[0].kind, event.text) if beside else event.text


def _mark(turn: Turn, contact: Contact, talk: Talk, row: Transcript, before: str, *, sad: bool) -> None:
    """Never a silent change: the words of before stay with the ticket, its holder is told once a burst.

    `sad`: words of distress, before or now, are kept as briefly as any and quoted nowhere.
    """
    kept = transcript.add(
        turn.session,
        contact,
        author="bot",
        text=turn.texts("ticket.edited_before", before=before),
        markup=True,
        at=turn.now,
        ticket_number=row.ticket_number,
    )
    if sad:
        transcript.mark_distress(turn.session, [row.id, kept.id])
    ticket = tickets.get(turn.session, row.ticket_number) if row.ticket_number is not None else None
    if ticket is None or talk.edited_told_within(turn.now, turn.world.patience.acknowledged):
        return
    talk.edited_told_at = turn.now.isoformat()
    referent_chat.tell_holder(turn, ticket, row, edited=True, quoted=not sad)
