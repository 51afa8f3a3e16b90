"""Runs all benchmarks, one after the other."""

import asyncio
from pathlib import Path

from bot.library import Library
from tests.bench import deciding, noticing, starting, turning, worst
from tests.bench.desk import run as desk
from tests.bench.matching import run
from tests.bench.results import Results
from tests.shelf import SHELF

FOLDER = Path("bench/results")


def main() -> None:
    results = Results(FOLDER)
    library = Library(None, SHELF)
    deciding.measure(library, results)
    worst.measure(library, results)
    run.measure(library.base, results)
    asyncio.run(turning.measure(library, results))
    asyncio.run(noticing.measure(library, results))
    asyncio.run(desk.measure(results))
    starting.measure(results)
    results.write()


if __name__ == "__main__":
    main()
