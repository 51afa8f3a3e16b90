"""The tables of the directory of structures: partners, how far each has come, and their demands."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Table
from storage.columns import RowId


class Structure(Table):
    """A partner or a school, at one stage of its way since a day; of people one contact at most."""

    __tablename__ = "structures"
    __table_args__ = (UniqueConstraint("folded", "territory"),)
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    folded: Mapped[str] = mapped_column(String(400))
    """The name without case or accents: one of each in a territory."""
    kind: Mapped[str] = mapped_column(String(20))
    territory: Mapped[str] = mapped_column(String(5), index=True)
    siret: Mapped[str | None] = mapped_column(String(14), unique=True)
    stage: Mapped[str] = mapped_column(String(20))
    since: Mapped[date] = mapped_column(Date)
    contact_name: Mapped[str | None] = mapped_column(String(120))
    contact_email: Mapped[str | None] = mapped_column(String(254), index=True)
    contact_at: Mapped[datetime | None]
    """When the contact was last written down; None without one."""
    added_at: Mapped[datetime]


class StructureEvent(Table):
    """The history of a structure: who did what, when. `stage` and `reached` where it came to a stage."""

    __tablename__ = "structure_events"
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    structure_id: Mapped[int] = mapped_column(ForeignKey("structures.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    what: Mapped[str] = mapped_column(String(20))
    stage: Mapped[str | None] = mapped_column(String(20))
    reached: Mapped[date | None] = mapped_column(Date)
    detail: Mapped[str | None] = mapped_column(String(200))
    """Names of the fields that changed; never their values."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("referents.id", ondelete="SET NULL"))


class StructureTicket(Table):
    """Which structure a ticket is about; one at most."""

    __tablename__ = "structure_tickets"
    ticket_number: Mapped[int] = mapped_column(
        ForeignKey("tickets.number", ondelete="CASCADE"), primary_key=True
    )
    structure_id: Mapped[int] = mapped_column(ForeignKey("structures.id", ondelete="CASCADE"), index=True)


class StructureImport(Table):
    """A file that was read and shown, and waits for its confirmation; dropped after a day."""

    __tablename__ = "structure_imports"
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("referents.id", ondelete="CASCADE"))
    content: Mapped[str] = mapped_column(Text)
