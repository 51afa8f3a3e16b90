"""What is new or growing, against made-up weeks: spikes are found, noise and small numbers are not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from knowledge.trends import FALSE_ALARMS, _adjusted, _at_least, rising

KEYS = [f"fiche-{number}" for number in range(40)]


def even(**counts: int) -> list[dict[str, int]]:
    """Four weeks alike."""
    return [counts] * 4


def test_a_spike_is_told_and_what_stays_is_not() -> None:
    (found,) = rising({"ine": 24, "credit": 21}, even(ine=6, credit=20))
    assert (found.key, found.now, found.usual, found.new) == ("ine", 24, 6.0, False)
    assert found.q < 0.01


def test_what_never_came_before_is_new() -> None:
    (found,) = rising({"panne": 9, "credit": 20}, even(credit=20))
    assert (found.key, found.new) == ("panne", True)


@pytest.mark.parametrize(
    ("now", "usual"),
    [(4, 0), (3, 1), (5, 3), (6, 4), (1, 0), (0, 9)],
    ids=["too few", "threefold but few", "two more", "half more", "one", "none"],
)
def test_small_numbers_are_not_dramatised(now: int, usual: int) -> None:
    assert rising({"ine": now, "credit": 30}, even(ine=usual, credit=30)) == ()


def test_large_numbers_that_grow_a_little_are_not_told() -> None:
    """A third more of 300 is no chance by a fair die, and happens each month."""
    assert rising({"ine": 400, "credit": 300}, even(ine=300, credit=300)) == ()


def test_what_grows_as_everything_does_is_not_told() -> None:
    """The first week of term: everything doubles, and one thing is ten times as frequent."""
    before = even(**dict.fromkeys(KEYS, 10))
    now = dict.fromkeys(KEYS, 20) | {KEYS[3]: 100}
    assert [one.key for one in rising(now, before)] == [KEYS[3]]


def test_what_is_uneven_every_week_is_judged_by_that() -> None:
    uneven = [{"ine": times, "credit": 40 - times} for times in (2, 38, 4, 36)]
    assert rising({"ine": 38, "credit": 10}, uneven) == ()
    assert [one.key for one in rising({"ine": 38, "credit": 10}, even(ine=10, credit=10))] == ["ine"]


@pytest.mark.parametrize("weeks", [0, 1])
def test_without_weeks_to_compare_with_nothing_is_told(weeks: int) -> None:
    assert rising({"ine": 50}, [{"credit": 3}] * weeks) == ()


def test_empty_weeks() -> None:
    assert rising({}, [{}] * 4) == ()
    assert [one.key for one in rising({"ine": 12}, [{}] * 4)] == ["ine"]


def test_the_most_striking_is_first() -> None:
    found = rising({"a": 15, "b": 60, "c": 30}, even(a=3, b=5, c=30))
    assert [one.key for one in found] == ["b", "a"]


def test_weeks_of_chance_alone_alarm_in_few() -> None:
    """Two hundred weeks in which nothing happens: at most as many alarm as the share that is allowed."""
    dice = np.random.default_rng(7)
    alarms = sum(bool(rising(_week(dice), [_week(dice) for _ in range(4)])) for _ in range(200))
    assert alarms <= 200 * FALSE_ALARMS


def test_a_real_spike_among_noise_is_found_nearly_always() -> None:
    dice = np.random.default_rng(11)
    found = 0
    for _ in range(50):
        now = _week(dice) | {KEYS[0]: 25}
        found += KEYS[0] in {one.key for one in rising(now, [_week(dice) for _ in range(4)])}
    assert found >= 48


def _week(dice: np.random.Generator) -> dict[str, int]:
    """Some six questions about each thing."""
    return dict(zip(KEYS, dice.poisson(6, len(KEYS)).tolist(), strict=True))


@given(
    total=st.integers(0, 300),
    part=st.floats(0, 1),
    this=st.floats(0.5, 200),
    others=st.floats(0.5, 800),
)
def test_the_chance_is_that_of_a_beta_binomial(total: int, part: float, this: float, others: float) -> None:
    times = round(part * total)
    expected = stats.betabinom.sf(times - 1, total, this, others)
    assert _at_least(times, total, this, others) == pytest.approx(expected, rel=1e-6, abs=1e-9)


@given(st.lists(st.floats(0, 1), max_size=30))
def test_adjusting_is_that_of_benjamini_and_hochberg(chances: list[float]) -> None:
    expected = stats.false_discovery_control(chances) if chances else []
    assert _adjusted(chances) == pytest.approx(list(expected))
