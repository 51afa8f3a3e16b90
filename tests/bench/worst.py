"""The slowest message that a search finds: hypothesis is told the time of each, and climbs."""

import time
from heapq import nlargest

from hypothesis import HealthCheck, Phase, given, settings, target
from hypothesis import strategies as st

from bot.library import Library
from knowledge.matching import Matcher
from tests.bench.results import Results, percentile

EXAMPLES = 600
REPEATS = 40
SLOWEST = 20


def measure(library: Library, results: Results) -> None:
    matcher = library.matcher
    words = sorted(
        {
            word
            for entry in library.base.entries.values()
            for text in entry.phrasings[::7]
            for word in text.split()
        }
    )
    tried: list[tuple[float, str]] = []

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.target],
        suppress_health_check=list(HealthCheck),
    )
    @given(_messages(words))
    def search(text: str) -> None:
        # The first time only: repairs of misspelt words are remembered.
        took = _time(matcher, text)
        target(took)
        tried.append((took, text))

    search()
    # The slowest was once interrupted, or the first: what is slow again with other letters is slow.
    text = max(
        (text for _, text in nlargest(SLOWEST, tried)), key=lambda text: _time(matcher, _other(text, 1))
    )
    slow = {
        "the slowest found": [_other(text, n) for n in range(2, REPEATS)],
        "words of ours, each with one wrong letter": [
            _other(" ".join(words[n :: len(words) // 250]), n) for n in range(REPEATS)
        ],
        "a million letters": ["a" * 1_000_000] * REPEATS,
        "pass, 200,000 times": ["pass " * 200_000] * REPEATS,
        "one letter, 18 each": ["ﷺ" * 50_000] * REPEATS,
    }
    rows = [_row(matcher, name, messages) for name, messages in slow.items()]
    results.add(f"The worst input ({EXAMPLES} tried)", ["message", "characters", "p50 ms", "p99 ms"], rows)


def _row(matcher: Matcher, name: str, messages: list[str]) -> tuple[str, int, str, str]:
    times = [_time(matcher, message) for message in messages]
    return name, len(messages[0]), f"{percentile(times, 0.5):.1f}", f"{percentile(times, 0.99):.1f}"


def _messages(words: list[str]) -> st.SearchStrategy[str]:
    """Words of ours with letters changed (each must be repaired), joined by what splits a message."""
    word = st.builds(
        _misspelt,
        st.sampled_from(words),
        st.integers(0, 40),
        st.characters(min_codepoint=97, max_codepoint=122),
    )
    joint = st.sampled_from([" ", ", ", " et ", " ? ", ". ", "\n", " puis "])
    ours = st.lists(st.tuples(word, joint), max_size=250).map(lambda parts: "".join(w + j for w, j in parts))
    return st.one_of(
        ours,
        st.text(max_size=3000),
        st.builds(lambda text, times: text * times, st.text(max_size=20), st.integers(1, 2000)),
    )


def _misspelt(word: str, at: int, letter: str) -> str:
    at %= len(word)
    return word[:at] + letter + word[at + 1 :]


def _other(text: str, number: int) -> str:
    """As slow a message, with other misspelt words."""
    letter = "abcdefghijklmnopqrstuvwxyz"[number % 26]
    return " ".join(_misspelt(word, number, letter) for word in text.split())


def _time(matcher: Matcher, text: str) -> float:
    start = time.perf_counter()
    matcher.match(text)
    return (time.perf_counter() - start) * 1000
