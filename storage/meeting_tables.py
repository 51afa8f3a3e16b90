"""The tables of the weekly meeting: what was agreed there."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Table
from storage.columns import RowId


class MeetingAction(Table):
    """Who does what until when. `who` holds the words for somebody who is not at the desk.

    `ending` is "done" or "dropped"; None while it is open.
    """

    __tablename__ = "meeting_actions"
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    what: Mapped[str] = mapped_column(String(300))
    who: Mapped[str | None] = mapped_column(String(80))
    referent_id: Mapped[int | None] = mapped_column(ForeignKey("referents.id", ondelete="SET NULL"))
    due: Mapped[date] = mapped_column(Date)
    noted_at: Mapped[datetime]
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("referents.id", ondelete="SET NULL"))
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("referents.id", ondelete="SET NULL"))
    ending: Mapped[str | None] = mapped_column(String(10))
