"""Server-sent events: as they happen, resumable, and ended when the session is."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.web import stream
from bot.web.changes import Changes
from handlers import privacy
from tests.web.site import Site, running_site
from tests.web.visitor import begin, new_id, post


async def blocks(response: aiohttp.ClientResponse) -> AsyncIterator[str]:
    """The blank-line separated blocks of a stream."""
    text = ""
    async for chunk in response.content.iter_any():
        text += chunk.decode()
        while "\n\n" in text:
            block, _, text = text.partition("\n\n")
            yield block


async def messages(response: aiohttp.ClientResponse, number: int) -> list[dict[str, Any]]:
    """The next `number` messages; the ids of the blocks are their numbers."""
    found: list[dict[str, Any]] = []
    async for block in blocks(response):
        lines = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith((":", "retry")))
        if not lines:
            continue
        assert lines["event"] == "message"
        found.append(json.loads(lines["data"]))
        assert lines["id"] == str(found[-1]["seq"])
        if len(found) == number:
            break
    return found


async def test_messages_come_as_they_are_said(site: Site) -> None:
    async with site.client() as client:
        public_id = await begin(client)
        async with client.get("/api/chat/events") as response:
            assert response.status == 200
            assert response.content_type == "text/event-stream"
            assert response.headers["Cache-Control"] == "no-store"
            assert response.headers["X-Accel-Buffering"] == "no"
            message_id = new_id()
            await post(client, {"id": message_id, "text": "bonjour"})
            (mine,) = await asyncio.wait_for(messages(response, 1), 3)
            await site.bot_says(public_id, "Bonjour !")
            (answer,) = await asyncio.wait_for(messages(response, 1), 3)
    assert (mine["from"], mine["id"]) == ("visitor", message_id)
    assert (answer["from"], answer["text"]) == ("bot", "Bonjour !")


async def test_resumes_after_the_last_event_that_was_seen(site: Site) -> None:
    async with site.client() as client:
        public_id = await begin(client)
        for text in ("un", "deux", "trois"):
            await site.bot_says(public_id, text)
        async with client.get("/api/chat/events?after=1") as response:
            assert [m["text"] for m in await messages(response, 2)] == ["deux", "trois"]
        async with client.get("/api/chat/events?after=1", headers={"Last-Event-ID": "2"}) as response:
            assert [m["text"] for m in await messages(response, 1)] == ["trois"]


async def test_forged_last_event_id_is_ignored(site: Site) -> None:
    async with site.client() as client:
        await site.bot_says(await begin(client), "un")
        async with client.get("/api/chat/events", headers={"Last-Event-ID": "²; DROP"}) as response:
            assert len(await messages(response, 1)) == 1


async def test_breathes_so_that_proxies_keep_the_line(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "BREATH", 0.1)
    async with site.client() as client:
        await begin(client)
        async with client.get("/api/chat/events") as response:
            async for block in blocks(response):
                if block.startswith(":"):
                    break


async def test_ends_when_the_conversation_is_erased_and_says_why_next_time(site: Site) -> None:
    async with site.client() as client:
        public_id = await begin(client)
        async with client.get("/api/chat/events") as response:
            await site.turn(public_id, privacy.erase_contact)
            async with asyncio.timeout(4):
                assert [block async for block in blocks(response)] == ["retry: 2000"]
        async with client.get("/api/chat/events") as response:
            assert response.status == 401


async def test_ends_after_thirty_idle_minutes(site: Site) -> None:
    async with site.client() as client:
        public_id = await begin(client)
        async with client.get("/api/chat/events") as response:
            site.clock.advance(minutes=31)
            await site.bot_says(public_id, "secret")
            async with asyncio.timeout(4):
                assert [block async for block in blocks(response)] == ["retry: 2000"]
        async with client.get("/api/chat/events") as response:
            assert response.status == 403
            assert (await response.json())["error"]["code"] == "still_you"


async def test_ends_when_the_server_stops(site: Site) -> None:
    async with site.client() as client:
        await begin(client)
        async with client.get("/api/chat/events") as response:
            site.changes.close()
            async with asyncio.timeout(3):
                assert [block async for block in blocks(response)] == ["retry: 2000"]


@pytest.mark.fault(69)
async def test_no_more_lines_than_a_person_has_tabs(site: Site) -> None:
    async with site.client() as client:
        await begin(client)
        open_lines = [await client.get("/api/chat/events") for _ in range(stream.WATCHERS)]
        async with client.get("/api/chat/events") as response:
            assert response.status == 429
        for line in open_lines:
            line.close()


@pytest.mark.fault(69)
async def test_when_too_many_wait_the_next_may_still_ask(tmp_path: Path) -> None:
    async with (
        running_site(tmp_path, changes=Changes(most=3)) as site,
        site.client() as first,
        site.client() as second,
    ):
        await begin(first)
        await begin(second)
        open_lines = [await first.get("/api/chat/events") for _ in range(3)]
        for path in ("/api/chat/events", "/api/chat/messages?wait=5"):
            async with second.get(path) as response:
                assert response.status == 503
                assert response.headers["Retry-After"] == "15"
                assert "plus lentement" in (await response.json())["error"]["message"]
        await post(second, {"id": new_id(), "text": "bonjour"})
        async with second.get("/api/chat/messages?wait=5") as response:
            assert [one["text"] for one in (await response.json())["messages"]] == ["bonjour"]
        for line in open_lines:
            line.close()
