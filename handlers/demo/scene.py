"""What all parts of a demonstration are made from."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from handlers.opening import Opening
from handlers.turn import Turn

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much is made up; the same `seed` at the same moment makes the same year."""

    seed: int = 1
    weeks: int = 52
    scale: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A referent who does not exist."""

    id: int
    name: str
    territories: tuple[str, ...]
    opening: Opening
    """When they are there, for figures in open time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    turn: Turn
    plan: Plan
    cast: tuple[Member, ...]
    """The last one answers for the national desk."""
    chance: random.Random

    @property
    def now(self) -> datetime:
        return self.turn.now

    @property
    def begin(self) -> datetime:
        return begin(self.now, self.plan)

    def serving(self, territory: str | None) -> Member:
        """Who answers for a territory; the national desk where nobody serves it."""
        there = [one for one in self.cast if territory in one.territories]
        return there[0] if there else self.cast[-1]

    def ago(self, **back: float) -> datetime:
        return self.now - timedelta(**back)

    def pick(self, weighted: Sequence[tuple[T, float]]) -> T:
        """One of them, as often as it weighs."""
        values, weights = [one for one, _ in weighted], [weight for _, weight in weighted]
        return self.chance.choices(values, weights)[0]

    def happens(self, share: float) -> bool:
        return self.chance.random() < share


def begin(now: datetime, plan: Plan) -> datetime:
    """When a made-up year begins."""
    return now - timedelta(weeks=plan.weeks)
