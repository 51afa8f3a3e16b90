"""The table of what was erased."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Table
from storage.columns import RowId


class Erasure(Table):
    """Somebody, or a ticket, was erased at a moment; `subject` is a hash, see `storage.erasures`."""

    __tablename__ = "erasures"
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    subject: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(index=True)
