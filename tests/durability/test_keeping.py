"""Leases: kept while work goes on, given back by who stops, lost by nobody else than the dead."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import hands
from bot.library import Library
from storage import queue, sending
from tests.durability.beside import until
from tests.durability.test_worker_faults import more_workers
from tests.stage import Stage, open_stage
from tests.storage.passing import time_passes

SHORT = 900
"""Milliseconds of a lease here."""


@pytest.fixture
async def hasty(
    postgresql_url: str, tmp_path: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stage]:
    """A house whose leases are short."""
    for module in (queue, sending):
        monkeypatch.setattr(module, "LEASE_MS", SHORT)
    async with open_stage(postgresql_url, tmp_path, library) as stage:
        yield stage


@pytest.mark.fault(8)
@pytest.mark.fault(41)
@pytest.mark.postgres
async def test_what_is_sent_for_longer_than_a_lease_is_sent_once(hasty: Stage) -> None:
    nadia = hasty.telegram.person(1001)
    hasty.telegram.fail("sendMessage", "slow", value=4 * SHORT / 1000)
    async with more_workers(hasty, 1):
        nadia.write("bonjour")
        await hasty.settle()
    heard = nadia.texts()
    assert len(heard) == len(set(heard)) == 2
    assert len(hasty.telegram.calls("sendMessage")) == 2


@pytest.fixture
async def shared(postgresql_url: str, tmp_path: Path, library: Library) -> AsyncIterator[Stage]:
    """A house with the leases of every day: nobody waits for one of them here."""
    async with open_stage(postgresql_url, tmp_path, library) as stage:
        yield stage


@pytest.mark.fault(7)
@pytest.mark.postgres
async def test_who_stops_leaves_an_unanswered_send_to_the_others_at_once(
    shared: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hands, "GRACE", 0.1)
    nadia = shared.telegram.person(1001)
    shared.telegram.fail("sendMessage", "slow", value=60)
    nadia.write("bonjour")
    await asyncio.wait_for(shared.telegram.something_sent(), 10)
    shared.house.worker.stop()
    async with more_workers(shared, 1):
        await until(lambda: len(shared.telegram.calls("sendMessage")) == 3)
        await shared.settle()
    first, copy, _ = shared.telegram.calls("sendMessage")
    assert first.parameters["text"] == copy.parameters["text"]
    assert copy.parameters["disable_notification"] is True


@pytest.mark.fault(8)
async def test_who_slept_through_a_lease_and_takes_it_again_goes_on(stage: Stage) -> None:
    nadia = stage.telegram.person(1001)
    stage.telegram.fail("sendMessage", "slow", value=2.5, times=2)
    nadia.write("bonjour")
    await stage.telegram.something_sent()
    await stage.house.database.write(lambda session: time_passes(session, seconds=61))
    await stage.settle()
    nadia.write("merci")
    await stage.settle()
    assert len({message.text for message in nadia.heard()}) == 3
