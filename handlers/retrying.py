"""An operator has mended what was wrong: what was given up is tried once more."""

from collections.abc import Collection
from dataclasses import dataclass

from handlers import posting, revising
from handlers.errors import Refused
from handlers.turn import Turn
from storage import contacts, directory, outbox, revisions, transcript
from storage.tables import Transcript


@dataclass(frozen=True, slots=True)
class Retried:
    """Ids of the outbox: those that go again, and those whose words or reader are gone."""

    again: list[int]
    gone: list[int]


def send_again(turn: Turn, ids: Collection[int] | None = None) -> Retried:
    """Failed messages, all or those of `ids`, from the rows that they said; their own words were wiped."""
    failures = [one for one in outbox.failures(turn.session, limit=10_000) if ids is None or one.id in ids]
    wanted: dict[int | None, list[int]] = {}
    for one in reversed(failures):
        wanted.setdefault(one.transcript_id, []).append(one.id)
    purposes = {one.transcript_id: one.purpose for one in failures}
    retried = Retried([], [])
    for row_id, messages in wanted.items():
        row = transcript.get(turn.session, row_id) if row_id is not None else None
        goes = (
            row is not None and purposes[row_id] != posting.CHANGE and _say_again(turn, row, purposes[row_id])
        )
        (retried.again if goes else retried.gone).extend(messages)
    return retried


def _say_again(turn: Turn, row: Transcript, purpose: str) -> bool:
    """False when nobody is there to read it, or nothing is left to send."""
    if row.author == "referent":
        author = directory.get(turn.session, row.referent_id) if row.referent_id is not None else None
        if author is None or row.ticket_number is None:
            return False
        return not isinstance(revising.send_again(turn, author, row.ticket_number, row.id), Refused)
    contact = contacts.get(turn.session, row.contact_id)
    if contact is None or not posting.goes_out(contact):
        return False
    revisions.supersede(turn.session, row.id)
    posting.post(turn, contact, row, purpose=purpose)
    return True
