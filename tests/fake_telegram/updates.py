"""Updates that wait for the bot: long polling with offsets, or a webhook; never both."""

import asyncio
from contextlib import suppress
from typing import Any

import aiohttp

from tests.fake_telegram.chats import Json, Refusal

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Updates:
    """What happened, in order, until the bot confirms it."""

    def __init__(self, first_id: int = 700_000_001) -> None:
        self.waiting: list[object] = []
        self.past: list[object] = []
        """All that ever happened, for giving some of it again."""
        self.next_id = first_id
        self.confirmed = 0
        self._changed = asyncio.Event()
        self._poller: asyncio.Future[None] | None = None

    def add(self, kind: str, content: Json) -> int:
        update_id = self.next_id
        self.next_id += 1
        update = {"update_id": update_id, kind: content}
        self.past.append(update)
        self.inject(update)
        return update_id

    def inject(self, update: object) -> None:
        """Any JSON value, as it is; unnumbered ones stay for ever, as nothing can confirm them."""
        self.waiting.append(update)
        self.touch()

    def confirm(self, offset: int) -> None:
        """Forgets the updates below `offset`."""
        before = len(self.waiting)
        self.waiting = [update for update in self.waiting if _id(update, offset) >= offset]
        self.confirmed += before - len(self.waiting)

    def touch(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def changed(self) -> None:
        await self._changed.wait()

    async def poll(self, *, offset: int | None, limit: int, timeout: float) -> list[object]:
        """At most `limit` updates as soon as there are any; a second poller throws out the first."""
        if offset is not None:
            self.confirm(offset)
        if self._poller is not None and not self._poller.done():
            self._poller.set_exception(Refusal(409, "Conflict: terminated by other getUpdates request"))
        mine = self._poller = asyncio.get_running_loop().create_future()
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(timeout):
                    await self._until_some(mine)
            return self.waiting[:limit]
        finally:
            if not mine.done():
                mine.cancel()

    async def _until_some(self, thrown_out: asyncio.Future[None]) -> None:
        while not self.waiting:
            change = asyncio.ensure_future(self._changed.wait())
            try:
                await asyncio.wait((change, thrown_out), return_when=asyncio.FIRST_COMPLETED)
            finally:
                change.cancel()
            if thrown_out.done():
                thrown_out.result()


class Webhook:
    """Posts updates to the bot: one after the other within a chat, chats side by side, until it says 2xx."""

    def __init__(self, updates: Updates, parameters: Json, *, pause: float) -> None:
        self.url: str = parameters["url"]
        self.parameters = parameters
        self.statuses: list[int] = []
        self._updates = updates
        self._pause = pause
        self._lanes: dict[str, list[object]] = {}
        self._seen: dict[int, object] = {}  # the objects too: an id alone may be given out again
        self._tasks: set[asyncio.Task[None]] = set()
        self._main = asyncio.create_task(self._watch())

    async def close(self) -> None:
        tasks = {self._main, *self._tasks}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _watch(self) -> None:
        async with aiohttp.ClientSession() as session:
            while True:
                for update in list(self._updates.waiting):
                    if id(update) not in self._seen:
                        self._seen[id(update)] = update
                        self._sort_in(session, update)
                await self._updates.changed()

    def _sort_in(self, session: aiohttp.ClientSession, update: object) -> None:
        lane = _lane(update)
        if lane in self._lanes:
            self._lanes[lane].append(update)
            return
        self._lanes[lane] = [update]
        task = asyncio.create_task(self._deliver(session, lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, session: aiohttp.ClientSession, lane: str) -> None:
        queue = self._lanes[lane]
        while queue:
            if await self._post(session, queue[0]):
                done = queue.pop(0)
                self._updates.waiting = [one for one in self._updates.waiting if one is not done]
                self._updates.confirmed += 1
            else:
                await asyncio.sleep(self._pause)
        del self._lanes[lane]

    async def _post(self, session: aiohttp.ClientSession, update: object) -> bool:
        headers = {SECRET_HEADER: self.parameters["secret_token"]}
        try:
            async with session.post(self.url, json=update, headers=headers) as response:
                self.statuses.append(response.status)
                return 200 <= response.status < 300
        except aiohttp.ClientError:
            self.statuses.append(0)
            return False


def _id(update: Any, otherwise: int) -> int:
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if isinstance(number, int) else otherwise


def _lane(update: Any) -> str:
    for content in update.values() if isinstance(update, dict) else ():
        chat = (content.get("message", content)).get("chat") if isinstance(content, dict) else None
        if isinstance(chat, dict):
            return str(chat.get("id"))
    return "nobody"
