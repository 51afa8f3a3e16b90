"""What a transaction has to tell: noted in it, heard by whoever waits once it is committed.

    queue.put, outbox.put, transcript… ──note──▶ the session ──commit──▶ tell(Signal): this process at once,
                                                                         the others by `storage.line`

A signal only says where to look: whoever hears it reads the database, and looks there now and then anyway.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.orm import Session

from storage.database import Database, Work

T = TypeVar("T")

_NOTED = "signals"
_INBOX, _OUTBOX, _DESK, _ALL = "inbox", "outbox", "desk", "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """Where there may be something new."""

    inbox: bool = False
    outbox: bool = False
    desk: bool = False
    """Something happened to a ticket, or was said to or by somebody."""
    contacts: frozenset[int] = frozenset()
    """Whose conversations have news."""
    anybody: bool = False
    """Nobody knows whose: everybody looks."""
    timers: frozenset[float] = frozenset()
    """Seconds until each of the timers that were put: this process alone looks again then."""

    def __bool__(self) -> bool:
        return self != _SILENCE

    def __or__(self, other: "Signal") -> "Signal":
        return Signal(
            inbox=self.inbox or other.inbox,
            outbox=self.outbox or other.outbox,
            desk=self.desk or other.desk,
            contacts=self.contacts | other.contacts,
            anybody=self.anybody or other.anybody,
            timers=self.timers | other.timers,
        )

    @property
    def work(self) -> "Signal":
        """What concerns those who work through the queues."""
        return Signal(inbox=self.inbox, outbox=self.outbox)

    @property
    def news(self) -> "Signal":
        """What concerns those who show conversations and desks."""
        return Signal(desk=self.desk, contacts=self.contacts, anybody=self.anybody)


_SILENCE = Signal()
EVERYTHING = Signal(inbox=True, outbox=True, desk=True, anybody=True)
"""What may have been missed while nothing could be heard."""


def filled_inbox(session: Session) -> None:
    """An item is there to be handled now."""
    _note(session, _INBOX)


def put_timer(session: Session, seconds: float) -> None:
    """An item is there to be handled in so many seconds."""
    _note(session, float(seconds))


def filled_outbox(session: Session) -> None:
    """A message is there to be sent."""
    _note(session, _OUTBOX)


def taken_inbox(session: Session) -> None:
    """All that was there to be handled is in hand by this transaction: nobody needs to look."""
    _unnote(session, _INBOX)


def taken_outbox(session: Session) -> None:
    """The same of the messages that may be sent now."""
    _unnote(session, _OUTBOX)


def changed_desk(session: Session) -> None:
    """Something happened to a ticket."""
    _note(session, _DESK)


def changed_conversation(session: Session, contact_id: int) -> None:
    """Something was said, changed or erased in a conversation."""
    _note(session, contact_id)


def noted(session: Session) -> Signal:
    """All that the transaction has to tell so far."""
    return _signal(session.info.get(_NOTED, frozenset()))


def written(signal: Signal) -> str:
    """As a few words, for other processes."""
    words = {_INBOX: signal.inbox, _OUTBOX: signal.outbox, _DESK: signal.desk, _ALL: signal.anybody}
    return " ".join([word for word, said in words.items() if said] + [str(one) for one in signal.contacts])


def read(text: str) -> Signal:
    """The signal behind such words; those of a later release that we do not know are left out."""
    return _signal({int(word) if word.isdecimal() else word for word in text.split()})


class Telling:
    """A database whose committed transactions are heard: `tell` is called in the loop, once for each."""

    def __init__(self, database: Database, tell: Callable[[Signal], None]) -> None:
        self.dialect = database.dialect
        self._database = database
        self._tell = tell

    async def write(self, work: Work[T], *, soon: bool = True) -> T:
        result, signal = await self._database.write(
            lambda session: (work(session), noted(session)), soon=soon
        )
        if signal:
            self._tell(signal)
        return result

    async def read(self, work: Work[T]) -> T:
        return await self._database.read(work)

    async def close(self) -> None:
        await self._database.close()


def _note(session: Session, what: str | int | float) -> None:
    session.info.setdefault(_NOTED, set()).add(what)


def _unnote(session: Session, what: str) -> None:
    session.info.get(_NOTED, set()).discard(what)


def _signal(words: Collection[str | int | float]) -> Signal:
    if not words:
        return _SILENCE
    return Signal(
        inbox=_INBOX in words,
        outbox=_OUTBOX in words,
        desk=_DESK in words,
        contacts=frozenset(word for word in words if isinstance(word, int)),
        anybody=_ALL in words,
        timers=frozenset(word for word in words if isinstance(word, float)),
    )
