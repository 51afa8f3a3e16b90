"""What was accepted since the content was written: wordings that are heeded beside it, word for word.

The content as it is read, with these, is what the index learns next; until then `exact` answers them.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Literal, Protocol, TypeVar

from rapidfuzz import fuzz, process

from knowledge.entries import KnowledgeBase
from knowledge.normalising import cut, split_words
from knowledge.outcomes import Candidate, Found, Match, OutOfScope

LONGEST = 500
"""Characters of a wording, as of a phrasing in the content."""
NEAR = 75.0
"""Likeness out of 100 from which two wordings are shown as doubles."""
KEPT = 131_072
"""Lines whose wordings are kept: those of two versions of the content, and as much again.

A memory that is too small by one forgets each line before it is asked for again.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """A wording for an entry, or for a subject that is not ours."""

    kind: Literal["phrasing", "off_topic"]
    target: str
    text: str


@dataclass(frozen=True, slots=True)
class Overlay:
    additions: tuple[Addition, ...] = ()

    def to_json(self) -> str:
        return json.dumps([asdict(one) for one in self.additions], ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Overlay":
        """What `to_json` wrote; ValueError or TypeError for anything else."""
        return cls(tuple(Addition(**one) for one in json.loads(text)))

    @property
    def hash(self) -> str:
        """Eight characters; "" when nothing was added."""
        if not self.additions:
            return ""
        lines = sorted(f"{one.kind}\0{one.target}\0{one.text}" for one in self.additions)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:8]

    def exact(self, base: KnowledgeBase, text: str) -> Match | None:
        """What a message is that says one of these wordings, and nothing else."""
        said = wording(text)
        found = next((one for one in self.additions if said and _wording_of(one.text) == said), None)
        return match_of(base, found) if found is not None else None

    def missing(self, base: KnowledgeBase) -> "Overlay":
        """Those that the content does not hold."""
        return Overlay(tuple(one for one in self.additions if not holds(base, one)))


NOTHING = Overlay()


@dataclass(frozen=True, slots=True)
class Double:
    """A phrasing of the content that says nearly the same."""

    entry_id: str
    text: str
    likeness: int


def wording(text: str) -> str:
    """The folded words of a text, in their order; "" when it has none, or more than a wording may have."""
    words = " ".join(split_words(cut(text)))
    return words if len(words) <= LONGEST else ""


def match_of(base: KnowledgeBase, addition: Addition) -> Match | None:
    """What its words mean from now on; None when its entry is gone."""
    if addition.kind == "off_topic":
        return OutOfScope()
    entry = base.entry(addition.target)
    if entry is None:
        return None
    always = entry.handoff == "always"
    return Found(candidates=(Candidate(entry.id, 100.0),), outcome="handoff" if always else "answer")


def merged(base: KnowledgeBase, overlay: Overlay) -> KnowledgeBase:
    """The content with the wordings that it lacks; another version, with another hash."""
    new = overlay.missing(base)
    if not new.additions:
        return base
    entries = dict(base.entries)
    off_topic = {subject: list(lines) for subject, lines in base.language.off_topic.items()}
    for one in new.additions:
        if one.kind == "off_topic":
            off_topic.setdefault(one.target, []).append(one.text)
        elif one.target in entries:
            entry = entries[one.target]
            entries[one.target] = entry.model_copy(update={"phrasings": (*entry.phrasings, one.text)})
    return replace(
        base,
        entries=entries,
        language=base.language.model_copy(
            update={"off_topic": {subject: tuple(lines) for subject, lines in off_topic.items()}}
        ),
        hash=f"{base.hash}-{new.hash}",
        lessons=f"{base.lessons}-{new.hash}",
    )


def holds(base: KnowledgeBase, addition: Addition) -> bool:
    """Whether the content says it already, in the same words."""
    said = wording(addition.text)
    if addition.kind == "off_topic":
        return any(_wording_of(line) == said for line in base.language.off_topic.get(addition.target, ()))
    entry = base.entry(addition.target)
    return entry is not None and any(_wording_of(line) == said for line in entry.phrasings)


def owner(base: KnowledgeBase, text: str) -> str | None:
    """The entry of which these words are a phrasing; the same words in another order are the same."""
    said = sorted(wording(text).split())
    size = sum(map(len, said))
    for entry_id, line in _phrasings(base):
        known = _wording_of(line)
        if len(known) - known.count(" ") == size and sorted(known.split()) == said:
            return entry_id
    return None


def declined(base: KnowledgeBase, text: str) -> bool:
    """Whether these words are an off-topic line of the content."""
    said = wording(text)
    return any(_wording_of(line) == said for lines in base.language.off_topic.values() for line in lines)


class Spoken(Protocol):
    """Anything that was said."""

    @property
    def text(self) -> str: ...


S = TypeVar("S", bound=Spoken)


def not_known(base: KnowledgeBase, said: Iterable[S]) -> list[S]:
    """What the content does not hold word for word by now. Takes a moment the first time."""
    known = {_wording_of(line) for _, line in _phrasings(base)}
    known |= {_wording_of(line) for lines in base.language.off_topic.values() for line in lines}
    return [one for one in said if wording(one.text) not in known]


def telling(base: KnowledgeBase, text: str) -> bool:
    """Whether a text holds more than stop words: such a message never gets an answer."""
    stop = {word for line in base.language.stop_words for word in split_words(line)}
    return any(word not in stop for word in wording(text).split())


def doubles(base: KnowledgeBase, text: str, *, limit: int = 5) -> tuple[Double, ...]:
    """The phrasings of the content that are nearest to a text, the nearest first. Takes a moment."""
    lines = list(_phrasings(base))
    found = process.extract(
        wording(text),
        [_wording_of(line) for _, line in lines],
        scorer=fuzz.token_sort_ratio,
        score_cutoff=NEAR,
        limit=limit,
    )
    return tuple(Double(lines[n][0], lines[n][1], round(score)) for _, score, n in found)


def _phrasings(base: KnowledgeBase) -> Iterator[tuple[str, str]]:
    for entry in base.entries.values():
        for line in (entry.title, *entry.phrasings):
            yield entry.id, line


@lru_cache(maxsize=KEPT)
def _wording_of(line: str) -> str:
    """Of the content's own lines, which are asked for again and again."""
    return wording(line)
