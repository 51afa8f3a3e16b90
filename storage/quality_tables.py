"""The tables of the false-answer rate: answers drawn to be judged, entries to mend, people who were told."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Table
from storage.columns import RowId

STANDS = "ended_at IS NULL"


class Sample(Table):
    """A week of which automatic answers were drawn, « 2026-W48 »; there is one of a week without any, too."""

    __tablename__ = "samples"
    week: Mapped[str] = mapped_column(String(8), primary_key=True)
    drawn_at: Mapped[datetime]
    answers: Mapped[int]
    """How many automatic answers that week had."""


class SampledAnswer(Table):
    """An answer that was drawn. It holds no words: they are the question's, and go when those go."""

    __tablename__ = "sampled_answers"
    __table_args__ = (UniqueConstraint("week", "place"),)
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    week: Mapped[str] = mapped_column(ForeignKey("samples.week", ondelete="CASCADE"))
    place: Mapped[int]
    """From 1 on, in the order in which they were drawn."""
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), unique=True)
    entry_id: Mapped[str] = mapped_column(String(80))
    """The entry that was given; of several the first, or the one that was judged."""
    verdict: Mapped[str | None] = mapped_column(String(10))
    """right, incomplete or wrong; None until somebody judged."""
    judged_at: Mapped[datetime | None]
    judged_by_id: Mapped[int | None] = mapped_column(ForeignKey("referents.id", ondelete="SET NULL"))


class Repair(Table):
    """An entry that was judged wrong or incomplete, for editors to mend; ended ones stay as the log.

    `correction` is what those who had the answer are told, once somebody wrote it.
    """

    __tablename__ = "repairs"
    __table_args__ = (
        Index(
            "uq_repairs_standing",
            "entry_id",
            unique=True,
            sqlite_where=text(STANDS),
            postgresql_where=text(STANDS),
        ),
    )
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    entry_id: Mapped[str] = mapped_column(String(80), index=True)
    verdict: Mapped[str] = mapped_column(String(10))
    note: Mapped[str | None] = mapped_column(String(500))
    """What is wrong, in the words of who judged."""
    hold_id: Mapped[int | None] = mapped_column(RowId)
    """The hold that it was suspended by; None where it was on hold for another reason, or is still said."""
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("referents.id", ondelete="SET NULL"))
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("referents.id", ondelete="SET NULL"))
    correction: Mapped[str | None] = mapped_column(Text)
    corrected_at: Mapped[datetime | None]
    corrected_by_id: Mapped[int | None] = mapped_column(ForeignKey("referents.id", ondelete="SET NULL"))


class Correction(Table):
    """Who was told of a wrong answer: each once for each time that it was suspended."""

    __tablename__ = "corrections"
    repair_id: Mapped[int] = mapped_column(ForeignKey("repairs.id", ondelete="CASCADE"), primary_key=True)
    contact_id: Mapped[int] = mapped_column(
        ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    told_at: Mapped[datetime]
