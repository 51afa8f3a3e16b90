"""Broadcasts and whom each goes to, one row a person: nobody gets it twice.

    draft ──start──▶ sending ──finish──▶ done
                        └─────stop─────▶ stopped

    waiting ──take──▶ queued ──settle──▶ sent, failed, blocked
       │ ◀──take_back──┤
       └───────────────┴───withdraw────▶ left (they were taken off the list), stopped

The first is the way of a broadcast, the second that of each of its recipients.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, delete, exists, func, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from storage import sending, subscriptions
from storage.tables import Broadcast, Contact, OutboxItem, Recipient, Subscription, Transcript

End = Literal["left", "stopped", "blocked"]
UNDER_WAY = ("waiting", "queued")
LISTED = 50


@dataclass(frozen=True, slots=True)
class Next:
    """Somebody whose turn it is."""

    id: int
    contact_id: int | None


def add(
    session: Session,
    *,
    subject: str,
    territories: Sequence[str] | None,
    text: str,
    by_id: int,
    now: datetime,
) -> Broadcast:
    """A draft: nobody gets it yet."""
    places = sorted(territories) if territories is not None else None
    made = Broadcast(subject=subject, territories=places, text=text, by_id=by_id, created_at=now)
    session.add(made)
    session.flush()
    return made


def get(session: Session, broadcast_id: int) -> Broadcast | None:
    return session.get(Broadcast, broadcast_id)


def lock(session: Session, broadcast_id: int) -> Broadcast | None:
    """The same, and nobody stops it or sends a part of it until the transaction ends."""
    return session.get(Broadcast, broadcast_id, with_for_update=True, populate_existing=True)


def newest(session: Session) -> Sequence[Broadcast]:
    return session.scalars(select(Broadcast).order_by(Broadcast.id.desc()).limit(LISTED)).all()


def change(session: Session, broadcast_id: int, **values: object) -> bool:
    """Changes a draft; False once it is on its way."""
    return _changed(session, broadcast_id, ("draft",), **values)


def drop(session: Session, broadcast_id: int) -> bool:
    """Throws a draft away; False once it is on its way."""
    gone = delete(Broadcast).where(Broadcast.id == broadcast_id, Broadcast.state == "draft")
    return bool(session.execute(gone).rowcount)  # type: ignore[attr-defined]  # a CursorResult


def start(session: Session, broadcast: Broadcast, *, now: datetime) -> int | None:
    """Writes down everybody who gets it, each once; how many. None when it was started before."""
    if not _changed(session, broadcast.id, ("draft",), state="sending", started_at=now):
        return None
    chosen = (
        select(literal(broadcast.id), Subscription.contact_id, Subscription.territory, literal("waiting"))
        .join(Contact, Contact.id == Subscription.contact_id)
        .where(*subscriptions.wanting(broadcast.subject, broadcast.territories))
    )
    names = ["broadcast_id", "contact_id", "territory", "state"]
    done = session.execute(insert(Recipient).from_select(names, chosen))
    return int(done.rowcount)  # type: ignore[attr-defined]  # a CursorResult


def stop(session: Session, broadcast_id: int, *, now: datetime) -> bool:
    """What has not left does not leave any more; False when nothing is being sent."""
    if not _changed(session, broadcast_id, ("sending",), state="stopped", ended_at=now):
        return False
    _withdraw(session, Recipient.broadcast_id == broadcast_id, to="stopped")
    return True


def stop_all(session: Session, *, now: datetime) -> None:
    """After an older copy was put back nobody knows any more who has got what."""
    for broadcast_id in session.scalars(select(Broadcast.id).where(Broadcast.state == "sending")).all():
        stop(session, broadcast_id, now=now)


def finish(session: Session, broadcast_id: int, *, now: datetime) -> None:
    """Everybody has got it, or can't."""
    _changed(session, broadcast_id, ("sending",), state="done", ended_at=now)


def withdraw(session: Session, contact_id: int, *, subjects: Collection[str], to: End) -> None:
    """Somebody gets nothing more of these subjects, of what is on its way neither."""
    under_way = select(Broadcast.id).where(Broadcast.state == "sending", Broadcast.subject.in_(subjects))
    _withdraw(session, (Recipient.contact_id == contact_id) & Recipient.broadcast_id.in_(under_way), to=to)


def take_back(session: Session, broadcast_id: int, *, places: Collection[str]) -> None:
    """Night fell where they live before their message was begun: it is not in the outbox any more."""
    there = func.coalesce(Recipient.territory, "").in_(sorted(places))
    # What may have arrived already is not said a second time.
    not_begun = OutboxItem.status == "waiting", OutboxItem.uncertain.is_(False)
    _undo(session, (Recipient.broadcast_id == broadcast_id) & there, *not_begun, to="waiting")


def due(session: Session, broadcast_id: int, *, except_in: Collection[str], limit: int) -> list[Next]:
    """Whose turn it is, but for those in some territories ("" is nowhere known), in one order for all."""
    rows = (
        select(Recipient.id, Recipient.contact_id)
        .where(Recipient.broadcast_id == broadcast_id, Recipient.state == "waiting")
        .where(func.coalesce(Recipient.territory, "").not_in(sorted(except_in)))
        .order_by(Recipient.contact_id)
        .limit(limit)
    )
    return [Next(*row) for row in session.execute(rows)]


def take(session: Session, recipient_id: int, to: str, **values: object) -> bool:
    """Moves somebody who waits on; False when somebody else did, or they were taken off the list."""
    mine = update(Recipient).where(Recipient.id == recipient_id, Recipient.state == "waiting")
    return bool(session.execute(mine.values(state=to, **values)).rowcount)  # type: ignore[attr-defined]


