"""What is erased when its time is over; runs every night and once more after a restart."""

from datetime import datetime, timedelta

from handlers import privacy, referent_chat, structure_privacy
from handlers.turn import Turn
from storage import (
    absences,
    audit,
    blocking,
    broadcasts,
    contacts,
    directory,
    erasures,
    files,
    gates,
    meeting,
    outbox,
    proposals,
    quality,
    questions,
    queue,
    receipts,
    repairs,
    secrets,
    subscriptions,
    tickets,
    traces,
    transcript,
    wiping,
)

ROWS = 5_000
PEOPLE = 100
"""How much goes in one turn: a night's worth at once would keep everybody waiting, and outlast its lease."""


def nightly(turn: Turn, number: int) -> None:
    """The slice of that number of a night; asks for what comes after it, and for the next night."""
    if purge(turn):
        _go_on(turn, number + 1)
    schedule(turn)


def purge(turn: Turn) -> bool:
    """Erases what is older than `world.retention` allows, or a slice of it; whether more is left."""
    traces.leave_none(turn.session)
    if _slice(turn):
        return True
    _few_of_each(turn)
    return False


def _slice(turn: Turn) -> bool:
    """What there may be very much of; stops at the first kind of which more is left."""
    return any(erase(turn) for erase in (_tickets, _messages, _questions, _people, _events, _deliveries))


def _tickets(turn: Turn) -> bool:
    old = tickets.closed_before(turn.session, _ago(turn, turn.world.retention.ticket), limit=PEOPLE)
    for ticket in old:
        privacy.forget_ticket(turn, ticket)
    return len(old) == PEOPLE


def _messages(turn: Turn) -> bool:
    keep = turn.world.retention
    kept, before = tickets.kept_numbers(_ago(turn, keep.ticket)), _ago(turn, keep.conversation)
    return transcript.wipe_older(turn.session, before=before, except_tickets=kept, limit=ROWS) == ROWS


def _questions(turn: Turn) -> bool:
    """Before people are forgotten: their questions stay in the log, without them."""
    keep = turn.world.retention
    questions.forget_older(
        turn.session, contact_before=_ago(turn, keep.conversation), text_before=_ago(turn, keep.question)
    )
    return False


def _people(turn: Turn) -> bool:
    keep = turn.world.retention
    subscribed = subscriptions.kept_for(spoke_since=_ago(turn, keep.subscription))
    moment = _ago(turn, keep.conversation)
    silent = contacts.silent_since(turn.session, moment, but=subscribed, limit=PEOPLE)
    for contact in silent:
        privacy.let_go(turn, contact)
    return len(silent) == PEOPLE


def _events(turn: Turn) -> bool:
    before = _ago(turn, turn.world.retention.queue_keys)
    return wiping.forget_done(turn.session, before=before, limit=ROWS) == ROWS


def _deliveries(turn: Turn) -> bool:
    before = _ago(turn, turn.world.retention.queue_keys)
    return outbox.forget_done(turn.session, before=before, limit=ROWS) == ROWS


def _few_of_each(turn: Turn) -> None:
    keep = turn.world.retention
    transcript.wipe_distress(turn.session, before=_ago(turn, keep.distress))
    files.drop_unattached(turn.session, before=_ago(turn, 1))
    wiping.drop_parked(turn.session, before=_ago(turn, keep.conversation))
    gates.forget_idle(turn.session)
    receipts.forget_older(
        turn.session, before=_ago(turn, keep.ticket), without_ticket=_ago(turn, keep.conversation)
    )
    for writer in directory.writing(turn.session):
        referent_chat.forget_stale(turn, writer)
    subscriptions.forget_ended(turn.session, before=_ago(turn, keep.proof))
    subscriptions.bare(turn.session, silent_since=_ago(turn, keep.conversation))
    broadcasts.forget_older(
        turn.session, people_before=_ago(turn, keep.conversation), before=_ago(turn, keep.staff)
    )
    blocking.forget_older(turn.session, before=_ago(turn, keep.staff))
    meeting.forget_older(turn.session, before=_ago(turn, keep.staff))
    absences.forget_older(turn.session, before=_ago(turn, keep.staff))
    structure_privacy.purge(turn)
    proposals.forget_older(turn.session, before=_ago(turn, keep.question))
    staff_before = _ago(turn, keep.staff)
    quality.forget_older(turn.session, before=_ago(turn, keep.question), staff_before=staff_before)
    repairs.forget_older(turn.session, before=staff_before)
    audit.forget_older(turn.session, before=_ago(turn, keep.staff))
    erasures.forget_older(turn.session, before=_ago(turn, keep.backup))
    secrets.forget_expired(turn.session, before=_ago(turn, keep.queue_keys))


def _go_on(turn: Turn, number: int) -> None:
    """Asks for the next slice, at once; others have their turns in between."""
    queue.put_timer(
        turn.session,
        key=f"purge:{turn.now.astimezone(turn.world.timezone):%Y-%m-%d}:{number}",
        lane="timer:purge",
        kind="purge",
        now=turn.now,
        due_at=turn.now,
        number=number,
    )


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
