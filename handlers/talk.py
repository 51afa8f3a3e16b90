"""Where the talk with a contact stands, kept in its row so that a restart forgets nothing."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from storage import contacts
from storage.tables import Contact

MANY = 6
MOMENT = timedelta(seconds=10)
"""So many messages within so long may be more than answers keep pace with: one a second in a chat."""


@dataclass(slots=True, kw_only=True)
class Walk:
    """A guide that is open. Of a birth date or a SIRET it holds the band, nothing else."""

    guide: str
    steps: list[list[str]] = field(default_factory=list)
    """(step, what was answered, where that led), in order."""
    row: int = 0
    """The transcript's row that asked the step we are at."""
    reminded: bool = False

    @property
    def answers(self) -> list[str]:
        return [answer for _, answer, _ in self.steps]


@dataclass(slots=True, kw_only=True)
class Talk:
    previous: str | None = None
    """The last question, for follow-ups and for a hand-over that comes after it."""
    question_id: int | None = None
    asked_rows: list[int] = field(default_factory=list)
    """Rows of the transcript that hold the last question: they go with it when it is handed over."""
    rephrasing: bool = False
    """We asked to say it in other words: the next failure hands over."""
    ticket: int | None = None
    """The open ticket that further messages join."""
    awaiting: Literal["territory", "structure"] | None = None
    acknowledged_at: str | None = None
    media: list[list[int]] = field(default_factory=list)
    """(ticket, the channel's message id) of what is not text, for whoever takes the ticket later."""
    media_told_at: str | None = None
    edited_told_at: str | None = None
    """When the referent last learnt that messages of this person had changed."""
    gathering: list[str] = field(default_factory=list)
    """Messages of one thought, not yet decided on."""
    gathered_rows: list[int] = field(default_factory=list)
    round: int = 0
    """Numbers the waits, so that a timer of an earlier one does nothing."""
    said: dict[str, int] = field(default_factory=dict)
    """How often each sentence that has several wordings was said: the next time is another one's turn."""
    burst: list[str] = field(default_factory=list)
    """When the last few messages came; the newest last."""
    burst_told_at: str | None = None
    alerted_at: str | None = None
    """When the national desk last learnt that this person wrote in distress."""
    walk: Walk | None = None

    @classmethod
    def of(cls, contact: Contact) -> "Talk":
        return cls.read(contact.state or {})

    @classmethod
    def read(cls, state: Mapping[str, Any]) -> "Talk":
        # A copy: what changes within it would count as no change when it is saved.
        known = {name: _copied(value) for name, value in state.items() if name in cls.__dataclass_fields__}
        if known.get("walk") is not None:
            known["walk"] = Walk(**known["walk"])
        return cls(**known)

    def save(self, contact: Contact) -> None:
        state = {name: _copied(getattr(self, name)) for name in self.__dataclass_fields__}
        state["walk"] = asdict(self.walk) if self.walk is not None else None
        if state != contact.state:
            contacts.keep_state(contact, state)

    def acknowledged_within(self, now: datetime, patience: timedelta) -> bool:
        return _within(self.acknowledged_at, now, patience)

    def media_told_within(self, now: datetime, patience: timedelta) -> bool:
        return _within(self.media_told_at, now, patience)

    def edited_told_within(self, now: datetime, patience: timedelta) -> bool:
        return _within(self.edited_told_at, now, patience)

    def alerted_within(self, now: datetime, patience: timedelta) -> bool:
        return _within(self.alerted_at, now, patience)

    def hurries(self, now: datetime) -> bool:
        """Counts a message; whether many came within a moment."""
        self.burst = [*self.burst, now.isoformat()][-MANY:]
        return len(self.burst) == MANY and _within(self.burst[0], now, MOMENT)

    def burst_told_within(self, now: datetime, patience: timedelta) -> bool:
        return _within(self.burst_told_at, now, patience)

    def turn_of(self, key: str) -> int:
        """Which wording of a sentence comes next, so that nobody reads the same twice in a row."""
        self.said[key] = self.said.get(key, -1) + 1
        return self.said[key]

    def forget_gathered(self) -> None:
        self.gathering, self.gathered_rows = [], []

    def leave_ticket(self) -> None:
        """What comes next is none of its business."""
        self.ticket, self.awaiting, self.acknowledged_at = None, None, None
        self.forget_question()

    def forget_question(self) -> None:
        """What comes next has nothing to do with what came before."""
        self.previous, self.question_id, self.asked_rows = None, None, []
        self.rephrasing = False


def _copied(value: Any) -> Any:
    """What JSON holds, in a fifth of the time of `deepcopy`."""
    if isinstance(value, dict):
        return {name: _copied(one) for name, one in value.items()}
    return [_copied(one) for one in value] if isinstance(value, list) else value


def _within(said_at: str | None, now: datetime, patience: timedelta) -> bool:
    return said_at is not None and now - datetime.fromisoformat(said_at) < patience
