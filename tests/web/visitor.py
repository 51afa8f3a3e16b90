"""Visitors without JavaScript, in the words of the contract."""

import re
import uuid
from typing import Any

import aiohttp


def new_id() -> str:
    return str(uuid.uuid4())


async def begin(client: aiohttp.ClientSession) -> str:
    """Opens a session; the public id."""
    async with client.post("/api/chat/sessions") as response:
        assert response.status == 201, await response.text()
        body: dict[str, str] = await response.json()
        return body["session"]


async def post(client: aiohttp.ClientSession, body: object) -> tuple[int, dict[str, Any]]:
    async with client.post("/api/chat/messages", json=body) as response:
        return response.status, await response.json()


async def read(client: aiohttp.ClientSession, after: int = 0, wait: int = 0) -> list[dict[str, Any]]:
    async with client.get(f"/api/chat/messages?after={after}&wait={wait}") as response:
        assert response.status == 200, await response.text()
        body: dict[str, list[dict[str, Any]]] = await response.json()
        return body["messages"]


async def page(client: aiohttp.ClientSession, path: str = "/") -> str:
    async with client.get(path) as response:
        assert response.status == 200, await response.text()
        return await response.text()


async def submit(client: aiohttp.ClientSession, path: str, **fields: str) -> tuple[int, str]:
    """Sends a form as a browser does; the status and where it leads."""
    async with client.post(path, data=fields, allow_redirects=False) as response:
        return response.status, response.headers.get("Location", "")


async def say(client: aiohttp.ClientSession, text: str) -> None:
    assert await submit(client, "/chat", id=new_id(), text=text) == (303, "/")


def choice_ids(html: str) -> list[str]:
    return re.findall(r'name="choice" value="([^"]+)"', html)
