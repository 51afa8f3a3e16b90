"""Whether scores mean what they say: of the answers given at 80, about 80 % should be right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BINS = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """A message's best score (0-1), whether its entry was right, and the weight of the message."""

    said: float
    right: bool
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Bin:
    """Messages with about the same score: what was said of them, and what was."""

    said: float
    right: float
    count: int
    mass: float


@dataclass(frozen=True, slots=True)
class Reliability:
    bins: tuple[Bin, ...]
    error: float | None
    """Expected calibration error: mean distance of said and right, by mass; None without messages."""


def reliability(judged: Iterable[Judged]) -> Reliability:
    inside: list[list[Judged]] = [[] for _ in range(BINS)]
    for one in judged:
        inside[min(int(one.said * BINS), BINS - 1)].append(one)
    bins = tuple(_bin(some) for some in inside if some)
    mass = sum(one.mass for one in bins)
    error = sum(one.mass * abs(one.said - one.right) for one in bins) / mass if mass else None
    return Reliability(bins, error)


def halves(one: Sequence[Judged], other: Sequence[Judged]) -> list[Judged]:
    """Both with the same mass, however many they are."""
    return [
        Judged(judged.said, judged.right, judged.weight / sum(each.weight for each in group))
        for group in (one, other)
        for judged in group
    ]


def _bin(some: Sequence[Judged]) -> Bin:
    mass = sum(one.weight for one in some)
    return Bin(
        said=sum(one.said * one.weight for one in some) / mass,
        right=sum(one.weight for one in some if one.right) / mass,
        count=len(some),
        mass=mass,
    )
