"""The table of what referents propose to learn from demands; named in `storage.tables`."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Table
from storage.columns import RowId

IN_EFFECT = "state IN ('accepted', 'exported') AND joined_at IS NULL AND kind IN ('phrasing', 'off_topic')"
"""What the bot heeds before it looks into its index: accepted, and not yet in the content's own files."""


class Proposal(Table):
    """Something to learn, proposed by a referent and decided on by an editor. Never leads to the asker.

    kind: phrasing (`target` is an entry), off_topic (a subject), entry (a theme; the rest is in `draft`).
    state: waiting, accepted, rejected, exported (written into the content's files).
    """

    __tablename__ = "proposals"
    __table_args__ = (
        Index("ix_proposals_state", "state", "id"),
        Index(
            "uq_proposals_in_effect",
            "wording",
            unique=True,
            sqlite_where=text(IN_EFFECT),
            postgresql_where=text(IN_EFFECT),
        ),
    )
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    target: Mapped[str | None] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    wording: Mapped[str] = mapped_column(String(500))
    """The folded words of `text`: what a message must be, word for word, to be meant."""
    draft: Mapped[dict[str, Any] | None]
    proposed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("referents.id", ondelete="SET NULL"), index=True
    )
    proposed_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("referents.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(500))
    joined_at: Mapped[datetime | None]
    """When it was found in the content as it is read: from then on the files say it."""
