"""The tables. One class a table; the words are those of the README's glossary.

Those of one topic alone stand in a file of their own and are named here, so that one import knows them all.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Table as Table
from storage.blocking_tables import BlockingPoint as BlockingPoint
from storage.blocking_tables import BlockingReport as BlockingReport
from storage.broadcast_tables import Broadcast as Broadcast
from storage.broadcast_tables import Recipient as Recipient
from storage.broadcast_tables import Subscription as Subscription
from storage.columns import RowId
from storage.demo_tables import Demonstration as Demonstration
from storage.desk_tables import SharedReply as SharedReply
from storage.desk_tables import TicketNote as TicketNote
from storage.desk_tables import TicketOffer as TicketOffer
from storage.desk_tables import TicketRead as TicketRead
from storage.desk_tables import TicketWords as TicketWords
from storage.erasure_tables import Erasure as Erasure
from storage.file_tables import File as File
from storage.file_tables import FileChunk as FileChunk
from storage.learning_tables import Proposal as Proposal
from storage.meeting_tables import MeetingAction as MeetingAction
from storage.quality_tables import Correction as Correction
from storage.quality_tables import Repair as Repair
from storage.quality_tables import Sample as Sample
from storage.quality_tables import SampledAnswer as SampledAnswer
from storage.queue_tables import Gate as Gate
from storage.queue_tables import InboxItem as InboxItem
from storage.queue_tables import OutboxItem as OutboxItem
from storage.queue_tables import Receipt as Receipt
from storage.schedule_tables import Schedule as Schedule
from storage.staff_tables import Deed as Deed
from storage.staff_tables import Reach as Reach
from storage.structure_tables import Structure as Structure
from storage.structure_tables import StructureEvent as StructureEvent
from storage.structure_tables import StructureImport as StructureImport
from storage.structure_tables import StructureTicket as StructureTicket


class Contact(Table):
    """A person on one channel. Holds no name: an address, what they told us, where the talk stands."""

    __tablename__ = "contacts"
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    address: Mapped[str] = mapped_column(String(200), unique=True)
    moved_from: Mapped[str | None] = mapped_column(String(200), index=True)
    """The address before a chat became another one: what was written there may still be on its way."""
    audience: Mapped[str | None] = mapped_column(String(20))
    territory: Mapped[str | None] = mapped_column(String(5))
    structure: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[dict[str, Any]] = mapped_column(default=dict)
    last_seq: Mapped[int] = mapped_column(default=0)
    mail_notice: Mapped[str | None] = mapped_column(String(254))
    informed_at: Mapped[datetime | None]
    unreachable_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)


class Transcript(Table):
    """What was said, in order (`seq`) per contact; `author` is visitor, bot or referent."""

    __tablename__ = "transcript"
    __table_args__ = (
        UniqueConstraint("contact_id", "seq"),
        Index("ix_transcript_client", "contact_id", "client_id", unique=True),
    )
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"))
    seq: Mapped[int]
    author: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    markup: Mapped[bool] = mapped_column(default=False)
    choices: Mapped[list[Any] | None]
    at: Mapped[datetime] = mapped_column(index=True)
    client_id: Mapped[str | None] = mapped_column(String(64))
    """The door's id of an incoming message: Telegram's message id or the web client's uuid."""
    ticket_number: Mapped[int | None] = mapped_column(
        ForeignKey("tickets.number", ondelete="SET NULL"), index=True
    )
    referent_id: Mapped[int | None] = mapped_column(ForeignKey("referents.id", ondelete="SET NULL"))
    distress: Mapped[bool] = mapped_column(default=False)
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    change_seq: Mapped[int | None]
    """The number that the last edit or deletion took in the conversation's count."""

    @property
    def offered(self) -> list[dict[str, Any]]:
        """Its choices, each with the id by which it is chosen."""
        return [{**choice, "id": f"{self.id}.{index}"} for index, choice in enumerate(self.choices or ())]


class Question(Table):
    """What a person asked, what the bot found and what became of it. The text is masked when written."""

    __tablename__ = "questions"
    __table_args__ = (
        # All that figures ask of a question, so that they need not read its row.
        Index(
            "ix_questions_figures",
            "asked_at",
            "territory",
            "audience",
            "outcome",
            "entry_id",
            "feedback",
            "ticket_number",
            "nearest_id",
        ),
    )
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id", ondelete="SET NULL"), index=True)
    asked_at: Mapped[datetime]
    text: Mapped[str | None] = mapped_column(Text)
    audience: Mapped[str | None] = mapped_column(String(20))
    territory: Mapped[str | None] = mapped_column(String(5))
    channel: Mapped[str] = mapped_column(String(20))
    candidates: Mapped[list[Any]] = mapped_column(default=list)
    outcome: Mapped[str] = mapped_column(String(20))
    entry_id: Mapped[str | None] = mapped_column(String(80))
    """The entry that was shown: the sure one, or the one chosen among the proposals."""
    nearest_id: Mapped[str | None] = mapped_column(String(80))
    """The entry that it was nearest to, shown or not: under its theme an unanswered question counts."""
    knowledge_hash: Mapped[str] = mapped_column(String(64))
    feedback: Mapped[str | None] = mapped_column(String(10))
    ticket_number: Mapped[int | None] = mapped_column(RowId)


