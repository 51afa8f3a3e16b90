"""Tables of the desk beside tickets: whom they were offered to, notes among colleagues, shared replies."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Table
from storage.columns import RowId


class TicketOffer(Table):
    """Who was told of a ticket that waits, and in which circle: `first` to be told, `territory`, …"""

    __tablename__ = "ticket_offers"
    ticket_number: Mapped[int] = mapped_column(
        ForeignKey("tickets.number", ondelete="CASCADE"), primary_key=True
    )
    referent_id: Mapped[int] = mapped_column(
        ForeignKey("referents.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    stage: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]


class TicketNote(Table):
    """What referents tell each other about a ticket. Nothing that goes to its asker ever holds one."""

    __tablename__ = "ticket_notes"
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    ticket_number: Mapped[int] = mapped_column(ForeignKey("tickets.number", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    referent_id: Mapped[int | None] = mapped_column(ForeignKey("referents.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(Text)


class SharedReply(Table):
    """A « réponse type »: what a referent rewrote for all colleagues. Leads back to no ticket."""

    __tablename__ = "shared_replies"
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("referents.id", ondelete="SET NULL"), index=True)
    territory: Mapped[str | None] = mapped_column(String(5))
    theme: Mapped[str | None] = mapped_column(String(80))
    shared_at: Mapped[datetime]
    uses: Mapped[int] = mapped_column(default=0)
    """How many replies were sent with it."""


class TicketWords(Table):
    """What a ticket is found by: the words of people about it, folded, for the full-text index beside it."""

    __tablename__ = "ticket_words"
    ticket_number: Mapped[int] = mapped_column(
        RowId, ForeignKey("tickets.number", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    folded: Mapped[str] = mapped_column(Text)


class TicketRead(Table):
    """How far a referent has read a ticket: up to which `heard_id`. No row: never looked at."""

    __tablename__ = "ticket_reads"
    referent_id: Mapped[int] = mapped_column(ForeignKey("referents.id", ondelete="CASCADE"), primary_key=True)
    ticket_number: Mapped[int] = mapped_column(
        ForeignKey("tickets.number", ondelete="CASCADE"), primary_key=True, index=True
    )
    seen_id: Mapped[int] = mapped_column(RowId)
