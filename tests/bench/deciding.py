"""How long deciding takes, beside what rapidfuzz alone would take on the same phrasings."""

import random
import time
from collections.abc import Callable

from rapidfuzz import fuzz, process

from bot.library import Library
from tests.bench.results import Results, percentile

MESSAGES = 400


def measure(library: Library, results: Results) -> None:
    start = time.perf_counter()
    matcher = library.matcher
    built = time.perf_counter() - start
    phrasings = [phrasing for entry in library.base.entries.values() for phrasing in entry.phrasings]
    choose = random.Random(1)
    short = choose.sample(phrasings, MESSAGES)
    long = [" ".join(choose.sample(phrasings, 6)) for _ in range(MESSAGES // 10)]
    times = {
        "ours, one question": _times(short, matcher.match),
        "ours, a long story": _times(long, matcher.match),
        "rapidfuzz token_set_ratio, one question": _times(
            short[:100], _extract(phrasings, fuzz.token_set_ratio)
        ),
        "rapidfuzz WRatio, one question": _times(short[:60], _extract(phrasings, fuzz.WRatio)),
    }
    base = percentile(times["ours, one question"], 0.5)
    rows = [
        (
            name,
            f"{percentile(t, 0.5):.2f}",
            f"{percentile(t, 0.99):.2f}",
            f"{percentile(t, 0.5) / base:.1f} ×",
        )
        for name, t in times.items()
    ]
    title = (
        f"Deciding: {len(library.base.entries)} entries, {len(phrasings)} phrasings (index in {built:.1f} s)"
    )
    results.add(title, ["what", "p50 ms", "p99 ms", "p50 beside ours"], rows)
    results.plot_times("deciding", "Time to decide", times)


def _extract(phrasings: list[str], scorer: Callable[..., float]) -> Callable[[str], object]:
    return lambda text: process.extract(text, phrasings, scorer=scorer, limit=5)


def _times(messages: list[str], decide: Callable[[str], object]) -> list[float]:
    times = []
    for message in messages:
        start = time.perf_counter()
        decide(message)
        times.append((time.perf_counter() - start) * 1000)
    return times
