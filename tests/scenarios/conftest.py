"""A citizen at each door: every dialogue is held at all of them. And who answers."""

import pytest

from tests.actors import DOORS, Citizen, TelegramCitizen
from tests.scenarios.desk import Colleague, appoint
from tests.stage import Stage


@pytest.fixture(params=DOORS)
async def nadia(request: pytest.FixtureRequest, stage: Stage) -> Citizen:
    """Somebody with a question."""
    return DOORS[request.param](stage)


@pytest.fixture
async def nadia_on_telegram(stage: Stage) -> TelegramCitizen:
    return TelegramCitizen(stage)


@pytest.fixture
async def diane(stage: Stage) -> Colleague:
    """The national desk, and the administrator."""
    return await appoint(stage, "Diane Roux", role="admin", national=True)


@pytest.fixture
async def camille(stage: Stage, diane: Colleague) -> Colleague:
    """The referent of the Doubs and of Saône-et-Loire."""
    return await appoint(stage, "Camille Martin", territories="25,71")
