"""Where the talk with a contact stands, kept in its row so that a restart forgets nothing."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Literal

from storage.tables import Contact


@dataclass(slots=True, kw_only=True)
class Talk:
    previous: str | None = None
    """The last question, for follow-ups and for a hand-over that comes after it."""
    question_id: int | None = None
    rephrasing: bool = False
    """We asked to say it in other words: the next failure hands over."""
    ticket: int | None = None
    """The open ticket that further messages join."""
    awaiting: Literal["territory", "structure"] | None = None
    acknowledged_at: str | None = None
    gathering: list[str] = field(default_factory=list)
    """Messages of one thought, not yet decided on."""
    gathered_rows: list[int] = field(default_factory=list)
    round: int = 0
    """Numbers the waits, so that a timer of an earlier one does nothing."""

    @classmethod
    def of(cls, contact: Contact) -> "Talk":
        known = {
            name: value for name, value in (contact.state or {}).items() if name in cls.__dataclass_fields__
        }
        return cls(**known)

    def save(self, contact: Contact) -> None:
        contact.state = asdict(self)

    def acknowledged_within(self, now: datetime, seconds: float) -> bool:
        if self.acknowledged_at is None:
            return False
        return (now - datetime.fromisoformat(self.acknowledged_at)).total_seconds() < seconds

    def forget_gathered(self) -> None:
        self.gathering, self.gathered_rows = [], []
