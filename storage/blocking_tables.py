"""The tables of the register of blocking points: what stops people, and whom."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Table
from storage.columns import RowId


class BlockingPoint(Table):
    """Something that stops people, on one part of the pass Culture (`subject`), since a day.

    state: proposed (seen by the robot), open, raised (to the national team), solved, dismissed, merged.
    """

    __tablename__ = "blocking_points"
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10), index=True)
    since: Mapped[date] = mapped_column(Date)
    entry_id: Mapped[str | None] = mapped_column(String(80), index=True)
    """The entry that the questions behind a proposal are nearest to."""
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("referents.id", ondelete="SET NULL"))
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("referents.id", ondelete="SET NULL"))
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("referents.id", ondelete="SET NULL"))
    solution: Mapped[str | None] = mapped_column(Text)
    """What people who are concerned were told at the end."""
    merged_into: Mapped[int | None] = mapped_column(RowId)


class BlockingReport(Table):
    """Who is stopped by a point: the asker of a ticket, or somebody a referent named (`who`)."""

    __tablename__ = "blocking_reports"
    __table_args__ = (UniqueConstraint("point_id", "ticket_number"),)
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("blocking_points.id", ondelete="CASCADE"), index=True)
    ticket_number: Mapped[int | None] = mapped_column(
        ForeignKey("tickets.number", ondelete="SET NULL"), index=True
    )
    who: Mapped[str | None] = mapped_column(String(120))
    territory: Mapped[str | None] = mapped_column(String(5))
    audience: Mapped[str | None] = mapped_column(String(20))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("referents.id", ondelete="SET NULL"))
