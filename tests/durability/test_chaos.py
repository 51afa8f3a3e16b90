"""Whatever befalls the machine and whatever Telegram does: nothing is lost, doubled, disordered or astray.

Real processes under a plan of nemeses that is drawn from a seed. This is the short form; `make chaos` runs
all ways to run the program at length, with figures.
"""

from pathlib import Path

import pytest

from tests.durability.bad_telegram import NEMESES
from tests.durability.campaign import Case, campaign
from tests.postgres import Postgres

SEED = 6
MACHINE = {"kill -9": 2, "freeze": 1, "matching killed": 1, "disk full": 1}
MACHINE |= {"database stopped": 1, "database killed": 1}
SHORT = MACHINE | dict.fromkeys(NEMESES, 1)


@pytest.mark.fault(1)
@pytest.mark.fault(3)
@pytest.mark.fault(4)
@pytest.mark.fault(5)
@pytest.mark.fault(6)
@pytest.mark.fault(12)
@pytest.mark.fault(16)
@pytest.mark.fault(26)
@pytest.mark.fault(38)
@pytest.mark.fault(40)
@pytest.mark.fault(42)
@pytest.mark.fault(43)
@pytest.mark.timeout(400)
async def test_one_process_on_a_file_loses_and_doubles_nothing(tmp_path: Path) -> None:
    outcome = await campaign(Case("polling", "sqlite"), SHORT, seed=SEED, folder=tmp_path, length=0.5)
    assert outcome.wrong == ""
    assert outcome.tally["kill -9"] == 2
    assert outcome.history.demands


@pytest.mark.fault(2)
@pytest.mark.fault(3)
@pytest.mark.fault(5)
@pytest.mark.fault(6)
@pytest.mark.fault(8)
@pytest.mark.fault(39)
@pytest.mark.fault(45)
@pytest.mark.fault(67)
@pytest.mark.fault(68)
@pytest.mark.fault(73)
@pytest.mark.postgres
@pytest.mark.timeout(400)
async def test_web_and_two_workers_on_postgresql_lose_and_double_nothing(
    tmp_path: Path, postgres: Postgres
) -> None:
    case = Case("webhook", "postgresql", ("web", "worker", "worker"))
    outcome = await campaign(case, SHORT, seed=SEED, folder=tmp_path, server=postgres, length=0.5)
    assert outcome.wrong == ""
    assert outcome.tally["database killed"] == 1
    assert outcome.history.demands
