"""By how much what a message says for a door leads what it says for everything else."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.arrays import Floats
from knowledge.corpus import DOOR, SMALL_TALK

SMALL_TALK_DOOR = "smalltalk"
LEAST = 1.0
"""Evidence under which a message says too little to need a door."""
NONE = -99.0
"""The lead of a door that a message says nothing for."""
_NEVER_TOO_POLITE = "distress"
"""The door that small talk says nothing against: « adieu à tous »."""


@dataclass(frozen=True, slots=True)
class Leads:
    doors: Mapping[str, float]
    """Of each door, small talk among them."""
    kind: str | None
    """Which small talk it would be."""


class Doorkeeper:
    def __init__(self, owners: Sequence[str], door_entries: Mapping[str, Collection[str]]) -> None:
        """`door_entries` are about the same thing as a door: a message that speaks for them may need it."""
        self._doors, self._kinds = _named(owners, DOOR), _named(owners, SMALL_TALK)
        kinds = {SMALL_TALK + kind for kind in self._kinds}
        alike = {DOOR + door for door in self._doors}
        self._others = {
            door: _without(
                owners,
                alike | {*door_entries.get(door, ())} | (kinds if door == _NEVER_TOO_POLITE else set()),
            )
            for door in self._doors
        }
        self._not_small_talk = _without(owners, kinds)

    def leads(self, scores: Floats) -> Leads:
        """`scores`: the evidence for each owner."""
        doors = {door: _lead(scores, rank, self._others[door]) for door, rank in self._doors.items()}
        if not self._kinds:
            return Leads(doors, None)
        kind = max(self._kinds, key=lambda kind: scores[self._kinds[kind]])
        doors[SMALL_TALK_DOOR] = _lead(scores, self._kinds[kind], self._not_small_talk)
        return Leads(doors, kind)


def _named(owners: Sequence[str], mark: str) -> dict[str, int]:
    """Ranks of the owners with that mark, by the name behind it."""
    return {owner.removeprefix(mark): rank for rank, owner in enumerate(owners) if owner.startswith(mark)}


def _lead(scores: Floats, rank: int, others: Floats) -> float:
    evidence = float(scores[rank])
    return evidence - float((scores * others).max(initial=0.0)) if evidence > LEAST else NONE


def _without(owners: Sequence[str], out: Collection[str]) -> Floats:
    """1 for each owner that stays, 0 for each that is out."""
    return np.array([owner not in out for owner in owners], np.float32)
