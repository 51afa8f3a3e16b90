"""The two loops: one turns inbox items into turns, the other delivers the outbox.

If a loop dies, the process dies: a visible crash beats a silent stop.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.orm import Session

from bot.ahead import Ahead, look_ahead
from bot.delivery import DeliveryError, Moved, Paused, Refused, Sender, Unavailable, Uncertain, Unreachable
from bot.finding import Look
from bot.hands import Hands, Wake
from bot.keeping import Keeping
from bot.metrics import Metrics
from bot.together import Together
from handlers import conversation, outcome, trouble
from handlers.events import Event, Ignored
from handlers.turn import Turn, World
from storage import gates, leases, outbox, queue, sending
from storage.database import Database, DatabaseUnavailable
from storage.outbox import Delivered, Parcel
from storage.queue import Claimed, LeaseLost

log = structlog.get_logger(__name__)

LOOK_AGAIN = 1.0
"""Seconds until a loop looks by itself for what nobody woke it for."""
LONGEST_PAUSE = 10.0
COLLECTS = 0.01
"""Seconds from a look that found all there was to the next: under load one takes what came meanwhile."""
OLDEST = timedelta(hours=24)
"""A message that could not be delivered for this long is shown as failed to its author."""

Translate = Callable[[dict[str, Any]], Event]


class Unreadable(Exception):
    """No door wrote this item as it should be: nobody will ever be able to read it."""


@dataclass(slots=True, kw_only=True)
class Worker:
    """Both loops over one database. `stop()` lets what is in hand end and claims nothing more."""

    database: Database
    world: Callable[[], World]
    clock: Callable[[], datetime]
    translate: Mapping[str, Translate]
    look: Look
    senders: Mapping[str, Sender]
    paces: Mapping[str, gates.Pace] = field(default_factory=dict)
    metrics: Metrics = field(default_factory=Metrics)
    inbox_wake: Wake = field(default_factory=Wake)
    outbox_wake: Wake = field(default_factory=Wake)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _next_look: float = 0.0
    _next_look_out: float = 0.0
    _suspects: bool = False
    _arrived: Together[Delivered] = field(init=False)
    _put_off: Together[Claimed] = field(init=False)

    def __post_init__(self) -> None:
        self._arrived = Together(self._note_arrived)
        self._put_off = Together(self._note_put_off)

    async def run(self) -> None:
        """Runs until `stop()`, then lets what is in hand end; raises if a loop ends by an error."""
        items = Keeping(self._renew_items, lease_ms=queue.LEASE_MS)
        messages = Keeping(self._renew_messages, lease_ms=sending.LEASE_MS)
        async with aclosing(self.look), asyncio.TaskGroup() as group:
            group.create_task(self._loop("inbox", self._claim_items, self.turn, self.inbox_wake, items))
            group.create_task(
                self._loop("outbox", self._claim_messages, self.deliver, self.outbox_wake, messages)
            )
        await self._arrived.empty()  # who gave up waiting for it has sent all the same

    def stop(self) -> None:
        self.stopping.set()
        self.inbox_wake()
        self.outbox_wake()

    async def _loop(self, name: str, claim: Any, handle: Any, wake: Wake, keeping: Keeping[Any]) -> None:
        hands: Hands[Any] = Hands(claim, keeping.around(handle), wake)
        async with keeping.renewing():
            await self._take(name, hands, wake)
            await hands.empty()

    async def _take(self, name: str, hands: Hands[Any], wake: Wake) -> None:
        pause = LOOK_AGAIN
        while not self.stopping.is_set():
            try:
                busy = await hands.take_more()
                pause = LOOK_AGAIN
            except DatabaseUnavailable as error:
                log.warning("database_unavailable", loop=name, reason=str(error)[:200])
                self.metrics.unavailable.labels(name).inc()
                busy, pause = False, min(pause * 2, LONGEST_PAUSE)
            if not busy:
                looked = time.monotonic()
                await wake.wait(pause)
                await asyncio.sleep(max(0.0, looked + COLLECTS - time.monotonic()))

    async def _renew_items(self, held: list[Claimed]) -> None:
        await self.database.write(lambda session: leases.renew_items(session, held))

    async def _renew_messages(self, held: list[Parcel]) -> None:
        await self.database.write(lambda session: leases.renew_parcels(session, held))

    async def _claim_items(self, room: int, idle: bool) -> list[Claimed]:
        """Items that are due, each the first of its lane.

        One that ended badly is taken when nothing else is in hand; while one waits, nothing new is taken.
        """
        now = self.clock()
        if await self._suspects_wait(now):
            if not idle:
                return []
            claimed = await self.database.write(lambda session: queue.claim_suspect(session, now=now))
            if claimed:
                return claimed
        return await self.database.write(lambda session: queue.claim(session, now=now, limit=room))

    async def _suspects_wait(self, now: datetime) -> bool:
        """Looked at once a second: ends of leases and items to be tried alone are rare."""
        if time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + LOOK_AGAIN
            self._suspects = await self.database.write(lambda session: self._note_dead(session, now))
        return self._suspects

    def _note_dead(self, session: Session, now: datetime) -> bool:
        suspects_wait = queue.note_dead(session, now=now)
        outcome.set_aside(self._turn(session, now))
        return suspects_wait

    async def turn(self, item: Claimed) -> None:
        """One item, one turn. Whatever happens, the item is finished, given back or counted as failed."""
        with self.metrics.turn_time.time():
            self.metrics.turns.labels(await self._try(item)).inc()

    async def _try(self, item: Claimed) -> str:
        """How it ended, in a word."""
        try:
            event = self._event(item)
            ahead = await look_ahead(self.database, self._reader(), self.look, event)
            if ahead.waits and not item.put_off:
                await self._put_off(item)
                return "put_off"
            await self.database.write(lambda session: self._handle(session, item, event, ahead))
        except Unreadable as error:
            reason = f"unreadable: {error}"
            log.error("item_unreadable", key=item.key, reason=reason[:200])
            await self._settle(lambda session: queue.park(session, item, reason))
            return "unreadable"
        except LeaseLost:
            log.warning("lease_lost", key=item.key)
            return "lease_lost"
        except DatabaseUnavailable as error:
            log.warning("turn_postponed", key=item.key, reason=str(error)[:200])
            await self._settle(lambda session: queue.release(session, item, wait_ms=1000))
            return "postponed"
        except Exception as error:  # the border: whatever a turn may raise must not end the loop
            log.exception("turn_failed", key=item.key)
            name = type(error).__name__
            await self._settle(lambda session: queue.fail(session, item, name))
            return "failed"
        except asyncio.CancelledError:  # we stop: others need not wait for its lease to run out
            await self._settle(lambda session: queue.release(session, item))
            raise
        return "ignored" if isinstance(event, Ignored) else "done"

    async def _note_put_off(self, items: list[Claimed]) -> None:
        """They wait for the rest of their thoughts, and nothing was said of them yet."""
        now, moment = self.clock(), self.world().patience.more_words
        await self.database.write(lambda session: queue.put_off(session, items, now=now, until=now + moment))

    def _event(self, item: Claimed) -> Event:
        try:
            return self.translate[str(item.payload.get("door"))](item.payload)
        except (KeyError, ValueError) as error:
            raise Unreadable(str(error)) from error

    async def _settle(self, work: Callable[[Session], Any]) -> None:
        """Notes how an item ended; when even that cannot be written, its lease runs out instead."""
        with suppress(DatabaseUnavailable):
            await self.database.write(work)

    def _handle(self, session: Session, item: Claimed, event: Event, ahead: Ahead) -> None:
        """The turn itself, within the transaction; the lease is checked first."""
        now = self.clock()
        queue.finish(session, item, now=now)
        turn = self._turn(session, now)
        turn.door, turn.waited = str(item.payload["door"]), item.waited
        turn.added, turn.draft = ahead.added, ahead.draft
        conversation.handle(event, turn, ahead.match)

    async def _claim_messages(self, room: int, idle: bool) -> list[Parcel]:
        """Messages whose gates are open, channel by channel."""
        look = time.monotonic() >= self._next_look_out
        if look:
            self._next_look_out = time.monotonic() + LOOK_AGAIN
        return await self.database.write(lambda session: self._parcels(session, room, look))

    def _parcels(self, session: Session, room: int, look: bool) -> list[Parcel]:
        """Looked for once a second: what dead processes were sending."""
        if look:
            outbox.note_dead(session)
        found: list[Parcel] = []
        for channel in self.senders:
            pace = self.paces.get(channel)
            found += outbox.claim(session, channels=(channel,), limit=room - len(found), pace=pace)
        return found

    async def deliver(self, parcel: Parcel) -> None:
        """One message; its receipt, or what to do about its failure, is written down."""
        sender = self.senders[parcel.channel]
        payload = {**parcel.payload, "key": str(parcel.id)}
        try:
            receipt = await sender.deliver(parcel.lane, payload, repeated=parcel.repeated)
        except DeliveryError as error:
            await self._not_delivered(parcel, error)
        except Exception as error:  # the border: a sender's defect must not stop the others' messages
            log.exception("sender_failed", message=parcel.id)
            await self._not_delivered(parcel, Uncertain(type(error).__name__))
        except asyncio.CancelledError:  # we stop before the answer came: whoever goes on says it again
            await self._note(lambda session, _: outbox.put_back(session, parcel, uncertain=True))
            raise
        else:
            await self._arrived(Delivered(parcel, receipt.external_id))

    async def _not_delivered(self, parcel: Parcel, error: DeliveryError) -> None:
        log.warning(
            "message_not_delivered", message=parcel.id, why=type(error).__name__, reason=error.reason[:200]
        )
        match error:
            case Paused(seconds=seconds, scope=scope):
                await self._note(lambda session, _: _pause(session, parcel, scope, seconds))
            case Moved(new_address=address):
                await self._note(lambda session, _: outcome.moved(session, parcel, address))
            case Unreachable(reason=reason):
                await self._note(
                    lambda session, now: outcome.unreachable(self._turn(session, now), parcel, reason)
                )
            case Refused(reason=reason):
                await self._note(
                    lambda session, now: outcome.failed(self._turn(session, now), parcel, reason)
                )
            case Unavailable() | Uncertain():
                await self._note(lambda session, now: self._wait(session, now, parcel, error))
            case _:
                raise AssertionError(f"unknown delivery error {type(error).__name__}")

    def _wait(self, session: Session, now: datetime, parcel: Parcel, error: Unavailable | Uncertain) -> None:
        """A gate closes for a while: the channel's, or the lane's alone when only one call failed.

        After a day the author is told instead.
        """
        if now - parcel.created_at > OLDEST:
            outcome.failed(self._turn(session, now), parcel, error.reason)
            return
        uncertain = isinstance(error, Uncertain)
        if isinstance(error, Unavailable) and error.kind == "token":
            trouble.note(self._turn(session, now), "token")
        gates.close(session, parcel.lane if uncertain else parcel.channel, reason=error.reason)
        outbox.put_back(session, parcel, uncertain=uncertain)

    def _reader(self) -> Callable[[Session], Turn]:
        now = self.clock()
        return lambda session: self._turn(session, now)

    def _turn(self, session: Session, now: datetime) -> Turn:
        return Turn(session=session, now=now, world=self.world())

    async def _note_arrived(self, delivered: list[Delivered]) -> None:
        await self._note(lambda session, now: _sent(session, now, delivered))

    async def _note(self, work: Callable[[Session, datetime], Any]) -> None:
        """Writes down how a delivery ended; if that cannot be written, it is found « sending » later."""
        now = self.clock()
        with suppress(DatabaseUnavailable):
            await self.database.write(lambda session: work(session, now))


def _sent(session: Session, now: datetime, delivered: Sequence[Delivered]) -> None:
    outbox.sent(session, delivered, now=now)
    # In order, as others may open the same ones.
    doors = {door for one in delivered for door in (one.parcel.channel, one.parcel.lane)}
    gates.open_again(session, *sorted(doors))


def _pause(session: Session, parcel: Parcel, scope: str, seconds: float) -> None:
    gates.close(session, scope, reason="told to slow down", for_ms=int(seconds * 1000))
    outbox.put_back(session, parcel)
