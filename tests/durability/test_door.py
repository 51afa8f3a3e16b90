"""The webhook of a whole house, knocked at by others than Telegram: refused, and nobody is disturbed."""

import asyncio
import gzip
import io
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.library import Library
from bot.telegram.webhook import BODY_LIMIT, SECRET_HEADER
from storage import queue
from tests.stage import Stage, open_stage

SECRET = "a-secret-of-the-webhook"
GOOD = {SECRET_HEADER: SECRET, "Content-Type": "application/json"}


@pytest.fixture
async def stage(tmp_path: Path, library: Library) -> AsyncIterator[Stage]:
    settings = {"telegram_mode": "webhook", "webhook_secret": SECRET, "public_url": "https://example.org"}
    url = f"sqlite:///{tmp_path / 'souffleur.db'}"
    async with open_stage(url, tmp_path, library, **settings) as stage:
        yield stage


async def knock(stage: Stage, body: bytes, **headers: str) -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            f"{stage.url}/telegram/webhook", data=io.BytesIO(body), headers=GOOD | headers
        ) as response,
    ):
        return response.status


@pytest.mark.fault(21)
@pytest.mark.fault(22)
async def test_whoever_knocks_wrongly_is_refused_while_others_are_answered(stage: Stage) -> None:
    nadia = stage.telegram.person(1001)
    nadia.write("bonjour")
    (update,) = list(stage.telegram.updates.waiting)
    stage.telegram.updates.waiting.clear()
    # Somebody who never ends a request keeps a line, and nothing else.
    host, port = stage.url.removeprefix("http://").split(":")
    _, endless = await asyncio.open_connection(host, int(port))
    endless.write(b"POST /telegram/webhook HTTP/1.1\r\nHost: x\r\nContent-Le")
    await endless.drain()
    bomb = gzip.compress(b"0" * 10_000_000)
    assert await knock(stage, b"{}", **{SECRET_HEADER: "guessed"}) == 403
    assert await knock(stage, b'{"x":"' + b"x" * BODY_LIMIT + b'"}') == 413
    assert await knock(stage, bomb, **{"Content-Encoding": "gzip"}) == 415
    assert await knock(stage, bomb) == 400
    assert await knock(stage, b"[1, 2") == 400
    assert await stage.turn(lambda turn: queue.counts(turn.session)) == {}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{stage.url}/telegram/webhook", json=update, headers={SECRET_HEADER: SECRET}) as found,
    ):
        assert found.status == 200
    await stage.settle()
    assert len(nadia.heard()) == 2
    endless.close()
    await endless.wait_closed()
