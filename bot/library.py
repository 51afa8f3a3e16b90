"""The knowledge base in use and its matcher, replaced together, and looked after while the program runs."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import structlog

from bot.matching import LATELY
from bot.studying import Study
from knowledge.entries import Audience, KnowledgeBase
from knowledge.errors import Problem
from knowledge.loading import CONTENT, examine, load_knowledge
from knowledge.matching import Matcher
from knowledge.outcomes import Explanation, Match
from knowledge.overlay import NOTHING, Overlay, merged
from knowledge.shelf import Shelf
from storage.database import DatabaseUnavailable

log = structlog.get_logger(__name__)

LOOK_EVERY = 2.0
"""Seconds between two looks at the files of the content."""
Taught = Callable[[], Awaitable[Overlay]]
"""Reads what was accepted; raises DatabaseUnavailable."""
Marks = frozenset[tuple[str, int, int, int]]
"""What tells that files changed, without reading them: names, times, sizes, and which file it is."""


@dataclass(slots=True)
class Edition:
    """One version; its matcher may take seconds to make, and most commands never ask it."""

    base: KnowledgeBase
    added: Overlay = NOTHING
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
        self.content = load_knowledge(folder, shelf)
        """As it was read: what was accepted since is in `base` alone."""
        self._added = NOTHING
        self._edition = Edition(self.content)
        self._building = threading.Lock()
        self._shared = False
        self._lately = lru_cache(maxsize=LATELY)(_match)
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
                edition.matcher = self._made(edition.base, edition.added)
            return edition.matcher

    @property
    def learnt(self) -> bool:
        """Whether the matcher is there, or quickly made."""
        return self._edition.matcher is not None or self._shelf.path(self.base.lessons).exists()

    @property
    def edition(self) -> Edition:
        """The version in use."""
        return self._edition

    @property
    def places(self) -> tuple[str, str]:
        """Where another process finds it: the folder of the content ("" for the shipped one), the shelf."""
        return str(self._folder or ""), str(self._shelf.folder)

    def share(self) -> bool:
        """Learns the version in use, if nobody has; whether another process finds it on the shelf.

        From now on no version is put into use before it can be found there. Takes seconds when it is new.

        Raises StudyStopped.
        """
        self._shared = True
        with self._building:
            return self._lay_out(self._edition)

    def _lay_out(self, edition: Edition) -> bool:
        """The matcher is held only where it cannot be kept: what another process uses need not be here."""
        path = self._shelf.path(edition.base.lessons)
        if edition.matcher is None and not path.exists():
            matcher = self._made(edition.base, edition.added)
            edition.matcher = matcher if not path.exists() else None
        return path.exists()

    def _made(self, base: KnowledgeBase, added: Overlay) -> Matcher:
        return Matcher(base, self._study.learned(base, self._folder, self._shelf, added))

    def stop(self) -> None:
        """Ends what is being learnt: whoever waits for it gets StudyStopped."""
        self._study.stop()

    def find(self, text: str, audience: Audience | None, previous: str | None) -> Match:
        """What was found a moment ago is known: a thought that waited for its rest is looked up twice."""
        return self._lately(self.matcher, text, audience, previous)

    def explain(self, text: str, audience: Audience | None) -> Explanation:
        return self.matcher.explain(text, audience=audience)

    def teach(self, added: Overlay) -> None:
        """What was accepted beside the files; the next `look` learns it."""
        self._added = added

    def learn_if_known(self) -> None:
        """Takes over what was accepted when somebody learnt it before, and nothing that would take long."""
        if self._shelf.path(merged(self.content, self._added).lessons).exists():
            self._renew()

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
        self._renew()

    def _reload(self) -> None:
        base, problems = examine(self._folder)
        if base is None:
            self.problems = tuple(problem for problem in problems if not problem.warning)
            log.error("content_refused", problems=[str(problem) for problem in self.problems])
            return
        self.problems = ()
        self.content = base

    def _renew(self) -> None:
        """Puts the content as it was read, with what was accepted, into use."""
        added = self._added
        base = merged(self.content, added)
        if base.hash == self.base.hash:
            return
        edition = Edition(base, added)
        if self._edition.matcher is not None:
            edition.matcher = self._made(base, added)
        elif self._shared:
            self._lay_out(edition)
        self._edition = edition
        self._lately.cache_clear()
        log.info("content_reloaded", hash=base.hash, entries=len(base.entries))


def _match(matcher: Matcher, text: str, audience: Audience | None, previous: str | None) -> Match:
    return matcher.match(text, audience=audience, previous=previous)


async def watch(
    library: Library, stop: asyncio.Event, taught: Taught | None = None, *, every: float = LOOK_EVERY
) -> None:
    """Looks after the content, and after what was `taught` beside it, until `stop`."""
    while not stop.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), every)
            return
        try:
            if taught is not None:
                library.teach(await taught())
            await asyncio.to_thread(library.look)
        except DatabaseUnavailable as error:
            log.warning("database_unavailable", loop="content", reason=str(error)[:200])
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
