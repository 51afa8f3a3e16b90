"""The question log of a demonstration: wordings of the content, what was found, what became of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from handlers.demo.sayings import IN_VAIN, SPIKE
from handlers.demo.scene import Scene
from handlers.demo.seasons import Moment
from knowledge.entries import Audience, Entry
from storage.questions import nearest

SPIKING = "pro-reimb-missing"
_LATELY = timedelta(weeks=6)
_OUTCOMES: tuple[tuple[str, float], ...] = (
    ("answer", 60),
    ("propose", 14),
    ("handoff", 9),
    ("human", 6),
    ("out_of_scope", 7),
    ("guide", 3.5),
    ("distress", 0.5),
)
_TO_A_HUMAN: Mapping[str, float] = {
    "answer": 0.06,
    "propose": 0.25,
    "handoff": 0.75,
    "human": 0.95,
    "out_of_scope": 0.04,
    "guide": 0.1,
    "distress": 0.3,
}
"""How many of them go on to a referent."""
_CHOSEN = 0.6
_OPINIONS: tuple[tuple[str | None, float], ...] = (("yes", 30), ("no", 5), (None, 65))
_SEASONS: Mapping[int, tuple[str, ...]] = {
    6: ("credit", "eligibilite"),
    7: ("pro-metiers", "reservations"),
    9: ("inscription", "identite", "part-collective", "pro-compte"),
    10: ("part-collective", "relais"),
    12: ("reservations", "pro-reservations", "pro-remboursements"),
    1: ("pro-remboursements", "collectivites"),
}
"""Themes that are asked about twice as often in a month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question that somebody could have asked."""

    id: int
    at: datetime
    audience: Audience | None
    territory: str | None
    channel: str
    text: str | None
    outcome: str
    shown: Entry | None
    near: tuple[Entry, ...]
    feedback: str | None
    number: int | None
    """Of the demand that it became."""


@dataclass(frozen=True, slots=True)
class _Found:
    outcome: str
    text: str | None
    shown: Entry | None = None
    near: tuple[Entry, ...] = ()


@dataclass(slots=True)
class Asking:
    """Makes questions up, one after the other."""

    scene: Scene
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _ids: Iterator[int] = field(default_factory=lambda: count(1))
    _popular: dict[Audience | None, tuple[list[Entry], list[float]]] = field(default_factory=dict)
    _wordings: dict[str, list[str]] = field(default_factory=dict)
    _places: tuple[list[str], list[float]] = field(init=False)

    def __post_init__(self) -> None:
        base, chance = self.scene.turn.world.knowledge, self.scene.chance
        for entry in base.entries.values():
            self._wordings[entry.id] = list(entry.phrasings)
        for message in base.examples:
            for entry_id in message.entries[:1]:
                self._wordings.setdefault(entry_id, []).append(message.text)
        for audience in (*Audience, None):
            fitting = [one for one in base.entries.values() if audience is None or one.is_for(audience)]
            chance.shuffle(fitting)
            self._popular[audience] = fitting, [1 / (rank + 3) for rank in range(len(fitting))]
        codes = [one.code for one in base.territories.all()]
        served = {code for member in self.scene.cast for code in member.territories}
        weights = [chance.lognormvariate(0, 0.7) * (4 if code in served else 1) for code in codes]
        self._places = codes, weights

    def ask(self, moment: Moment) -> Asked:
        """One question of that moment."""
        if moment.spike:
            return self._of_the_spike(moment)
        found = self._found(moment)
        return self._asked(moment, found, self._human(_TO_A_HUMAN[found.outcome]))

    def _of_the_spike(self, moment: Moment) -> Asked:
        entry, sure = self.scene.turn.world.knowledge.entry(SPIKING), self.scene.happens(0.6)
        near = (entry,) if entry is not None else ()
        text = self.scene.chance.choice(SPIKE)
        found = _Found("answer" if sure else "handoff", text, entry if sure else None, near)
        return self._asked(moment, found, self._human(0.1 if sure else 0.7))

    def _human(self, share: float) -> int | None:
        return next(self._numbers) if self.scene.happens(share) else None

    def _found(self, moment: Moment) -> _Found:
        outcome = self.scene.pick(_OUTCOMES)
        if outcome == "distress":
            return _Found(outcome, None)
        if outcome in ("handoff", "human", "out_of_scope"):
            return self._not_found(moment, outcome)
        entry = self._entry(moment)
        shown = entry if outcome != "propose" or self.scene.happens(_CHOSEN) else None
        return _Found(outcome, self.scene.chance.choice(self._wordings[entry.id]), shown, self._beside(entry))

    def _not_found(self, moment: Moment, outcome: str) -> _Found:
        chance, base = self.scene.chance, self.scene.turn.world.knowledge
        if outcome == "out_of_scope":
            return _Found(outcome, self._example(outcome))
        if outcome == "handoff" and moment.at > self.scene.now - _LATELY and self.scene.happens(0.5):
            family = chance.choice(
                [one for one in IN_VAIN if moment.audience in (one.audience, None)] or IN_VAIN
            )
            near = base.entry(family.near)
            return _Found(outcome, chance.choice(family.wordings), None, (near,) if near is not None else ())
        near_by = self._beside(self._entry(moment)) if self.scene.happens(0.7) else ()
        return _Found(outcome, self._example(outcome), None, near_by)

    def _entry(self, moment: Moment) -> Entry:
        """The themes of the season are asked about twice as often."""
        entries, weights = self._popular[moment.audience]
        first, second = self.scene.chance.choices(entries, weights, k=2)
        season = _SEASONS.get(moment.at.month, ())
        return second if second.theme in season and first.theme not in season else first

    def _example(self, expected: str) -> str:
        examples = self.scene.turn.world.knowledge.examples
        return self.scene.chance.choice([one.text for one in examples if one.expect == expected] or ["…"])

    def _beside(self, entry: Entry) -> tuple[Entry, ...]:
        """An entry and two more of its theme."""
        theme = [one for one in self.scene.turn.world.knowledge.entries.values() if one.theme == entry.theme]
        others = [one for one in theme if one.id != entry.id]
        return (entry, *self.scene.chance.sample(others, min(2, len(others))))

    def _asked(self, moment: Moment, found: _Found, number: int | None) -> Asked:
        chance = self.scene.chance
        telegram = 0.45 if moment.audience in (Audience.JEUNE, None) else 0.15
        return Asked(
            id=next(self._ids),
            at=moment.at,
            audience=moment.audience,
            territory=None if self.scene.happens(0.05) else chance.choices(*self._places)[0],
            channel="telegram" if self.scene.happens(telegram) else "web",
            text=found.text,
            outcome=found.outcome,
            shown=found.shown,
            near=found.near,
            feedback=self.scene.pick(_OPINIONS) if found.shown is not None else None,
            number=number,
        )


def row(asked: Asked, contact_id: int | None, knowledge_hash: str) -> dict[str, Any]:
    """The question as the log keeps it."""
    scores: Sequence[float] = (88.0, 41.0, 23.0) if asked.shown is not None else (46.0, 38.0, 21.0)
    candidates: list[dict[str, Any]] = [
        {"id": one.id, "score": by} for one, by in zip(asked.near, scores, strict=False)
    ]
    if asked.outcome == "answer" and candidates:
        candidates[0]["given"] = True
    return {
        "id": asked.id,
        "contact_id": contact_id,
        "asked_at": asked.at,
        "text": asked.text,
        "audience": asked.audience,
        "territory": asked.territory,
        "channel": asked.channel,
        "candidates": candidates,
        "outcome": asked.outcome,
        "entry_id": asked.shown.id if asked.shown is not None else None,
        "nearest_id": nearest(asked.outcome, candidates),
        "knowledge_hash": knowledge_hash,
        "feedback": asked.feedback,
        "ticket_number": asked.number,
    }
