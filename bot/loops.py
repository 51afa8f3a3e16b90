"""The event loop of the processes that serve: libuv's where the platform has it, else asyncio's own."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

new_loop: Callable[[], asyncio.AbstractEventLoop] | None = None
if sys.platform != "win32":
    import uvloop

    new_loop = uvloop.new_event_loop


TAKES_TURNS = 0.001
"""Seconds after which a thread that computes lets another one on. With Python's own five thousandths the
slowest answers were slower: a message goes from the loop to the database's threads and back four times."""


def run(main: Coroutine[Any, Any, T]) -> T:
    """As `asyncio.run`."""
    sys.setswitchinterval(TAKES_TURNS)
    with asyncio.Runner(loop_factory=new_loop) as runner:
        return runner.run(main)
