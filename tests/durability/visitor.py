"""A visitor of the web chat whose browser does not give up: the same message again until it is accepted."""

import asyncio
import uuid
from typing import Any

import aiohttp

AGAIN = 0.3
"""Seconds until the next try."""


class Visitor:
    """`async with Visitor(url) as visitor`; needs a running web at first."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.public_id = ""

    async def __aenter__(self) -> "Visitor":
        headers = {"Sec-Fetch-Site": "same-origin"}
        # A process that is stopped or frozen says nothing: a browser would give up, too, and try again.
        patience = aiohttp.ClientTimeout(total=10)
        jar = aiohttp.CookieJar(unsafe=True)
        self._session = aiohttp.ClientSession(cookie_jar=jar, headers=headers, timeout=patience)
        self.public_id = (await self._call("POST", "/api/chat/sessions", {}))["session"]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    @property
    def address(self) -> str:
        return f"web:{self.public_id}"

    async def says(self, text: str, *, times: int = 1) -> None:
        """The same message `times` over, as a double click or a proxy sends it."""
        message = {"id": str(uuid.uuid4()), "text": text}
        for _ in range(times):
            await self._call("POST", "/api/chat/messages", message)

    async def chooses(self, label: str) -> None:
        """Presses the newest button that reads like that."""
        offered = [choice for one in await self.messages() for choice in one["choices"]]
        choice = next(one["id"] for one in reversed(offered) if one["label"] == label)
        await self._call("POST", "/api/chat/messages", {"id": str(uuid.uuid4()), "choice": choice})

    async def reads(self) -> list[str]:
        """All that was said to this visitor."""
        return [message["text"] for message in await self.messages() if message["from"] != "visitor"]

    async def messages(self) -> list[dict[str, Any]]:
        """The whole conversation, page by page."""
        found: list[dict[str, Any]] = []
        while True:
            after = found[-1]["seq"] if found else 0
            page = (await self._call("GET", f"/api/chat/messages?after={after}&wait=0"))["messages"]
            if not page:
                return found
            found += page

    async def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        while True:
            try:
                async with self._session.request(method, self._url + path, json=body) as response:
                    if response.status == 403 and "still_you" in await response.text():
                        await self._is_still_there()
                    elif response.status not in (429, 503):
                        assert response.status < 300, (
                            response.status,
                            await response.text(),
                            len(self._session.cookie_jar),
                        )
                        return await response.json()
            except (aiohttp.ClientError, TimeoutError):
                pass
            await asyncio.sleep(AGAIN)  # the server is gone: there is nothing to wait on

    async def _is_still_there(self) -> None:
        """« Oui, revoir ma conversation », after a clock said that half an hour had gone by."""
        async with self._session.post(f"{self._url}/chat/toujours-moi", allow_redirects=False):
            pass
