"""Learning the content: found on the shelf, or done once, by a process of low priority, for all who wait.

`python -m bot.studying CONTENT SHELF` is that process; an empty CONTENT is the shipped one. With a third
argument, `-`, what was accepted beside the content comes by standard input.
"""

import fcntl
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO

import structlog

from knowledge.entries import KnowledgeBase
from knowledge.learned import Learned, learn_from
from knowledge.loading import load_knowledge
from knowledge.overlay import NOTHING, Overlay, merged
from knowledge.shelf import Shelf

log = structlog.get_logger(__name__)
_INTERRUPTED = (130, -signal.SIGINT)
"""Ctrl-C reaches every process of a terminal."""
LONGEST = 600.0
"""Seconds after which the other process is given up, and the work done here."""
AGAIN = 0.1
"""Seconds after which who waits for another learner looks again."""


class StudyStopped(Exception):
    """The program ends before the content was learnt."""


class Study:
    """One learner's desk; `stop` may be called from another thread."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Ends what is being learnt, so that the program can end."""
        self._stopped.set()
        process = self._process
        if process is not None:
            process.terminate()

    def learned(
        self, base: KnowledgeBase, folder: Path | None, shelf: Shelf, added: Overlay = NOTHING
    ) -> Learned:
        """What was learnt from `base`: what was read from `folder`, with what was `added` to it.

        Takes seconds when it is new.

        Raises StudyStopped.
        """
        found = shelf.find(base.lessons)
        if found is not None:
            return found
        if _is_small(base):
            return _study(base)
        with self._alone(shelf.folder):
            # Whoever held the lock may have done it.
            return shelf.find(base.lessons) or self._apart(base, folder, shelf, added)

    def _apart(self, base: KnowledgeBase, folder: Path | None, shelf: Shelf, added: Overlay) -> Learned:
        log.info("content_learning", hash=base.lessons)
        with _writable(shelf) as shelf_there:
            more = ["-"] if added.additions else []
            command = ["-m", "bot.studying", str(folder or ""), str(shelf_there.folder), *more]
            self._run([sys.executable, *command], added.to_json().encode())
            found = shelf_there.find(base.lessons)
        if found is None:
            # The other process failed, or the files changed meanwhile: slower for everybody, and right.
            log.warning("content_learning_here", hash=base.lessons)
            found = _study(base)
            shelf.keep(base.lessons, found)
        log.info("content_learnt", hash=base.lessons)
        return found

    @contextmanager
    def _alone(self, folder: Path) -> Iterator[None]:
        """One learns, the others wait; where no lock can be had each learns for itself.

        Who waits for the lock itself cannot be stopped, so they ask for it again and again.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = (folder / "index.lock").open("w")
        except OSError:
            yield
            return
        with lock:
            while not _got(lock):
                if self._stopped.wait(AGAIN):
                    raise StudyStopped
            yield

    def _run(self, command: Sequence[str], given: bytes) -> None:
        try:
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE)  # noqa: S603 (ours)
        except OSError:
            return
        with self._process as process:
            if self._stopped.is_set():
                process.terminate()
            try:
                process.communicate(given, LONGEST)
            except subprocess.TimeoutExpired:
                process.kill()
        self._process = None
        if self._stopped.is_set() or process.returncode in _INTERRUPTED:
            raise StudyStopped


def _study(base: KnowledgeBase) -> Learned:
    from knowledge.calibrating import study  # scipy: a quarter of a start that finds the shelf filled

    return study(base)


def _is_small(base: KnowledgeBase) -> bool:
    """Learnt in a moment, as too little to calibrate on."""
    from knowledge.calibrating import FEWEST

    return sum(len(entry.phrasings) for entry in base.entries.values()) < FEWEST


@contextmanager
def _writable(shelf: Shelf) -> Iterator[Shelf]:
    """The shelf, or one for the moment where it cannot be written to."""
    if os.access(shelf.folder, os.W_OK):
        yield shelf
        return
    with tempfile.TemporaryDirectory(prefix="souffleur-") as folder:
        yield Shelf(Path(folder))


def _got(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def main() -> None:
    os.nice(10)
    content, shelf, *more = sys.argv[1:]
    base, there = load_knowledge(Path(content) if content else None), Shelf(Path(shelf))
    if more:
        whole = merged(base, Overlay.from_json(sys.stdin.read()))
        there.keep(whole.lessons, _with_added(whole, there.find(base.lessons)))
    else:
        there.keep(base.lessons, _study(base))


def _with_added(whole: KnowledgeBase, before: Learned | None) -> Learned:
    """How sure to be is taken over from the content itself: a few wordings more move it less than chance.

    It is half of the work, and somebody waits for the words that they accepted.
    """
    if before is None:
        return _study(whole)
    return replace(learn_from(whole), confidence=before.confidence)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
