"""One program at a time: at rest the others look for work too, of which nobody who runs one has any."""

import os
import signal
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress

from tests.bench.throughput.programs import Program


@contextmanager
def alone(program: Program, started: Sequence[Program]) -> Iterator[None]:
    """The others stand still meanwhile. What goes wrong tells whose turn it was."""
    others = {process for other in started for process in other.ids()} - set(program.ids())
    try:
        _tell(others, signal.SIGSTOP)
        yield
    except Exception as error:
        error.add_note(f"while {program.name} was alone")
        raise
    finally:
        _tell(others, signal.SIGCONT)


def _tell(processes: Collection[int], what: signal.Signals) -> None:
    for process in processes:
        with suppress(ProcessLookupError):  # a database's own helpers come and go
            os.kill(process, what)
