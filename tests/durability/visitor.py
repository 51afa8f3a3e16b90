"""A visitor of the web chat whose browser does not give up: the same message again until it is accepted."""

import asyncio
import uuid
from typing import Any

import aiohttp


class Visitor:
    """`async with Visitor(url) as visitor`; needs a running web at first."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.public_id = ""
        self.accepted: list[str] = []

    async def __aenter__(self) -> "Visitor":
        headers = {"Sec-Fetch-Site": "same-origin"}
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), headers=headers)
        self.public_id = (await self._call("POST", "/api/chat/sessions", {}))["session"]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    @property
    def address(self) -> str:
        return f"web:{self.public_id}"

    async def says(self, text: str) -> None:
        await self._call("POST", "/api/chat/messages", {"id": str(uuid.uuid4()), "text": text})
        self.accepted.append(text)

    async def reads(self) -> list[str]:
        """All that was said to this visitor."""
        found = await self._call("GET", "/api/chat/messages?after=0&wait=0")
        return [message["text"] for message in found["messages"] if message["from"] != "visitor"]

    async def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        while True:
            try:
                async with self._session.request(method, self._url + path, json=body) as response:
                    if response.status != 503:
                        assert response.status < 300, (response.status, await response.text())
                        return await response.json()
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.05)  # the server is gone: there is nothing to wait on
