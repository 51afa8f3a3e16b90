"""The ops port of each kind of process: what a balancer and Prometheus ask, alike on `web` and `worker`."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from storage import migrations
from tests.durability.crew import PATIENCE, Process, by_webhook, crew, free_port
from tests.durability.subjects import Subjects
from tests.durability.visitor import Visitor
from tests.fake_telegram import FakeTelegram
from tests.postgres import Postgres


@pytest.mark.postgres
async def test_web_and_worker_tell_the_same_of_the_queues_and_each_its_own_doings(
    tmp_path: Path, telegram: FakeTelegram, subjects: Subjects, postgres: Postgres
) -> None:
    url = postgres.create("ops_ports")
    await migrations.migrate(url)
    web_ops, worker_ops = free_port(), free_port()
    settings = by_webhook(url, telegram.url, subjects.folder)
    async with crew(tmp_path / "house", "web", **settings, BOT_OPS_PORT=str(web_ops)) as house:
        house.set("BOT_PUBLIC_URL", house.url)
        await house.start()
        worker = await house.types("worker", BOT_OPS_PORT=str(worker_ops))
        try:
            person = telegram.person(1001)
            person.write("/start sujet-1")
            async with Visitor(house.url) as visitor:
                await visitor.says("bonjour")
                await _answered(telegram, visitor)
            told = [await _asked(port, worker) for port in (web_ops, worker_ops)]
        finally:
            await worker.kill()
    (web, web_figures), (worker_says, worker_figures) = told
    for details in (web, worker_says):
        assert (details["ready"], details["revision"]) == (True, migrations.head())
        assert (details["parked"], details["gates_closed"]) == (0, {})
        assert details["telegram_last_s"] is not None
    assert "souffleur_updates_total 1.0" in web_figures
    assert 'souffleur_web_requests_total{route="webhook",status="200"} 1.0' in web_figures
    assert "souffleur_updates_total 0.0" in worker_figures
    assert 'souffleur_turns_total{outcome="done"}' in worker_figures
    assert 'souffleur_turns_total{outcome="done"}' not in web_figures


async def _answered(telegram: FakeTelegram, visitor: Visitor) -> None:
    async with asyncio.timeout(PATIENCE):
        while not telegram.calls("sendMessage"):
            await telegram.something_sent()
        while not await visitor.reads():  # noqa: ASYNC110
            await asyncio.sleep(0.05)  # another process answers: it tells us nothing


async def _asked(port: int, worker: Process) -> tuple[dict[str, Any], str]:
    """`/readyz` and `/metrics`."""
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        async with session.get("/readyz") as response:
            assert response.status == 200, worker.errors()[-2000:]
            details = await response.json()
        async with session.get("/metrics") as response:
            return details, await response.text()
