"""The knowledge base in use and its matcher, replaced together."""

import threading
from pathlib import Path

from knowledge.entries import Audience, KnowledgeBase
from knowledge.loading import load_knowledge
from knowledge.matching import Matcher
from knowledge.outcomes import Match


class Library:
    """Holds the version in use. Raises KnowledgeError when the content cannot be used.

    The matcher takes seconds to build and most commands never ask it: it is built at its first use.
    """

    def __init__(self, folder: Path | None) -> None:
        self.base: KnowledgeBase = load_knowledge(folder)
        self._matcher: Matcher | None = None
        self._building = threading.Lock()

    @property
    def matcher(self) -> Matcher:
        with self._building:
            if self._matcher is None:
                self._matcher = Matcher(self.base)
            return self._matcher

    def find(self, text: str, audience: Audience | None, previous: str | None) -> Match:
        return self.matcher.match(text, audience=audience, previous=previous)
