"""Errands: what a thread does for a loop. Whatever many of them come to is brought back in one go.

A future of `concurrent.futures` for each would cost a lock, a chained future and a wake of the loop apiece:
together a tenth of an update.
"""

import asyncio
import queue
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Errand:
    """Some work, and who waits for what it comes to; whoever does it knows what it is to be given."""

    work: Callable[..., Any]
    loop: asyncio.AbstractEventLoop
    future: "asyncio.Future[Any]"
    soon: bool
    """Whether somebody waits for it."""


@dataclass(frozen=True, slots=True)
class Failed:
    """Work that ended by an error."""

    error: Exception


Outcome = tuple[Errand, Any]
"""What an errand came to: its result, or `Failed`."""
Waiting = queue.SimpleQueue[Errand | None]
"""Errands in order; None is the last one."""


def errand(work: Callable[..., Any], *, soon: bool = True) -> Errand:
    """To be asked for in the loop that will wait."""
    loop = asyncio.get_running_loop()
    return Errand(work, loop, loop.create_future(), soon)


def gathered(waiting: Waiting, most: int, *, moment: float = 0.0) -> tuple[list[Errand], bool]:
    """Waits for an errand and takes whatever waits behind it by then; whether that was the last.

    While none of them is wanted soon, others are waited for up to `moment` seconds.
    """
    first = waiting.get()
    if first is None:
        return [], True
    group, soon, end = [first], first.soon, time.monotonic() + moment
    while len(group) < most:
        try:
            one = waiting.get_nowait() if soon else waiting.get(timeout=max(0.0, end - time.monotonic()))
        except queue.Empty:
            break
        if one is None:
            return group, True
        group.append(one)
        soon = soon or one.soon
    return group, False


def bring_back(outcomes: Iterable[Outcome]) -> None:
    """Tells those who wait, from another thread than theirs. Whoever gave up, or is closed, hears nothing."""
    by_loop: dict[asyncio.AbstractEventLoop, list[Outcome]] = {}
    for outcome in outcomes:
        by_loop.setdefault(outcome[0].loop, []).append(outcome)
    for loop, its in by_loop.items():
        with suppress(RuntimeError):  # it was closed
            loop.call_soon_threadsafe(_tell, its)


def _tell(outcomes: list[Outcome]) -> None:
    for one, outcome in outcomes:
        if one.future.done():
            continue
        if isinstance(outcome, Failed):
            one.future.set_exception(outcome.error)
        else:
            one.future.set_result(outcome)
