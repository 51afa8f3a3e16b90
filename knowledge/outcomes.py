"""What a message turned out to be. Every outcome carries the nearest entries, best first, at most five."""

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["answer", "propose", "handoff", "human", "smalltalk", "out_of_scope", "distress"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry and its score, 0-100: of the answers given at 80, about 80 % are right."""

    entry_id: str
    score: float


Candidates = tuple[Candidate, ...]
Parts = tuple[tuple[str, ...], ...]
"""Entries for each question of a message that holds several, else ()."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One entry is sure (or one for each part)."""

    candidates: Candidates
    parts: Parts = ()
    outcome: Literal["answer", "handoff"] = "answer"
    """"handoff" when the entry is one that a referent always follows up."""

    @property
    def entry_ids(self) -> tuple[str, ...]:
        """What to answer with: the first entry, or the first of each part."""
        if not self.parts:
            return (self.candidates[0].entry_id,)
        return tuple(dict.fromkeys(part[0] for part in self.parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsure:
    """Something is near, nothing is sure: propose the first candidates."""

    candidates: Candidates
    parts: Parts = ()
    outcome: Literal["propose"] = "propose"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """About the pass Culture, or maybe, and nothing of ours is near: a referent must look."""

    candidates: Candidates = ()
    parts: Parts = ()
    outcome: Literal["handoff"] = "handoff"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfScope:
    """Not about the pass Culture."""

    door: str | None = None
    """The office that it is for, a key of `Language.elsewhere`; None when we know of none."""
    candidates: Candidates = ()
    parts: Parts = ()
    outcome: Literal["out_of_scope"] = "out_of_scope"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallTalk:
    kind: str
    """Key of the reply: `texts("smalltalk.<kind>")`."""
    candidates: Candidates = ()
    parts: Parts = ()
    outcome: Literal["smalltalk"] = "smalltalk"


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanRequested:
    candidates: Candidates = ()
    parts: Parts = ()
    outcome: Literal["human"] = "human"


@dataclass(frozen=True, slots=True, kw_only=True)
class Distress:
    candidates: Candidates = ()
    parts: Parts = ()
    outcome: Literal["distress"] = "distress"


Match = Found | Unsure | Unknown | OutOfScope | SmallTalk | HumanRequested | Distress


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Why an entry is a candidate."""

    entry_id: str
    score: float
    phrasing: str
    """The nearest phrasing of the entry, "" if none shares a telling word."""
    words: tuple[str, ...]
    """The words of the message that speak for it, strongest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a message was decided as it was, for `ask` and the console."""

    match: Match
    words: tuple[str, ...]
    reason: str
    """In French."""
    sure: float
    """P(the first candidate is right), 0-100."""
    about_us: float
    """P(the message is about the pass Culture), 0-100."""
    near: tuple[Near, ...]
