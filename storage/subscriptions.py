"""Who agreed to get news of what, with the proof of it. Nobody is on a list without a row of their own.

open ──end──▶ ended: by the person, or because nothing reaches them any more; kept for a while as proof
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, String, case, cast, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from storage import erasures
from storage.erasures import Register
from storage.tables import Contact, Subscription, Ticket

Ending = Literal["button", "word", "command", "blocked", "replaced", "register"]


_NEVER = datetime.min.replace(tzinfo=UTC)


def give(
    session: Session,
    contact_id: int,
    subject: str,
    *,
    territory: str | None,
    wording: str,
    act: str,
    now: datetime,
) -> None:
    """Notes that somebody agrees, to the sentence `wording`; what they had agreed to before is replaced."""
    end(session, contact_id, subject=subject, by="replaced", now=now)
    session.add(
        Subscription(
            contact_id=contact_id,
            subject=subject,
            territory=territory,
            wording=wording,
            act=act,
            given_at=now,
        )
    )
    session.flush()


def end(
    session: Session, contact_id: int, *, subject: str | None = None, by: Ending, now: datetime
) -> list[str]:
    """Takes somebody off the list of one subject, or of all; of which they were taken."""
    session.flush()
    mine = update(Subscription).where(Subscription.contact_id == contact_id, _open())
    if subject is not None:
        mine = mine.where(Subscription.subject == subject)
    ended = session.scalars(mine.values(ended_at=now, ended_by=by).returning(Subscription.subject))
    return sorted(ended)


def of_contact(session: Session, contact_id: int) -> Sequence[Subscription]:
    """All that somebody agreed to, ended ones too, in order."""
    rows = select(Subscription).where(Subscription.contact_id == contact_id)
    return session.scalars(rows.order_by(Subscription.id)).all()


def open_of(session: Session, contact_id: int) -> dict[str, str | None]:
    """What somebody gets now: the territory by subject."""
    rows = select(Subscription.subject, Subscription.territory).where(
        Subscription.contact_id == contact_id, _open()
    )
    return {subject: territory for subject, territory in session.execute(rows)}  # noqa: C416  # Row objects


def came_back(session: Session, erased: Register) -> list[tuple[int, str]]:
    """Contact and subject of agreements that were ended although they are there: an older copy has them."""
    rows = select(Subscription.contact_id, Subscription.subject, Subscription.given_at, Contact.address)
    found = session.execute(rows.join(Contact).where(_open()).order_by(Subscription.id))
    return [
        (row.contact_id, row.subject)
        for row in found
        if row.given_at <= erased.get(erasures.of_news(row.address, row.subject), _NEVER)
    ]


def reach(session: Session, subject: str, territories: Collection[str] | None) -> dict[str, int]:
    """How many would get something now, by channel."""
    channel = _channel()
    rows = select(channel, func.count()).select_from(Subscription).join(Contact)
    rows = rows.where(*wanting(subject, territories)).group_by(channel)
    return {name: count for name, count in session.execute(rows)}  # noqa: C416  # Row objects


def wanting(subject: str, territories: Collection[str] | None) -> tuple[ColumnElement[bool], ...]:
    """The condition on a subscription with its contact: agrees, is there, and can be reached."""
    held = (Subscription.subject == subject, _open(), Contact.unreachable_at.is_(None))
    if territories is None:
        return held
    return (*held, Subscription.territory.in_(sorted(territories)))


def kept_for(*, spoke_since: datetime) -> ColumnElement[bool]:
    """The condition on contacts who stay although they are silent: they get news, or were taken off lately.

    A conversation on the web ends with its cookie: nobody would read what is left there.
    """
    mine = Subscription.contact_id == Contact.id
    getting = exists().where(mine, _open(), Contact.seen_at >= spoke_since)
    proven = exists().where(mine, ~_open())
    return Contact.address.startswith("telegram:") & or_(getting, proven)


def bare(session: Session, *, silent_since: datetime) -> None:
    """Of those who stay for their news alone, keeps nothing that was said or told."""
    asks = exists().where(Ticket.contact_id == Contact.id)
    proven = exists().where(Subscription.contact_id == Contact.id)
    columns = (Contact.structure, Contact.audience, Contact.territory)
    told = or_(cast(Contact.state, String) != "{}", *(one.is_not(None) for one in columns))
    silent = update(Contact).where(Contact.seen_at < silent_since, proven, ~asks, told)
    emptied = silent.values(state={}, structure=None, audience=None, territory=None)
    session.execute(emptied.execution_options(synchronize_session=False))


def forget_ended(session: Session, *, before: datetime) -> None:
    """The proof of what ended before then is not needed any more."""
    session.execute(delete(Subscription).where(Subscription.ended_at < before))


def _open() -> Any:
    return Subscription.ended_at.is_(None)


def _channel() -> ColumnElement[str]:
    """telegram or web."""
    return case((Contact.address.startswith("telegram:"), "telegram"), else_="web")
