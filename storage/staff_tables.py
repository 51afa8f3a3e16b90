"""The tables of who works at the desk: how far their rights reach, and what they did."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Table
from storage.columns import RowId


class Reach(Table):
    """The territories of the regions that a referent serves in: as far as a lead's rights reach.

    Derived from what they serve, since the database knows no regions.
    """

    __tablename__ = "referent_reach"
    referent_id: Mapped[int] = mapped_column(ForeignKey("referents.id", ondelete="CASCADE"), primary_key=True)
    territory: Mapped[str] = mapped_column(String(5), primary_key=True, index=True)


class Deed(Table):
    """The audit log: what somebody at the desk did, without a word of what people wrote.

    No referent: the command line, or somebody whose row is gone.
    """

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_referent", "referent_id", "at"),)
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    referent_id: Mapped[int | None] = mapped_column(ForeignKey("referents.id", ondelete="SET NULL"))
    action: Mapped[str] = mapped_column(String(30))
    target_kind: Mapped[str | None] = mapped_column(String(20))
    target: Mapped[str | None] = mapped_column(String(80))
    detail: Mapped[str | None] = mapped_column(String(200))
    channel: Mapped[str] = mapped_column(String(20))
