"""What the content holds, in figures: for authors, and to see where it is thin."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from statistics import median
from typing import Any

from knowledge.advice import stale
from knowledge.entries import Entry, KnowledgeBase

THIN = 40
"""Phrasings that an entry should have."""


@dataclass(frozen=True, slots=True)
class Spread:
    least: int
    median: float
    most: int
    total: int


@dataclass(frozen=True, slots=True)
class Census:
    entries: int
    themes: Mapping[str, int]
    audiences: Mapping[str, int]
    phrasings: Spread
    thin: tuple[str, ...]
    """Entries with fewer than THIN phrasings."""
    negatives: int
    facile: int
    facile_of_young: int
    """Of the entries for young people, how many have an easy-to-read version."""
    handed_over: int
    """Entries that end with a referent."""
    guides: int
    stale: tuple[tuple[str, str], ...]
    """Entries whose dates need somebody to look, and why."""
    to_confirm: int
    """Entries whose information is older than twelve months."""

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "stale": [{"id": entry_id, "why": why} for entry_id, why in self.stale]}


def census(base: KnowledgeBase, on: date) -> Census:
    entries = tuple(base.entries.values())
    old = ((entry.id, stale(entry, on)) for entry in entries)
    return Census(
        entries=len(entries),
        themes={theme: sum(entry.theme == theme for entry in entries) for theme in base.themes},
        audiences=_audiences(entries),
        phrasings=_spread([len(entry.phrasings) for entry in entries]),
        thin=tuple(entry.id for entry in entries if len(entry.phrasings) < THIN),
        negatives=sum(len(entry.negatives) for entry in entries),
        facile=sum(entry.facile is not None for entry in entries),
        facile_of_young=sum(entry.facile is not None and "jeune" in entry.audiences for entry in entries),
        handed_over=sum(entry.handoff is not None for entry in entries),
        guides=len(base.guides),
        stale=tuple((entry_id, why) for entry_id, why in old if why is not None),
        to_confirm=sum(entry.to_confirm(on) for entry in entries),
    )


def _audiences(entries: Iterable[Entry]) -> dict[str, int]:
    counts = Counter(str(audience) for entry in entries for audience in entry.audiences)
    return dict(counts.most_common())


def _spread(counts: list[int]) -> Spread:
    if not counts:
        return Spread(0, 0.0, 0, 0)
    return Spread(min(counts), float(median(counts)), max(counts), sum(counts))
