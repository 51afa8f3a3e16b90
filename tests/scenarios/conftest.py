"""A citizen at each door: every dialogue is held at all of them."""

import pytest

from tests.actors import DOORS, Citizen, TelegramCitizen
from tests.stage import Stage


@pytest.fixture(params=DOORS)
async def nadia(request: pytest.FixtureRequest, stage: Stage) -> Citizen:
    """Somebody with a question."""
    return DOORS[request.param](stage)


@pytest.fixture
async def nadia_on_telegram(stage: Stage) -> TelegramCitizen:
    return TelegramCitizen(stage)
