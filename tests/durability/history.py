"""What happened, as people, the fake Telegram and the database each tell it: what the checker reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that somebody did, accepted from them. `answer` is the outcome that it must have, once.

    None: it joins a demand, where the acknowledgement is given once a burst (documented silence otherwise).
    """

    text: str
    answer: str | None
    written: bool = True
    """Whether it is a message, with a row of its own; commands and buttons have none."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the transcript. `shown` is what of it reaches a screen, letters alone."""

    author: str
    text: str
    shown: str = ""
    answer: str | None = None
    """What it is the outcome of, if of anything said here."""
    ticket: int | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """One person on one channel, in the order of each source."""

    who: str
    said: tuple[Said, ...]
    rows: tuple[Row, ...]
    heard: tuple[str, ...]
    """Letters of what was delivered, copies included."""
    late: tuple[str, ...] = ()
    """Letters of what was being sent here when a process was stopped: its bytes may leave when it goes on."""
    reachable: bool = True
    """False for who blocked the bot or closed their account: what is said after it may not arrive."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What referents did about a ticket and were told that it was done, and the ticket's own history."""

    number: int
    asker: str
    replies: tuple[str, ...] | None
    """None where chance decides whether a reply was still accepted."""
    acts: Mapping[str, int]
    """Events that must be in its history, each so often."""
    events: Mapping[str, int]
    told: str = ""
    """All that was said to referents who hold it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    conversations: tuple[Conversation, ...]
    demands: tuple[Demand, ...] = ()
    opened: int = 0
    """Tickets that there are."""
    unfinished: Mapping[str, int] = field(default_factory=dict)
    """Keys of the inbox that are neither done nor timers to come, and messages given up."""
    expected_unfinished: Mapping[str, int] = field(default_factory=dict)
    set_aside: tuple[str, ...] = ()
    """Which they are, for whoever reads the verdict."""
    accepted: int = 0
    copies_allowed: int = 0
    quiet_after: float = 0.0
    """Seconds from the first call that succeeded again until both queues were empty."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong, in words; and the figures."""

    lost: tuple[str, ...] = ()
    disordered: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()
    strayed: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    copies: int = 0

    @property
    def violations(self) -> tuple[str, ...]:
        return self.lost + self.disordered + self.twice + self.strayed + self.other
