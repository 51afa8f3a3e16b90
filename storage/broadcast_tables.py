"""The tables of what people agreed to receive, and of what was sent to them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Table
from storage.columns import RowId


class Subscription(Table):
    """That somebody agreed to get news of a subject, with the sentence they agreed to; ended ones are proof.

    Goes with its person, whoever erases them.
    """

    __tablename__ = "subscriptions"
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"))
    subject: Mapped[str] = mapped_column(String(20))
    territory: Mapped[str | None] = mapped_column(String(5))
    """Where they are; None: they get what is for the whole country, alone."""
    wording: Mapped[str] = mapped_column(Text)
    """The very sentence under which they pressed « oui »."""
    act: Mapped[str] = mapped_column(String(20))
    """By which door they pressed it."""
    given_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    ended_by: Mapped[str | None] = mapped_column(String(20))
    """button, word, command, blocked, replaced or register (after an older backup was restored)."""


_open = Subscription.ended_at.is_(None)
# Each person holds a subject once; found by the person, and by the subject when something is sent.
Index(
    "uq_subscriptions_open",
    Subscription.contact_id,
    Subscription.subject,
    unique=True,
    sqlite_where=_open,
    postgresql_where=_open,
)
Index("ix_subscriptions_contact_id", Subscription.contact_id)
Index("ix_subscriptions_subject", Subscription.subject, Subscription.territory)


class Broadcast(Table):
    """One message to all who agreed to a subject. state: draft, sending, done, stopped."""

    __tablename__ = "broadcasts"
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    subject: Mapped[str] = mapped_column(String(20))
    territories: Mapped[list[Any] | None]
    """Codes, in order; None is everybody, those from nowhere known included."""
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="draft")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("referents.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None] = mapped_column(index=True)


class Recipient(Table):
    """One person of a broadcast. state: waiting, queued, sent, failed, blocked, left, stopped."""

    __tablename__ = "broadcast_recipients"
    __table_args__ = (
        UniqueConstraint("broadcast_id", "contact_id"),
        Index("ix_broadcast_recipients_state", "broadcast_id", "state", "contact_id"),
    )
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    broadcast_id: Mapped[int] = mapped_column(ForeignKey("broadcasts.id", ondelete="CASCADE"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id", ondelete="SET NULL"), index=True)
    territory: Mapped[str | None] = mapped_column(String(5))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    transcript_id: Mapped[int | None] = mapped_column(RowId)
    outbox_id: Mapped[int | None] = mapped_column(RowId)
