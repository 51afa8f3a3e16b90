"""A Turn: one event, one transaction, one clock reading, and the world around them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from knowledge.entries import KnowledgeBase
from knowledge.overlay import Overlay
from knowledge.searching import words
from knowledge.texts import Texts
from storage import search

if TYPE_CHECKING:
    from handlers.pack import Pack

Pages = Callable[[str, bool], list[str]]
"""Cuts a text (and whether it is light Markdown) into parts that a channel takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long things are kept; days."""

    conversation: int = 30
    ticket: int = 183
    question: int = 365
    distress: int = 7
    staff: int = 365
    """The audit log, and absences that are over."""
    partner: int = 365
    """A structure's contact, counted from the last that was heard of it."""
    queue_keys: int = 8
    subscription: int = 365
    """After the last word of somebody who gets news: then they get none any more."""
    proof: int = 183
    """After the end of what somebody had agreed to get: that they had."""
    backup: int = 90
    """For how long a backup may be restored: until then an erasure is remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long we wait for people before going on."""

    more_words: timedelta = timedelta(seconds=2)
    territory: timedelta = timedelta(minutes=10)
    notice: timedelta = timedelta(minutes=5)
    reply_open_days: int = 2
    acknowledged: timedelta = timedelta(minutes=10)
    alert: timedelta = timedelta(hours=1)
    guide: timedelta = timedelta(days=1)
    silence: timedelta = timedelta(days=7)
    """After a reply, until it is supposed to have solved the matter."""
    reopening: timedelta = timedelta(days=14)
    """After its end, during which a ticket is opened again under its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What a turn knows besides the database. Handed in by the composition root, never imported."""

    knowledge: KnowledgeBase = field(repr=False)
    timezone: ZoneInfo
    public_url: str
    telegram_name: str | None = None
    mail: bool = False
    notices: Literal["short", "full"] = "short"
    controller: str | None = None
    retention: Retention = field(default_factory=Retention)
    patience: Patience = field(default_factory=Patience)
    broadcast_rate: int = 5
    """News that leave in a second."""
    pages: Mapping[str, Pages] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Turn:
    """Everything that happens in it is kept together or not at all."""

    session: Session
    now: datetime
    world: World
    door: str = "cli"
    """What this came by, for the audit log: telegram, web, timer or cli."""
    added: Overlay | None = None
    """What was heeded beside the content when the message was looked up; None where no message was."""
    waited: bool = False
    """Whether its message has waited for the rest of its thought, and nothing came."""
    draft: "Pack | None" = None
    """The figures that it will tell, where they were read before it began."""

    def __post_init__(self) -> None:
        search.keep(self.session, words)

    @property
    def texts(self) -> Texts:
        return self.world.knowledge.texts

    @property
    def today(self) -> date:
        """The calendar day where the people are."""
        return self.now.astimezone(self.world.timezone).date()
