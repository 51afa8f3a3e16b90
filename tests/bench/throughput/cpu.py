"""Processor time of processes, from /proc."""

import os
from collections.abc import Iterable
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def seconds(processes: Iterable[int]) -> float:
    """Spent so far by these processes and by the children that they waited for."""
    return sum(_spent(process) for process in processes)


def _spent(process: int) -> float:
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return 0.0  # a child that ended: its parent's account holds it from now on
    # The name, in brackets, may hold blanks: fields are counted after it.
    fields = stat.rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICK
