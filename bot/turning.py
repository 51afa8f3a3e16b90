"""Turns: items of the inbox become turns, each in a transaction of its own."""

import asyncio
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.orm import Session

from bot.ahead import Ahead, Glance, glance, look_ahead
from bot.delivering import Delivering
from bot.finding import Look
from bot.hands import Hands, Wake
from bot.keeping import Keeping
from bot.metrics import Metrics
from bot.together import Together
from handlers import conversation, outcome
from handlers.events import Event, Ignored, MessageReceived
from handlers.turn import Turn, World
from storage import leases, queue, signals
from storage.database import Database, DatabaseUnavailable, Spoilt
from storage.outbox import Parcel
from storage.queue import Claimed, LeaseLost

log = structlog.get_logger(__name__)

LOOK_AGAIN = 1.0
"""Seconds between two looks for items of dead processes, and for those to be tried alone."""
SETTLED = 2.0
"""Seconds after its first look in which a process tries nothing alone: it does all for the first time and is
slow, and whatever is in hand that long would be blamed for a death that has nothing to do with it.
"""

Translate = Callable[[dict[str, Any]], Event]


class Unreadable(Exception):
    """No door wrote this item as it should be: nobody will ever be able to read it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """An item that the transaction took along which accepted it, and what it read of it."""

    item: Claimed
    seen: Glance | None


@dataclass(slots=True, kw_only=True)
class Turning:
    """What answers; `worker.Worker` keeps it going."""

    database: Database
    world: Callable[[], World]
    clock: Callable[[], datetime]
    translate: Mapping[str, Translate]
    look: Look
    metrics: Metrics
    wake: Wake
    delivering: Delivering
    keeping: Keeping[Claimed] = field(init=False)
    hands: Hands[Claimed] = field(init=False)
    settled_at: float | None = None
    """From when on what ended badly is tried alone, by the monotonic clock; unknown before the first look."""
    _next_look: float = 0.0
    _suspects: bool = False
    _seen: dict[tuple[int, str], Glance] = field(default_factory=dict)
    _put_off: Together[Claimed, bool] = field(init=False)

    def __post_init__(self) -> None:
        self.keeping = Keeping(self._renew, lease_ms=queue.LEASE_MS)
        self.hands = Hands(self._claim, self.keeping.around(self.turn), self.wake)
        self._put_off = Together(self._note_put_off)

    @property
    def room(self) -> int:
        """How many items the transaction that accepts them may take along."""
        return 0 if self._suspects else self.hands.room

    def claim(self, session: Session, lanes: Collection[str], room: int) -> list[Taken]:
        """What was just put into `lanes`, if there is room; to be given to `take` once it is committed."""
        if len(lanes) > room:
            return []
        signals.taken_inbox(session)
        now = self.clock()
        claimed = [item for lane in lanes for item in queue.claim_lane(session, lane, now=now)]
        return [Taken(item, self._glance(session, now, item)) for item in claimed]

    def take(self, taken: Sequence[Taken]) -> None:
        self.hands.take(self._begun(taken))

    def _begun(self, taken: Sequence[Taken]) -> list[Claimed]:
        self._seen |= {_lease(one.item): one.seen for one in taken if one.seen is not None}
        return [one.item for one in taken]

    def _glance(self, session: Session, now: datetime, item: Claimed) -> Glance | None:
        """Whoever accepts must not fail by what an item says: its turn will, and that is counted."""
        try:
            event = self._event(item)
            # Others may read for seconds (the figures of a week): nobody who accepts may wait for that.
            return glance(self._turn(session, now), event) if isinstance(event, MessageReceived) else None
        except Exception as error:  # the border of the item
            log.warning("item_not_seen_ahead", key=item.key, reason=type(error).__name__)
            return None

    async def turn(self, item: Claimed) -> bool:
        """One item, one turn. Whatever happens, the item is finished, given back or counted as failed.

        Returns whether something may wait for it to end.
        """
        with self.metrics.turn_time.time():
            ended, followed = await self._try(item)
            self.metrics.turns.labels(ended).inc()
        return followed

    async def _claim(self, room: int, idle: bool) -> Sequence[Claimed]:
        """One that ended badly is taken when nothing else is in hand; meanwhile nothing new is taken."""
        now = self.clock()
        if await self._suspects_wait(now):
            if not idle:
                return []
            claimed = await self.database.write(lambda session: queue.claim_suspect(session, now=now))
            if claimed:
                return claimed
        try:
            found = await self.database.write(lambda session: self._found(session, now, room))
        except Spoilt as error:
            log.warning("items_not_seen_ahead", reason=str(error))
            found = await self.database.write(lambda session: self._found(session, now, room, glances=False))
        return self._begun(found)

    def _found(self, session: Session, now: datetime, room: int, *, glances: bool = True) -> list[Taken]:
        """What waited for more words is read again in the same go: few come due at one moment."""
        claimed = queue.claim(session, now=now, limit=room)
        return [
            Taken(one, self._glance(session, now, one) if glances and one.put_off else None)
            for one in claimed
        ]

    async def _suspects_wait(self, now: datetime) -> bool:
        """Looked at once a second: ends of leases and items to be tried alone are rare."""
        if self.settled_at is None:
            self.settled_at = time.monotonic() + SETTLED
        if time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + LOOK_AGAIN
            waiting = await self.database.write(lambda session: self._note_dead(session, now))
            self._suspects = waiting and time.monotonic() >= self.settled_at
        return self._suspects

    def _note_dead(self, session: Session, now: datetime) -> bool:
        suspects_wait = queue.note_dead(session, now=now)
        outcome.set_aside(self._turn(session, now))
        return suspects_wait

    async def _try(self, item: Claimed) -> tuple[str, bool]:
        """How it ended, in a word, and whether something may wait for that."""
        seen = self._seen.pop(_lease(item), None)
        try:
            event = self._event(item)
            ahead = await look_ahead(self.database, self._reader(), self.look, event, seen)
            if ahead.waits and not item.put_off:
                return "put_off", await self._put_off(item)
            followed = await self._settled(item, event, ahead)
        except Unreadable as error:
            reason = f"unreadable: {error}"
            log.error("item_unreadable", key=item.key, reason=reason[:200])
            await self._settle(lambda session: queue.park(session, item, reason))
            return "unreadable", True
        except LeaseLost:
            log.warning("lease_lost", key=item.key)
            return "lease_lost", True
        except DatabaseUnavailable as error:
            log.warning("turn_postponed", key=item.key, reason=str(error)[:200])
            await self._settle(lambda session: queue.release(session, item, wait_ms=1000))
            return "postponed", True
        except Exception as error:  # the border: whatever a turn may raise must not end the loop
            log.exception("turn_failed", key=item.key)
            name = type(error).__name__
            await self._settle(lambda session: queue.fail(session, item, name))
            return "failed", True
        except asyncio.CancelledError:  # we stop: others need not wait for its lease to run out
            await self._settle(lambda session: queue.release(session, item))
            raise
        return "ignored" if isinstance(event, Ignored) else "done", followed

    async def _note_put_off(self, items: list[Claimed]) -> bool:
        """They wait for the rest of their thoughts, and nothing was said of them yet."""
        now, moment = self.clock(), self.world().patience.more_words

        def note(session: Session) -> bool:
            queue.put_off(session, items, now=now, moment=moment)
            return any(queue.followed(session, item, now=now) for item in items)

        return await self.database.write(note, soon=False)

    def _event(self, item: Claimed) -> Event:
        try:
            return self.translate[str(item.payload.get("door"))](item.payload)
        except (KeyError, ValueError) as error:
            raise Unreadable(str(error)) from error

    async def _settle(self, work: Callable[[Session], Any]) -> None:
        """Notes how an item ended; when even that cannot be written, its lease runs out instead."""
        with suppress(DatabaseUnavailable):
            await self.database.write(work)

    async def _settled(self, item: Claimed, event: Event, ahead: Ahead) -> bool:
        """The turn itself; what it says is taken along where little else is being sent."""
        room = self.delivering.hands.room

        def settle(session: Session) -> tuple[bool, list[Parcel]]:
            now = self.clock()
            self._handle(session, item, event, ahead, now)
            parcels = self.delivering.claim(session, room) if signals.noted(session).outbox else []
            return queue.followed(session, item, now=now), parcels

        followed, parcels = await self.database.write(settle)
        self.delivering.hands.take(parcels)
        return followed

    def _handle(self, session: Session, item: Claimed, event: Event, ahead: Ahead, now: datetime) -> None:
        """Within the transaction; the lease is checked first."""
        queue.finish(session, item, now=now)
        turn = self._turn(session, now)
        turn.door, turn.waited = str(item.payload["door"]), item.waited
        turn.added, turn.draft = ahead.added, ahead.draft
        conversation.handle(event, turn, ahead.match)

    def _reader(self) -> Callable[[Session], Turn]:
        now = self.clock()
        return lambda session: self._turn(session, now)

    def _turn(self, session: Session, now: datetime) -> Turn:
        return Turn(session=session, now=now, world=self.world())

    async def _renew(self, held: list[Claimed]) -> None:
        await self.database.write(lambda session: leases.renew_items(session, held))


def _lease(item: Claimed) -> tuple[int, str]:
    """Items that were claimed in one go share their token."""
    return item.id, item.token
