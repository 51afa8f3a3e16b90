"""Runs the benchmarks one after the other: all of them, or those named on the command line."""

import asyncio
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from bot.library import Library
from tests.bench import deciding, noticing, size, starting, turning, week, worst
from tests.bench.desk import run as desk
from tests.bench.matching import run as matching
from tests.bench.results import Results
from tests.bench.throughput import growth
from tests.bench.throughput import run as throughput
from tests.shelf import SHELF

FOLDER = Path("bench/results")
BENCHMARKS: Mapping[str, Callable[[Library, Results], object]] = {
    "deciding": deciding.measure,
    "worst": worst.measure,
    "matching": lambda library, results: matching.measure(library.base, results),
    "turning": lambda library, results: asyncio.run(turning.measure(library, results)),
    "noticing": lambda library, results: asyncio.run(noticing.measure(library, results)),
    "desk": lambda _, results: asyncio.run(desk.measure(results)),
    "throughput": lambda library, results: asyncio.run(throughput.measure(library, results)),
    "size": lambda library, results: asyncio.run(size.measure(library, results)),
    "growth": lambda library, results: asyncio.run(growth.measure(library, results)),
    "week": lambda library, results: asyncio.run(week.measure(library, results)),
    "starting": starting.measure,
}


def main() -> None:
    names = sys.argv[1:] or list(BENCHMARKS)
    unknown = set(names) - set(BENCHMARKS)
    if unknown:
        sys.exit(f"No benchmark is called {', '.join(sorted(unknown))}. There are: {', '.join(BENCHMARKS)}")
    results = Results(FOLDER)
    library = Library(None, SHELF)
    for name in names:
        BENCHMARKS[name](library, results)
    results.write()


if __name__ == "__main__":
    main()
