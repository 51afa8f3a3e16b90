"""The plan of a campaign: as often as told, the same for a seed, one thing at a time to the machine."""

import random

import pytest

from tests.durability.campaign import Case, plan
from tests.durability.nemeses import ALL, MACHINE

CASES = (
    Case("polling", "sqlite"),
    Case("webhook", "sqlite"),
    Case("webhook", "postgresql", ("web", "worker", "worker")),
)


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("seed", range(5))
def test_each_nemesis_that_can_strike_here_does_as_often_as_told(case: Case, seed: int) -> None:
    often = {name: 1 + place % 3 for place, name in enumerate(ALL)}
    rounds = plan(case, random.Random(seed), often)
    struck = [name for round_ in rounds for name in round_]
    assert {name: struck.count(name) for name in ALL if name in struck} == {
        name: times for name, times in often.items() if case.suits(name)
    }
    assert all(sum(name in MACHINE for name in round_) <= 1 for round_ in rounds)
    assert any(len(round_) == 2 for round_ in rounds)
    assert rounds == plan(case, random.Random(seed), often)


def test_what_needs_a_server_or_a_file_strikes_there_alone() -> None:
    file, _, server = CASES
    assert (file.suits("disk full"), server.suits("disk full")) == (True, False)
    assert (file.suits("database killed"), server.suits("database killed")) == (False, True)
    assert (file.suits("409"), server.suits("409")) == (True, False)
