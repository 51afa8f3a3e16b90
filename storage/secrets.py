"""One-time and session tokens: 256 random bits given away once, their SHA-256 kept.

A stolen database opens nothing: no token can be computed from its hash.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from storage.columns import insert_once, rows_of
from storage.tables import Contact, Secret


@dataclass(frozen=True, slots=True)
class Opened:
    """The conversation behind a token."""

    contact_id: int
    address: str
    seen_at: datetime
    """When the token was seen last."""


def new(
    session: Session,
    kind: str,
    *,
    now: datetime,
    lasts: timedelta,
    contact_id: int | None = None,
    referent_id: int | None = None,
    detail: dict[str, Any] | None = None,
) -> str:
    """Makes a token; only its hash is kept."""
    token = secrets.token_urlsafe(32)
    session.add(
        Secret(
            hash=hashed(token),
            kind=kind,
            contact_id=contact_id,
            referent_id=referent_id,
            created_at=now,
            seen_at=now,
            expires_at=now + lasts,
            detail=detail,
        )
    )
    session.flush()
    return token


def find(session: Session, kind: str, token: str, *, now: datetime) -> Secret | None:
    """The secret behind a token, if it is of this kind, unused and not expired."""
    secret = session.get(Secret, hashed(token))
    if secret is None or secret.kind != kind or secret.used_at is not None or secret.expires_at <= now:
        return None
    return secret


def conversation(session: Session, kind: str, token: str, *, now: datetime) -> Opened | None:
    """The conversation that a token opens, under the same conditions as `find`; loads no objects."""
    row = session.execute(_OPENS, {"token": hashed(token), "of_kind": kind, "now": now}).first()
    return Opened(*row) if row is not None else None


def slide(session: Session, kind: str, token: str, *, now: datetime, lasts: timedelta) -> None:
    """A token that opens something was seen again: its end moves, too."""
    values = {"token": hashed(token), "of_kind": kind, "now": now, "new_end": now + lasts}
    session.execute(_SLIDE, values)


def use(session: Session, kind: str, token: str, *, now: datetime) -> Secret | None:
    """Takes a one-time token; of two at the same instant only one gets it."""
    secret = find(session, kind, token, now=now)
    if secret is None:
        return None
    statement = update(Secret).where(Secret.hash == secret.hash, Secret.used_at.is_(None)).values(used_at=now)
    taken = session.execute(statement.execution_options(synchronize_session=False))
    session.expire(secret)
    return secret if taken.rowcount else None  # type: ignore[attr-defined]  # a CursorResult, as for every UPDATE


def first_use(
    session: Session, kind: str, token: str, *, now: datetime, lasts: timedelta, referent_id: int
) -> bool:
    """Notes a token that the other end made (a form's id); False if it was noted before: a double click.

    One statement, so that of two at the same instant only one is the first.
    """
    moments = {"created_at": now, "seen_at": now, "used_at": now, "expires_at": now + lasts}
    values = {"kind": kind, "referent_id": referent_id, **moments}
    return insert_once(session, Secret, "hash", hash=hashed(token), **values)


def touch(secret: Secret, *, now: datetime) -> None:
    """Seen again; its end stays."""
    secret.seen_at = now


def revoke(session: Session, token: str) -> None:
    session.execute(delete(Secret).where(Secret.hash == hashed(token)))


def revoke_all(
    session: Session, kind: str, *, referent_id: int | None = None, contact_id: int | None = None
) -> None:
    """Ends all tokens of a kind that belong to a referent or to a contact."""
    mine = delete(Secret).where(Secret.kind == kind)
    if referent_id is not None:
        mine = mine.where(Secret.referent_id == referent_id)
    if contact_id is not None:
        mine = mine.where(Secret.contact_id == contact_id)
    session.execute(mine)


def pending(session: Session, kind: str, referent_id: int, *, now: datetime) -> bool:
    """Whether this referent has an unused, unexpired token of this kind."""
    found = select(Secret.hash).where(
        Secret.kind == kind,
        Secret.referent_id == referent_id,
        Secret.used_at.is_(None),
        Secret.expires_at > now,
    )
    return session.scalar(found.limit(1)) is not None


def made_since(session: Session, kind: str, referent_id: int, *, since: datetime) -> int:
    """How many tokens of a kind were made for a referent since then."""
    mine = select(func.count()).where(
        Secret.kind == kind, Secret.referent_id == referent_id, Secret.created_at >= since
    )
    return session.scalar(mine) or 0


def forget_expired(session: Session, *, before: datetime) -> None:
    session.execute(delete(Secret).where(Secret.expires_at < before))


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def used(session: Session, kind: str) -> Sequence[Secret]:
    """Tokens of a kind that were used, newest first."""
    rows = select(Secret).where(Secret.kind == kind, Secret.used_at.is_not(None))
    return session.scalars(rows.order_by(Secret.used_at.desc())).all()


# Built once, and on the tables themselves: each look of an open chat asks for them.
_SECRETS, _CONTACTS = rows_of(Secret), rows_of(Contact)
_GOOD = (
    _SECRETS.c.hash == bindparam("token"),
    _SECRETS.c.kind == bindparam("of_kind"),
    _SECRETS.c.used_at.is_(None),
    _SECRETS.c.expires_at > bindparam("now"),
)
_OPENS = (
    select(_CONTACTS.c.id, _CONTACTS.c.address, _SECRETS.c.seen_at)
    .join(_CONTACTS, _CONTACTS.c.id == _SECRETS.c.contact_id)
    .where(*_GOOD)
)
_SLIDE = update(_SECRETS).where(*_GOOD).values(seen_at=bindparam("now"), expires_at=bindparam("new_end"))
