"""What is erased when its time is over; runs every night and once more after a restart."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers import privacy, referent_chat
from handlers.turn import Turn
from storage import (
    absences,
    audit,
    blocking,
    contacts,
    directory,
    erasures,
    files,
    meeting,
    outbox,
    proposals,
    questions,
    queue,
    receipts,
    secrets,
    tickets,
    transcript,
)


@dataclass(frozen=True, slots=True)
class Purged:
    """How much went."""

    contacts: int
    messages: int
    tickets: int


def purge(turn: Turn) -> Purged:
    """Erases all that is older than `world.retention` allows."""
    keep = turn.world.retention
    old_tickets = tickets.closed_before(turn.session, _ago(turn, keep.ticket))
    for ticket in old_tickets:
        privacy.forget_ticket(turn, ticket)
    kept = tickets.kept_numbers(_ago(turn, keep.ticket))
    messages = transcript.wipe_older(turn.session, before=_ago(turn, keep.conversation), except_tickets=kept)
    messages += transcript.wipe_distress(turn.session, before=_ago(turn, keep.distress))
    # Before people are forgotten: their questions stay in the log, without them.
    questions.forget_older(
        turn.session, contact_before=_ago(turn, keep.conversation), text_before=_ago(turn, keep.question)
    )
    gone = 0
    for contact in contacts.silent_since(turn.session, _ago(turn, keep.conversation)):
        if not tickets.of_contact(turn.session, contact.id):
            privacy.let_go(turn, contact)
            gone += 1
    files.drop_unattached(turn.session, before=_ago(turn, 1))
    queue.drop_parked(turn.session, before=_ago(turn, keep.conversation))
    queue.forget_done(turn.session, before=_ago(turn, keep.queue_keys))
    outbox.forget_done(turn.session, before=_ago(turn, keep.queue_keys))
    receipts.forget_older(turn.session, before=_ago(turn, keep.ticket))
    for writer in directory.writing(turn.session):
        referent_chat.forget_stale(turn, writer)
    blocking.forget_older(turn.session, before=_ago(turn, keep.staff))
    meeting.forget_older(turn.session, before=_ago(turn, keep.staff))
    absences.forget_older(turn.session, before=_ago(turn, keep.staff))
    proposals.forget_older(turn.session, before=_ago(turn, keep.question))
    audit.forget_older(turn.session, before=_ago(turn, keep.staff))
    erasures.forget_older(turn.session, before=_ago(turn, keep.backup))
    secrets.forget_expired(turn.session, before=_ago(turn, keep.queue_keys))
    return Purged(gone, messages, len(old_tickets))


def schedule(turn: Turn) -> None:
    """Asks for the next purge, tomorrow at three; unique by its day."""
    tomorrow = turn.now.astimezone(turn.world.timezone) + timedelta(days=1)
    due_at = tomorrow.replace(hour=3, minute=0, second=0, microsecond=0)
    queue.put_timer(
        turn.session,
        key=f"purge:{due_at:%Y-%m-%d}",
        lane="timer:purge",
        kind="purge",
        now=turn.now,
        due_at=due_at,
    )


def _ago(turn: Turn, days: int) -> datetime:
    return turn.now - timedelta(days=days)
