"""`/metrics` and `/readyz` of the ops port, while people write: what an operator sees of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web
from sqlalchemy import text

from bot.telegram.standing import keep_looking
from bot.web.app import make_runner
from storage import migrations, wiping
from tests.actors import TelegramCitizen, WebCitizen
from tests.fake_telegram.faults import Fault
from tests.stage import Stage
from tests.web.site import Switchable


@asynccontextmanager
async def _ops(stage: Stage) -> AsyncIterator[aiohttp.ClientSession]:
    runner = make_runner(stage.house.ops_app())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{runner.addresses[0][1]}") as client:
            yield client
    finally:
        await runner.cleanup()


async def _figures(client: aiohttp.ClientSession) -> dict[str, float]:
    async with client.get("/metrics") as response:
        assert response.status == 200
        lines = (await response.text()).splitlines()
    pairs = (line.rsplit(" ", 1) for line in lines if line.startswith("souffleur_"))
    return {name: float(value) for name, value in pairs}


async def _readyz(client: aiohttp.ClientSession) -> tuple[int, dict[str, Any]]:
    async with client.get("/readyz") as response:
        return response.status, await response.json()


async def test_what_happens_is_counted_and_nobody_is_named(stage: Stage) -> None:
    nadia, ada = TelegramCitizen(stage), WebCitizen(stage)
    await nadia.says_and_waits("comment créer un compte pass Culture Pro ?")
    await ada.says_and_waits("bonjour xylophone")
    async with _ops(stage) as client:
        seen = await _figures(client)
        async with client.get("/metrics") as response:
            # A figure may hold the digits of a number by chance.
            words = [line.rpartition(" ")[0] for line in (await response.text()).splitlines()]
    assert seen["souffleur_updates_total"] == 1
    assert seen['souffleur_turns_total{outcome="done"}'] >= 2
    assert seen['souffleur_turns_total{outcome="put_off"}'] == 1
    assert seen["souffleur_turn_seconds_count"] == seen['souffleur_turns_total{outcome="done"}'] + 1
    assert seen['souffleur_answers_total{outcome="answer"}'] == 1
    assert seen["souffleur_matching_seconds_count"] >= 1
    assert seen['souffleur_deliveries_total{channel="telegram",result="sent"}'] >= 2
    assert seen['souffleur_delivery_seconds_count{channel="telegram"}'] >= 2
    assert seen['souffleur_web_requests_total{route="api",status="202"}'] == 1
    assert seen['souffleur_web_requests_total{route="waiting",status="200"}'] >= 1
    assert 'souffleur_web_request_seconds_count{route="waiting"}' not in seen
    assert seen["souffleur_database_up"] == seen["souffleur_schema_current"] == 1
    for private in (str(nadia.person.id), nadia.address, ada.address, "xylophone"):
        assert not [line for line in words if private in line]


async def test_failures_are_counted_by_what_became_of_them(stage: Stage) -> None:
    nadia = TelegramCitizen(stage)
    await nadia.says("/start")
    nadia.person.write("/aide")
    nadia.person.block()
    await stage.settle()
    stage.telegram.updates.inject({"update_id": 1, "message": {"message_id": "no number"}})
    await stage.settle()
    async with _ops(stage) as client:
        seen = await _figures(client)
        assert seen['souffleur_turns_total{outcome="unreadable"}'] == 1
        assert seen['souffleur_inbox_items{status="parked"}'] == 1
        code, details = await _readyz(client)
        assert (code, details["ready"], details["parked"]) == (200, True, 1)
        await stage.turn(lambda turn: wiping.drop_parked(turn.session, before=turn.now.replace(year=2027)))
        assert (await _figures(client))['souffleur_inbox_items{status="parked"}'] == 0


async def test_a_silent_telegram_is_told_and_takes_nothing_away(stage: Stage) -> None:
    stage.telegram.fail("sendMessage", "401", times=None)
    TelegramCitizen(stage).person.write("/start")
    async with asyncio.timeout(15), _ops(stage) as client:
        details: dict[str, Any] = {"gates_closed": {}}
        while not details["gates_closed"]:
            code, details = await _readyz(client)
        seen = await _figures(client)
    stage.telegram.mend()
    assert list(details["gates_closed"]) == ["telegram"]
    assert (code, details["ready"]) == (200, True)
    assert details["outbox"]["waiting"] >= 1
    assert details["telegram_last_s"] is not None
    assert seen["souffleur_gates_closed"] == 1
    assert seen['souffleur_deliveries_total{channel="telegram",result="unavailable"}'] >= 1


async def test_what_telegram_says_of_us_is_passed_on(stage: Stage) -> None:
    bot, stop = stage.house.bot, asyncio.Event()
    assert bot is not None
    stage.telegram.fail("getWebhookInfo", "502")
    stage.telegram.fail("getWebhookInfo", Fault(body='{"ok": true, "result": true}'))
    looking = asyncio.create_task(keep_looking(bot, stage.house.standing, stop, first=0.0, every=0.0))
    async with asyncio.timeout(15), _ops(stage) as client:
        while (await _readyz(client))[1]["telegram_pending_updates"] is None:
            assert (await _figures(client))["souffleur_telegram_pending_updates"] == -1
        assert (await _figures(client))["souffleur_telegram_pending_updates"] == 0
    stop.set()
    await looking


async def test_a_database_that_is_away_is_told_as_such(stage: Stage) -> None:
    stage.house.database = switch = Switchable(stage.house.database)
    async with _ops(stage) as client:
        switch.away = True
        code, details = await _readyz(client)
        assert (code, details["database"], details["schema"]) == (503, False, False)
        assert details["telegram_trouble"] is None
        seen = await _figures(client)
        assert seen["souffleur_database_up"] == 0
        assert seen['souffleur_database_unavailable_total{where="probe"}'] == 2
        switch.away = False
        assert (await _readyz(client))[0] == 200


async def test_an_old_schema_is_told_with_the_one_that_is_needed(stage: Stage) -> None:
    older = text("UPDATE alembic_version SET version_num = '0001'")
    await stage.house.database.write(lambda session: session.execute(older))
    async with _ops(stage) as client:
        code, details = await _readyz(client)
        assert (code, details["database"], details["schema"]) == (503, True, False)
        assert (details["revision"], details["needed"]) == ("0001", migrations.head())
        assert (await _figures(client))["souffleur_schema_current"] == 0