class Ticket(Table):
    """A question handed over to a human. `number` is what people are told and stays after an erasure."""

    __tablename__ = "tickets"
    __table_args__ = (Index("ix_tickets_desk", "state", "territory"), {"sqlite_autoincrement": True})
    number: Mapped[int] = mapped_column(RowId, primary_key=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id", ondelete="SET NULL"), index=True)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("questions.id", ondelete="SET NULL"))
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    audience: Mapped[str | None] = mapped_column(String(20))
    territory: Mapped[str | None] = mapped_column(String(5), index=True)
    structure: Mapped[str | None] = mapped_column(String(200))
    theme: Mapped[str | None] = mapped_column(String(80))
    stage: Mapped[str] = mapped_column(String(20), default="unrouted")
    """Who was told so far: unrouted, first, territory, deputy, region or national."""
    referent_id: Mapped[int | None] = mapped_column(
        ForeignKey("referents.id", ondelete="SET NULL"), index=True
    )
    opened_at: Mapped[datetime] = mapped_column(index=True)
    taken_at: Mapped[datetime | None]
    first_reply_at: Mapped[datetime | None] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]
    """When the last reply went out."""
    closed_at: Mapped[datetime | None] = mapped_column(index=True)
    promised_at: Mapped[datetime | None]
    """Since when the asker waits for the reply that is promised; with `near_at` and `due_at`, or all None."""
    near_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    reminded: Mapped[str | None] = mapped_column(String(10))
    """The last mark of this promise that was told: near, late or still."""
    reply_minutes: Mapped[int | None]
    """Open time from the opening to the first reply, in the hours of who replied."""
    solved: Mapped[bool | None]
    """What the asker said of the last reply or closing; None while they said nothing."""
    solution: Mapped[str | None] = mapped_column(String(10))
    """How it ended: `confirmed` by the asker or `assumed`; None while open, or erased when open."""
    helped: Mapped[str | None] = mapped_column(String(10))
    """What the asker answered to « Cette réponse vous a-t-elle aidé ? »: yes, partly or no."""
    helped_asked_at: Mapped[datetime | None]
    linked_to: Mapped[int | None] = mapped_column(RowId, index=True)
    """The closed ticket that this one goes on with."""
    erased_at: Mapped[datetime | None]
    heard_id: Mapped[int] = mapped_column(RowId, default=0, server_default="0")
    """The last row of the transcript that the asker wrote about it; 0 before the first."""


class TicketEvent(Table):
    """The history of a ticket: who did what, when."""

    __tablename__ = "ticket_events"
    __table_args__ = (Index("ix_ticket_events_what", "what", "at"),)
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    ticket_number: Mapped[int] = mapped_column(ForeignKey("tickets.number", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    what: Mapped[str] = mapped_column(String(30))
    referent_id: Mapped[int | None] = mapped_column(ForeignKey("referents.id", ondelete="SET NULL"))
    detail: Mapped[str | None] = mapped_column(String(500))


class Referent(Table):
    """Who answers. Removed ones keep their row, so that the history stays readable."""

    __tablename__ = "referents"
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(20), default="referent")
    national: Mapped[bool] = mapped_column(default=False)
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("referents.id", ondelete="SET NULL"))
    telegram_id: Mapped[int | None] = mapped_column(BigInteger)
    email: Mapped[str | None] = mapped_column(String(254))
    awaiting: Mapped[dict[str, Any] | None]
    """What the next plain Telegram message of this referent means (the ticket being answered)."""
    shortcuts: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether single keys do things in the console."""
    notices_by: Mapped[str | None] = mapped_column(String(10))
    """telegram or mail; None: by each that there is."""
    digest_by: Mapped[str | None] = mapped_column(String(10))
    """telegram, mail or none; None: where notices go."""
    digested_at: Mapped[datetime | None]
    told_week: Mapped[str | None] = mapped_column(String(8))
    """The last week whose pack they were given, « 2026-W48 »."""
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


# One account and one name for each referent in office; removed ones give theirs free.
for _name, _column in (("uq_referents_telegram", Referent.telegram_id), ("uq_referents_name", Referent.name)):
    _in_office = Referent.removed_at.is_(None)
    Index(_name, _column, unique=True, sqlite_where=_in_office, postgresql_where=_in_office)


class ReferentTerritory(Table):
    __tablename__ = "referent_territories"
    referent_id: Mapped[int] = mapped_column(ForeignKey("referents.id", ondelete="CASCADE"), primary_key=True)
    territory: Mapped[str] = mapped_column(String(5), primary_key=True, index=True)


class Absence(Table):
    __tablename__ = "absences"
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    referent_id: Mapped[int] = mapped_column(ForeignKey("referents.id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    replacement_id: Mapped[int | None] = mapped_column(ForeignKey("referents.id", ondelete="SET NULL"))


class Secret(Table):
    """One-time and session tokens, stored as their SHA-256 only.

    kinds: invitation, login, console (session), web (session), link (personal link to a conversation),
    form (a form of the console that was sent).
    """

    __tablename__ = "secrets"
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), index=True)
    referent_id: Mapped[int | None] = mapped_column(
        ForeignKey("referents.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
    detail: Mapped[dict[str, Any] | None]


class Hold(Table):
    """A rule-change freeze: what is on hold, who said so and why. Thawed ones stay as the log.

    `kind` is "tag" or "entry", `target` the tag or the entry's id. No referent: the command line.
    """

    __tablename__ = "holds"
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    target: Mapped[str] = mapped_column(String(500))
    reason: Mapped[str] = mapped_column(String(500))
    held_at: Mapped[datetime]
    held_by_id: Mapped[int | None] = mapped_column(ForeignKey("referents.id", ondelete="SET NULL"))
    thawed_at: Mapped[datetime | None] = mapped_column(index=True)
    thawed_by_id: Mapped[int | None] = mapped_column(ForeignKey("referents.id", ondelete="SET NULL"))
