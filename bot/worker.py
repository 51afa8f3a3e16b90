"""The two loops: one turns inbox items into turns, the other delivers the outbox.

If a loop dies, the process dies: a visible crash beats a silent stop.

    accepted ──▶ inbox ──▶ turn ──▶ outbox ──▶ delivered

At rest, the transaction that makes something ready takes it along (`Turning.claim`, `Delivering.claim`):
nobody waits for the look of a loop and its commit. Under load, and for what comes from elsewhere, they look.
"""

import asyncio
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from bot.delivering import Delivering
from bot.delivery import Sender
from bot.finding import Look
from bot.hands import Wake
from bot.metrics import Metrics
from bot.turning import Taken, Translate, Turning
from handlers.turn import World
from storage import gates
from storage.database import Database, DatabaseUnavailable

log = structlog.get_logger(__name__)

LOOK_AGAIN = 1.0
"""Seconds until a loop looks by itself for what nobody woke it for."""
LONGEST_PAUSE = 10.0
COLLECTS = 0.01
"""Seconds from a look that found all there was to the next: under load one takes what came meanwhile."""


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
    turning: Turning = field(init=False)
    _delivering: Delivering = field(init=False)

    def __post_init__(self) -> None:
        self._delivering = Delivering(
            database=self.database,
            world=self.world,
            clock=self.clock,
            senders=self.senders,
            paces=self.paces,
            wake=self.outbox_wake,
        )
        self.turning = Turning(
            database=self.database,
            world=self.world,
            clock=self.clock,
            translate=self.translate,
            look=self.look,
            metrics=self.metrics,
            wake=self.inbox_wake,
            delivering=self._delivering,
        )

    async def run(self) -> None:
        """Runs until `stop()`, then lets what is in hand end; raises if a loop ends by an error."""
        async with aclosing(self.look):
            async with asyncio.TaskGroup() as group:
                group.create_task(self._loop("inbox", self.turning, self.inbox_wake))
                group.create_task(self._loop("outbox", self._delivering, self.outbox_wake))
            # What the last turns have said was taken along with them.
            await self._delivering.empty()

    def stop(self) -> None:
        self.stopping.set()
        self.turning.hands.open = self._delivering.hands.open = False
        self.inbox_wake()
        self.outbox_wake()

    @property
    def room(self) -> int:
        """How many lanes `claim` looks at, by now."""
        return self.turning.room

    def claim(self, session: Session, lanes: Collection[str], room: int) -> Sequence[Taken]:
        """What a transaction has put into `lanes`, if there is room; `take` it once that is committed."""
        return self.turning.claim(session, lanes, room)

    def take(self, taken: Sequence[Taken]) -> None:
        self.turning.take(taken)

    async def _loop(self, name: str, work: Turning | Delivering, wake: Wake) -> None:
        work.hands.open = not self.stopping.is_set()
        async with work.keeping.renewing():
            await self._look(name, work, wake)
            await work.hands.empty()

    async def _look(self, name: str, work: Turning | Delivering, wake: Wake) -> None:
        pause = LOOK_AGAIN
        while not self.stopping.is_set():
            try:
                busy = await work.hands.take_more()
                pause = LOOK_AGAIN
            except DatabaseUnavailable as error:
                log.warning("database_unavailable", loop=name, reason=str(error)[:200])
                self.metrics.unavailable.labels(name).inc()
                busy, pause = False, min(pause * 2, LONGEST_PAUSE)
            if not busy:
                looked = time.monotonic()
                await wake.wait(pause)
                await self._unless_stopped(looked + COLLECTS - time.monotonic())

    async def _unless_stopped(self, seconds: float) -> None:
        if seconds > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), seconds)
