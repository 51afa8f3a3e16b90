"""The table of opening hours and of how soon a reply is promised."""

from typing import Any

from sqlalchemy import Float, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Table


class Schedule(Table):
    """What one owner has set; what they have not comes from the next wider one.

    `owner` is "national", "territory:25" or "referent:12"; `periods` are [weekday, opens, closes] with
    minutes since midnight; `reply_days` is the target in open days.
    """

    __tablename__ = "schedules"
    owner: Mapped[str] = mapped_column(String(30), primary_key=True)
    periods: Mapped[list[Any] | None]
    reply_days: Mapped[float | None] = mapped_column(Float)
