"""The knowledge base in use and its matcher, replaced together."""

from dataclasses import dataclass
from pathlib import Path

from knowledge.entries import Audience, KnowledgeBase
from knowledge.loading import load_knowledge
from knowledge.matching import Matcher
from knowledge.outcomes import Match


@dataclass(frozen=True, slots=True)
class Shelf:
    """One version: what we know, and how it is found."""

    base: KnowledgeBase
    matcher: Matcher


class Library:
    """Holds the version in use. Raises KnowledgeError when the content cannot be used."""

    def __init__(self, folder: Path | None) -> None:
        base = load_knowledge(folder)
        self._shelf = Shelf(base, Matcher(base))

    @property
    def base(self) -> KnowledgeBase:
        return self._shelf.base

    @property
    def matcher(self) -> Matcher:
        return self._shelf.matcher

    def find(self, text: str, audience: Audience | None, previous: str | None) -> Match:
        return self.matcher.match(text, audience=audience, previous=previous)