def sent_by(session: Session, recipient_id: int, transcript_id: int, lane: str) -> None:
    """Notes by which row, and by which item of the outbox, somebody gets it."""
    item = select(OutboxItem.id).where(
        OutboxItem.lane == lane,
        OutboxItem.status.in_(sending.UNFINISHED),
        OutboxItem.transcript_id == transcript_id,
    )
    values = {
        "transcript_id": transcript_id,
        "outbox_id": session.scalar(item.order_by(OutboxItem.id.desc())),
    }
    session.execute(update(Recipient).where(Recipient.id == recipient_id).values(values))


def settle(session: Session, broadcast_id: int) -> None:
    """Notes what became of what was handed to the outbox."""
    rows = session.execute(
        select(Recipient.id, OutboxItem.status, Contact.id.label("contact"), Contact.unreachable_at)
        .join(OutboxItem, OutboxItem.id == Recipient.outbox_id, isouter=True)
        .join(Contact, Contact.id == Recipient.contact_id, isouter=True)
        .where(Recipient.broadcast_id == broadcast_id, Recipient.state == "queued")
    )
    ended: dict[str, list[int]] = {}
    for row in rows:
        state = _became(row)
        if state is not None:
            ended.setdefault(state, []).append(row.id)
    for state, ids in ended.items():
        session.execute(update(Recipient).where(Recipient.id.in_(ids)).values(state=state))


def progress(session: Session, broadcast_id: int) -> dict[str, int]:
    """How many, by state."""
    rows = select(Recipient.state, func.count()).where(Recipient.broadcast_id == broadcast_id)
    return {state: count for state, count in session.execute(rows.group_by(Recipient.state))}  # noqa: C416


def any_left(session: Session, broadcast_id: int, state: str) -> bool:
    """Whether anybody is in this state; costs the same however many there are."""
    rows = exists().where(Recipient.broadcast_id == broadcast_id, Recipient.state == state)
    return bool(session.scalar(select(rows)))


def places_left(session: Session, broadcast_id: int) -> set[str]:
    """Territories of those who wait; "" is nowhere known."""
    rows = select(func.coalesce(Recipient.territory, "")).where(
        Recipient.broadcast_id == broadcast_id, Recipient.state == "waiting"
    )
    return set(session.scalars(rows.distinct()))


def ahead(session: Session, channel: str, *, limit: int) -> int:
    """How many messages of a channel wait or are being sent; no more than `limit` are counted."""
    lanes = OutboxItem.lane >= f"{channel}:", OutboxItem.lane < f"{channel};"
    some = select(OutboxItem.id).where(OutboxItem.status.in_(sending.UNFINISHED), *lanes).limit(limit)
    return session.scalar(select(func.count()).select_from(some.subquery())) or 0


def forget_older(session: Session, *, people_before: datetime, before: datetime) -> None:
    """First who got what goes, later the broadcast itself."""
    over = select(Broadcast.id).where(Broadcast.ended_at < people_before)
    theirs = Recipient.broadcast_id.in_(over), Recipient.contact_id.is_not(None)
    session.execute(update(Recipient).where(*theirs).values(contact_id=None))
    left_lying = (Broadcast.state == "draft") & (Broadcast.created_at < before)
    session.execute(delete(Broadcast).where(or_(Broadcast.ended_at < before, left_lying)))


def _changed(session: Session, broadcast_id: int, states: Collection[str], **values: object) -> bool:
    session.flush()
    mine = update(Broadcast).where(Broadcast.id == broadcast_id, Broadcast.state.in_(states))
    done = session.execute(mine.values(**values).execution_options(synchronize_session=False))
    broadcast = session.get(Broadcast, broadcast_id)
    if broadcast is not None:
        session.refresh(broadcast)
    return bool(done.rowcount)  # type: ignore[attr-defined]  # a CursorResult, as for every UPDATE


def _withdraw(session: Session, whose: ColumnElement[bool], *, to: End) -> None:
    """Those who wait, and those whose message stands in the outbox and has not been begun.

    The people come first: whoever queues one of them at this instant is waited for, and then undone.
    """
    waiting = update(Recipient).where(whose, Recipient.state == "waiting")
    session.execute(waiting.values(state=to))
    _undo(session, whose, OutboxItem.status == "waiting", to=to)


def _undo(session: Session, whose: ColumnElement[bool], *not_begun: ColumnElement[bool], to: str) -> None:
    """Takes messages out of the outbox again, and out of the conversation: they were never said."""
    queued = select(Recipient.outbox_id).where(whose, Recipient.state == "queued")
    mine = update(OutboxItem).where(OutboxItem.id.in_(queued), *not_begun)
    values: Mapping[str, Any] = {"status": "cancelled", "payload": None, "token": None}
    ids = session.scalars(mine.values(values).returning(OutboxItem.id)).all()
    undone = update(Recipient).where(Recipient.outbox_id.in_(ids), Recipient.state == "queued", whose)
    rows = session.scalars(undone.values(state=to).returning(Recipient.transcript_id)).all()
    session.execute(delete(Transcript).where(Transcript.id.in_(rows)))


def _became(row: Any) -> str | None:
    """None while it is on its way."""
    match row.status:
        case "waiting" | "sending":
            return None
        case "sent":
            return "sent"
        case _ if row.contact is None:
            return "left"
        case _ if row.unreachable_at is not None:
            return "blocked"
        case "cancelled":
            return "left"
        case _:
            return "failed"
