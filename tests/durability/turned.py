"""A clock that can be set while the program runs, where Debian's `libfaketime` is on the machine.

The wall clock alone is turned, as setting a computer's clock does; the steady one goes on.
"""

from pathlib import Path

from tests.durability.crew import Crew

NOTICED_AFTER = 1
"""Seconds until a process knows that its clock was set: it would be slow if it looked each time."""


def library() -> Path | None:
    """The library that turns clocks, if it is here."""
    return next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))), None)


def prepare(house: Crew, folder: Path) -> Path | None:
    """Lets the clock of all processes that start from now on be set by a file: see `turn`."""
    found = library()
    if found is None:
        return None
    clock = folder / "clock"
    turn(clock, 0)
    house.set("LD_PRELOAD", str(found))
    house.set("FAKETIME_TIMESTAMP_FILE", str(clock))
    house.set("FAKETIME_CACHE_DURATION", str(NOTICED_AFTER))
    house.set("FAKETIME_DONT_FAKE_MONOTONIC", "1")
    # Its own remedy for waits by the steady clock makes threads wait ten times as long for each other.
    house.set("FAKETIME_FORCE_MONOTONIC_FIX", "0")
    return clock


def turn(clock: Path, seconds: int) -> None:
    """Sets it to so much more than the true time; nobody must read half a file, which is any time at all."""
    written = clock.with_suffix(".new")
    written.write_text(f"{seconds:+d}")
    written.replace(clock)
