"""The tables of what was sent beside text."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Table
from storage.columns import RowId


class File(Table):
    """A photo, a document…: kept here in chunks, or at the channel that it came by (`external_id`).

    It lives and goes with its row of the transcript; while it arrives it has none.
    """

    __tablename__ = "files"
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    transcript_id: Mapped[int | None] = mapped_column(
        ForeignKey("transcript.id", ondelete="CASCADE"), index=True
    )
    ticket_number: Mapped[int | None] = mapped_column(
        ForeignKey("tickets.number", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str | None] = mapped_column(String(200))
    size: Mapped[int | None]
    mime: Mapped[str | None] = mapped_column(String(100))
    """By its content, for what is kept here; None where the content was never seen."""
    external_id: Mapped[str | None] = mapped_column(String(300))
    message_id: Mapped[str | None] = mapped_column(String(64))
    """The message of the channel that carries it, so that it can be passed on again."""
    created_at: Mapped[datetime] = mapped_column(index=True)


class FileChunk(Table):
    """A piece of a file that is kept here, at most `files.CHUNK` bytes, in order."""

    __tablename__ = "file_chunks"
    file_id: Mapped[int] = mapped_column(ForeignKey("files.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
