"""Runs all benchmarks, one after the other."""

import asyncio
from pathlib import Path

from bot.library import Library
from tests.bench import deciding, starting, turning
from tests.bench.results import Results

FOLDER = Path("bench/results")


def main() -> None:
    results = Results(FOLDER)
    library = Library(None)
    deciding.measure(library, results)
    asyncio.run(turning.measure(library, results))
    starting.measure(results)
    results.write()


if __name__ == "__main__":
    main()
