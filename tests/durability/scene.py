"""A running installation in bad company, and what the nemeses may do to it."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from storage.database import Database, DatabaseUnavailable
from storage.tables import OutboxItem
from tests.durability.cast import Cast
from tests.durability.crew import Crew
from tests.fake_telegram import FakeTelegram
from tests.postgres import Postgres
from tests.storage.passing import time_passes

T = TypeVar("T")

LEASES = 61
"""Seconds after which every lease has run out."""


@dataclass
class Scene:
    """Everything that can be harmed. `chance` decides on moments, so that a seed tells the plan again."""

    house: Crew
    telegram: FakeTelegram
    database: Database
    cast: Cast
    chance: random.Random
    server: Postgres | None = None
    clock: Path | None = None
    """The file by which the processes' clock is set, where that is possible."""
    length: float = 1.0
    """What the seconds of an outage are multiplied with."""
    tally: Counter[str] = field(default_factory=Counter)
    """How often each nemesis struck."""
    in_frozen_hands: set[int] = field(default_factory=set)
    """Rows of the transcript that were being sent while a process was frozen."""
    under_way: int = 0
    """Sends that nobody could tell to have arrived: each may have been made twice."""
    parked: int = 0
    """Updates that nobody can read: each is set aside."""
    ended: list[int] = field(default_factory=list)
    """Exit codes of processes that ended by themselves."""

    async def a_moment(self, longest: float) -> None:
        """A random one: this is what moments are for here."""
        await asyncio.sleep(self.chance.random() * longest)

    async def outage(self, seconds: float) -> None:
        await asyncio.sleep(seconds * self.length * self.chance.uniform(0.5, 1.5))

    async def patiently(self, work: Callable[[Session], T]) -> T:
        """Writes, again until the database is there and free."""
        while True:
            try:
                return await self.database.write(work)
            except (DatabaseUnavailable, DBAPIError):
                await asyncio.sleep(0.1)  # it is away, or held by a process that is frozen

    async def revive(self) -> None:
        """Whatever does not run is started again."""
        self.ended += await self.house.revive()

    async def leases_end(self) -> set[int]:
        """As if a minute had gone by: what was in a dead or frozen process's hands is free.

        Returns the rows of the transcript that were being sent.
        """
        sends = await self.patiently(_leases_end)
        self.under_way += len(sends)
        return {row for row in sends if row is not None}

    async def note_sends(self) -> None:
        """After a kill, before the start that makes all leases void."""
        self.under_way += len(await self.patiently(_sends))


def _sends(session: Session) -> Sequence[int | None]:
    sends = select(OutboxItem.transcript_id).where(OutboxItem.status == "sending")
    return session.scalars(sends).all()


def _leases_end(session: Session) -> Sequence[int | None]:
    if session.get_bind().dialect.name == "postgresql":
        # A frozen process may hold a row.
        session.execute(text("SET LOCAL lock_timeout = '500ms'"))
    time_passes(session, seconds=LEASES)
    return _sends(session)
