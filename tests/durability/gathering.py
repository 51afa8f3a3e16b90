"""Puts the history together: from what people noted, what Telegram delivered, and the database at the end."""

from collections import Counter
from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.telegram.render import render
from knowledge.markup import plain
from storage import contacts, queue, tickets
from storage.database import Database
from storage.tables import InboxItem, OutboxItem, Ticket, Transcript
from tests.durability.cast import Acts, Cast, OnTelegram, OnTheWeb
from tests.durability.desk import CAMILLE, DRISS
from tests.durability.history import Conversation, Demand, History, Row
from tests.durability.ledger import set_aside
from tests.durability.parts import answered
from tests.durability.subjects import Subjects, letters


async def gather(
    cast: Cast,
    database: Database,
    subjects: Subjects,
    *,
    in_frozen_hands: Collection[int],
    expected_unfinished: dict[str, int],
    copies_allowed: int,
    quiet_after: float,
) -> History:
    """Everything, once the house is at rest."""
    heard = {one.who: tuple(letters(text) for text in await one.heard()) for one in cast.people}

    def look(session: Session) -> History:
        return History(
            conversations=tuple(
                _conversation(session, subjects, one, heard, in_frozen_hands) for one in cast.people
            ),
            demands=tuple(_demand(session, cast, acts) for acts in cast.demands.values()),
            opened=session.scalar(select(func.count()).select_from(Ticket)) or 0,
            unfinished=_unfinished(session, cast),
            expected_unfinished=expected_unfinished,
            set_aside=tuple(set_aside(session)),
            accepted=session.scalar(select(func.count()).select_from(InboxItem)) or 0,
            copies_allowed=copies_allowed,
            quiet_after=quiet_after,
        )

    return await database.read(look)


def _conversation(
    session: Session,
    subjects: Subjects,
    one: OnTelegram | OnTheWeb,
    heard: dict[str, tuple[str, ...]],
    in_frozen_hands: Collection[int],
) -> Conversation:
    contact = contacts.by_address(session, one.who)
    rows = select(Transcript).where(Transcript.contact_id == (contact.id if contact is not None else None))
    found = {row.id: _row(subjects, one, row) for row in session.scalars(rows.order_by(Transcript.seq))}
    late = tuple(row.shown for row_id, row in found.items() if row_id in in_frozen_hands)
    return Conversation(
        one.who, tuple(one.said), tuple(found.values()), heard[one.who], late=late, reachable=one.reachable
    )


def _row(subjects: Subjects, one: OnTelegram | OnTheWeb, row: Transcript) -> Row:
    text = plain(row.text) if row.markup else row.text
    if row.author == "visitor":
        return Row("visitor", text, ticket=row.ticket_number)
    shown = text
    if isinstance(one, OnTelegram):
        heading = subjects.texts("ticket.reply_heading", number=row.ticket_number or 0)
        shown = (heading if row.author == "referent" else "") + render(row.text, row.markup).text
    answer = answered(subjects, text) if row.author == "bot" else None
    return Row(row.author, text, letters(shown), answer, row.ticket_number)


def _demand(session: Session, cast: Cast, acts: Acts) -> Demand:
    events = Counter(event.what for event in tickets.history(session, acts.number))
    told = "\n".join(
        text
        for one in cast.people
        if isinstance(one, OnTelegram) and one.chats[0].id in (CAMILLE, DRISS)
        for text in one.hears()
        if f"n° {acts.number}" in text
    )
    replies = tuple(acts.replies) if acts.left is None else None
    return Demand(acts.number, acts.asker.who, replies, dict(acts.done), dict(events), told)


def _unfinished(session: Session, cast: Cast) -> dict[str, int]:
    """What was set aside, and what was given up though its addressee is there; nothing when all is well."""
    left = [one.who for one in cast.people if not one.reachable]
    failed = select(func.count()).where(OutboxItem.status == "failed", OutboxItem.lane.not_in(left))
    found = {"parked": len(queue.parked(session)), "failed": session.scalar(failed) or 0}
    return {what: number for what, number in found.items() if number}
