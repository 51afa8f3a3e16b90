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


@dataclass(frozen=True, slots=True)
class Leads:
    doors: Mapping[str, float]
    """Of each door, small talk among them."""
    kind: str | None
    """Which small talk it would be."""


class Doorkeeper:
    def __init__(self, owners: Sequence[str], door_entries: Mapping[str, Collection[str]]) -> None:
        """`door_entries` are about the same thing as a door: a message that speaks for them may need it."""
        self._ranks = {owner[1:]: n for n, owner in enumerate(owners) if owner.startswith(DOOR)}
        self._kinds = {owner[1:]: n for n, owner in enumerate(owners) if owner.startswith(SMALL_TALK)}
        doors = [owner for owner in owners if owner.startswith(DOOR)]
        kinds = [owner for owner in owners if owner.startswith(SMALL_TALK)]
        self._not_of = {door: _without(owners, {*door_entries.get(door, ()), *doors}) for door in self._ranks}
        if "distress" in self._not_of:  # « adieu à tous » is never too polite for it
            self._not_of["distress"] *= _without(owners, {*kinds})
        self._no_small_talk = _without(owners, {*kinds})

    def leads(self, scores: Floats) -> Leads:
        """`scores`: the evidence for each owner."""
        doors = {
            door: _lead(float(scores[rank]), scores, self._not_of[door]) for door, rank in self._ranks.items()
        }
        if not self._kinds:
            return Leads(doors, None)
        kind = max(self._kinds, key=lambda kind: scores[self._kinds[kind]])
        doors[SMALL_TALK_DOOR] = _lead(float(scores[self._kinds[kind]]), scores, self._no_small_talk)
        return Leads(doors, kind)


def _lead(evidence: float, scores: Floats, others: Floats) -> float:
    return evidence - float((scores * others).max(initial=0.0)) if evidence > LEAST else NONE


def _without(owners: Sequence[str], out: Collection[str]) -> Floats:
    """1 for each owner that stays, 0 for each that is out."""
    return np.array([owner not in out for owner in owners], np.float32)
