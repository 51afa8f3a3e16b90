"""Whoever had an answer that was judged wrong is told so by their own door, once, in one person's words."""

from datetime import timedelta

from handlers import audit
from handlers.audit import Action
from handlers.delivery import Option, say, send_mail_notice
from handlers.errors import Refused, refused
from handlers.turn import Turn
from knowledge.masking import mask
from storage import queue, repairs, tickets
from storage.repairs import Receiver
from storage.rights import Right, may
from storage.tables import Contact, Referent, Repair

BEFORE = timedelta(days=30)
"""How long before the judgement an answer was given that is corrected: so long people are known."""
LONGEST = 1_000
PEOPLE = 100
"""How many are told in one turn: all at once would keep everybody waiting."""


def receivers(turn: Turn, repair: Repair) -> list[Receiver]:
    """Who had the answer, the last first; those who erased everything are nobody any more."""
    return repairs.receivers(turn.session, repair, since=repair.opened_at - BEFORE)


def can_be_told(receiver: Receiver) -> bool:
    """Who blocked the bot is not written to."""
    return not receiver.told and receiver.contact.unreachable_at is None


def decides(who: Referent, repair: Repair) -> bool:
    """Who judged, leads, the national desk and who minds the content may write to those who had it."""
    wide = (Right.ALL_TICKETS, Right.REGION_TICKETS, Right.CONTENT)
    return repair.opened_by_id == who.id or any(may(who, right) for right in wide)


def write(turn: Turn, by: Referent, repair_id: int, words: str) -> Repair | Refused:
    """Tells everybody who had the answer; the first words that somebody wrote for it count."""
    repair, words = repairs.lock(turn.session, repair_id), words.strip()
    if repair is None or not decides(by, repair):
        return refused("repair.unknown", number=repair_id)
    if repair.verdict != "wrong":
        return refused("repair.not_wrong")
    if not words or len(words) > LONGEST:
        return refused("repair.correction", limit=LONGEST)
    if mask(words) != words:
        return refused("repair.personal")
    if not repairs.write_correction(turn.session, repair, words, by_id=by.id, now=turn.now):
        return refused("repair.corrected_already")
    audit.note(turn, by, Action.CORRECTED, "repair", repair_id)
    go_on(turn, repair_id, 0)
    return repair


def go_on(turn: Turn, repair_id: int, number: int) -> None:
    """Tells the next ones, and asks for the rest; others have their turns in between."""
    repair = repairs.lock(turn.session, repair_id)
    if repair is None or repair.correction is None:
        return
    left = [one.contact for one in receivers(turn, repair) if can_be_told(one)]
    repairs.note_told(turn.session, repair, [one.id for one in left[:PEOPLE]], now=turn.now)
    for contact in left[:PEOPLE]:
        _tell(turn, contact, repair.correction)
    if len(left) > PEOPLE:
        queue.put_timer(
            turn.session,
            key=f"correct:{repair_id}:{number + 1}",
            lane="timer:correct",
            kind="correct",
            now=turn.now,
            due_at=turn.now,
            repair=repair_id,
            round=number + 1,
        )


def _tell(turn: Turn, contact: Contact, words: str) -> None:
    say(turn, contact, "repair.told", [Option("human")], words=words)
    mine = tickets.of_contact(turn.session, contact.id)
    if mine:
        send_mail_notice(turn, contact, mine[-1])
