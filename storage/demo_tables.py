"""The table that says that a database holds a demonstration."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Table
from storage.columns import RowId


class Demonstration(Table):
    """One row where everything was made up, none where people write: what all pages say at their top."""

    __tablename__ = "demonstration"
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    seed: Mapped[int]
    weeks: Mapped[int]
    made_at: Mapped[datetime]
