"""The tables of the two queues: what was accepted, what is to be delivered, what the other end calls it."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Table
from storage.columns import RowId


class InboxItem(Table):
    """A raw event that was accepted, or a timer; one key is one event, however often it arrives."""

    __tablename__ = "inbox"
    __table_args__ = (
        Index(
            "ix_inbox_open",
            "lane",
            "id",
            sqlite_where=text("status IN ('new', 'leased')"),
            postgresql_where=text("status IN ('new', 'leased')"),
        ),
        Index("ix_inbox_status", "status", "id"),
        # Claims must not look through the timers of years to come.
        Index(
            "ix_inbox_due",
            "due_at",
            "id",
            sqlite_where=text("status = 'new'"),
            postgresql_where=text("status = 'new'"),
        ),
        {"sqlite_autoincrement": True},
    )
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    lane: Mapped[str] = mapped_column(String(200))
    payload: Mapped[dict[str, Any] | None]
    status: Mapped[str] = mapped_column(String(10), default="new")
    received_at: Mapped[datetime]
    due_at: Mapped[datetime]
    put_off: Mapped[bool] = mapped_column(default=False, server_default=false())
    """It waits for more until `due_at`, or for the next of its lane, which is never handled before it."""
    retry_at: Mapped[int] = mapped_column(BigInteger, default=0)
    lease_until: Mapped[int] = mapped_column(BigInteger, default=0)
    token: Mapped[str | None] = mapped_column(String(32))
    alone: Mapped[bool] = mapped_column(default=False)
    suspect: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None] = mapped_column(String(500))
    finished_at: Mapped[datetime | None] = mapped_column(index=True)


class OutboxItem(Table):
    """A message to deliver. status: waiting, sending, sent, failed, cancelled."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_open",
            "lane",
            "id",
            sqlite_where=text("status IN ('waiting', 'sending')"),
            postgresql_where=text("status IN ('waiting', 'sending')"),
        ),
        Index("ix_outbox_status", "status", "id"),
        {"sqlite_autoincrement": True},
    )
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    lane: Mapped[str] = mapped_column(String(200))
    channel: Mapped[str] = mapped_column(String(20))
    payload: Mapped[dict[str, Any] | None]
    status: Mapped[str] = mapped_column(String(10), default="waiting")
    created_at: Mapped[datetime]
    retry_at: Mapped[int] = mapped_column(BigInteger, default=0)
    lease_until: Mapped[int] = mapped_column(BigInteger, default=0)
    token: Mapped[str | None] = mapped_column(String(32))
    uncertain: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None] = mapped_column(String(500))
    finished_at: Mapped[datetime | None] = mapped_column(index=True)
    transcript_id: Mapped[int | None] = mapped_column(RowId)
    ticket_number: Mapped[int | None] = mapped_column(RowId, index=True)
    author_id: Mapped[int | None] = mapped_column(RowId)
    """The referent who must be told if this cannot be delivered."""
    purpose: Mapped[str] = mapped_column(String(20), default="say")


class Receipt(Table):
    """Which message at the other end is which of ours, so that a reply to it finds its ticket."""

    __tablename__ = "receipts"
    lane: Mapped[str] = mapped_column(String(200), primary_key=True)
    external_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    transcript_id: Mapped[int | None] = mapped_column(RowId, index=True)
    ticket_number: Mapped[int | None] = mapped_column(RowId, index=True)
    at: Mapped[datetime]


class Gate(Table):
    """A door that stays shut until a moment of the database's clock: back-off, pacing, leases on a role."""

    __tablename__ = "gates"
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    until: Mapped[int] = mapped_column(BigInteger, default=0)
    step: Mapped[int] = mapped_column(default=0)
    holder: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str | None] = mapped_column(String(200))
