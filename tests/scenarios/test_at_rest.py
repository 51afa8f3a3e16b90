"""At rest nobody waits for a loop to look: what comes is taken along by what brings it, up to the answer."""

import pytest

from bot import worker
from tests.actors import TelegramCitizen
from tests.stage import Stage

NEVER = 3600.0


@pytest.fixture
def loops_look_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the start, and never again."""
    monkeypatch.setattr(worker, "LOOK_AGAIN", NEVER)
    monkeypatch.setattr(worker, "COLLECTS", NEVER)


@pytest.mark.both_databases
@pytest.mark.usefixtures("loops_look_once")
async def test_an_update_is_answered_without_a_look(stage: Stage) -> None:
    nadia = TelegramCitizen(stage)
    for _ in range(2):
        (*_, last) = await nadia.says("/start")
        assert last.buttons
