"""The knowledge base in use and its matcher, replaced together, and looked after while the program runs."""

import asyncio
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import structlog

from bot.studying import Study
from knowledge.entries import Audience, KnowledgeBase
from knowledge.errors import Problem
from knowledge.loading import CONTENT, examine, load_knowledge
from knowledge.matching import Matcher
from knowledge.outcomes import Explanation, Match
from knowledge.shelf import Shelf

log = structlog.get_logger(__name__)

LOOK_EVERY = 2.0
"""Seconds between two looks at the files of the content."""
Marks = frozenset[tuple[str, int, int, int]]
"""What tells that files changed, without reading them: names, times, sizes, and which file it is."""


@dataclass(slots=True)
class _Edition:
    """One version; its matcher may take seconds to make, and most commands never ask it."""

    base: KnowledgeBase
    matcher: Matcher | None = None


class Library:
    """Holds the version in use. Raises KnowledgeError when the content cannot be used at the start.

    Afterwards `look` brings changes in; a broken one is refused, with its `problems`, and the last good
    version stays.
    """

    def __init__(self, folder: Path | None, shelf: Shelf) -> None:
        self._folder = folder
        self._shelf = shelf
        self._study = Study()
        self._read: Marks = _marks(folder)
        self._unsettled: Marks | None = None
        self._edition = _Edition(load_knowledge(folder, shelf))
        self._building = threading.Lock()
        self.problems: tuple[Problem, ...] = ()
        """Why the newest change is not in use; empty when it is."""

    @property
    def base(self) -> KnowledgeBase:
        return self._edition.base

    @property
    def matcher(self) -> Matcher:
        """Made at its first use."""
        with self._building:
            edition = self._edition
            if edition.matcher is None:
                edition.matcher = self._made(edition.base)
            return edition.matcher

    @property
    def learnt(self) -> bool:
        """Whether the matcher is there, or quickly made."""
        return self._edition.matcher is not None or self._shelf.path(self.base.lessons).exists()

    def _made(self, base: KnowledgeBase) -> Matcher:
        return Matcher(base, self._study.learned(base, self._folder, self._shelf))

    def stop(self) -> None:
        """Ends what is being learnt: whoever waits for it gets StudyStopped."""
        self._study.stop()

    def find(self, text: str, audience: Audience | None, previous: str | None) -> Match:
        return self.matcher.match(text, audience=audience, previous=previous)

    def explain(self, text: str, audience: Audience | None) -> Explanation:
        return self.matcher.explain(text, audience=audience)

    def look(self) -> None:
        """Takes over what changed in the files since the last look, once two looks saw the same.

        What is still being written differs from one look to the next, and so waits. Takes seconds when
        there is something to build: not for the loop.
        """
        marks = _marks(self._folder)
        if marks == self._read:
            self._unsettled = None
        elif marks != self._unsettled:
            self._unsettled = marks
        else:
            self._read, self._unsettled = marks, None
            self._reload()

    def _reload(self) -> None:
        base, problems = examine(self._folder)
        if base is None:
            self.problems = tuple(problem for problem in problems if not problem.warning)
            log.error("content_refused", problems=[str(problem) for problem in self.problems])
            return
        self.problems = ()
        if base.hash == self.base.hash:
            return
        matcher = self._made(base) if self._edition.matcher is not None else None
        self._edition = _Edition(base, matcher)
        log.info("content_reloaded", hash=base.hash, entries=len(base.entries))


async def watch(library: Library, stop: asyncio.Event, *, every: float = LOOK_EVERY) -> None:
    """Looks after the content until `stop`."""
    while not stop.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), every)
            return
        try:
            await asyncio.to_thread(library.look)
        except Exception:
            # At the border: whatever somebody wrote into a file must not end the program.
            log.exception("content_unreadable")


def _marks(folder: Path | None) -> Marks:
    """Those of the shipped content too: it stands in for what a folder lacks."""
    marks = set()
    for root in {folder or CONTENT, CONTENT}:
        with suppress(OSError):
            for path in root.rglob("*.yaml"):
                found = path.stat()
                marks.add((str(path), found.st_mtime_ns, found.st_size, found.st_ino))
    return frozenset(marks)
