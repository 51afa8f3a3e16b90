"""The queue as a worker sees it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage import queue
from storage.database import Database
from storage.queue import Claimed
from storage.tables import InboxItem
from tests.storage.passing import NOW, time_passes


class Inbox:
    """One transaction for each step."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def put(self, key: str, lane: str = "telegram:1", **given: Any) -> bool:
        values: dict[str, Any] = {"payload": {"key": key}, "now": NOW} | given
        return await self.database.write(lambda s: queue.put(s, key=key, lane=lane, **values))

    async def claim(self, limit: int = 10, *, now: datetime = NOW) -> list[Claimed]:
        return await self.database.write(lambda s: queue.claim(s, now=now, limit=limit))

    async def claim_lane(self, lane: str) -> list[Claimed]:
        return await self.database.write(lambda s: queue.claim_lane(s, lane, now=NOW))

    async def claim_one(self) -> Claimed:
        claimed = await self.claim(1)
        assert len(claimed) == 1
        return claimed[0]

    async def claim_suspect(self) -> Claimed | None:
        claimed = await self.database.write(lambda s: queue.claim_suspect(s, now=NOW))
        assert len(claimed) <= 1
        return claimed[0] if claimed else None

    async def finish(self, item: Claimed) -> None:
        await self.database.write(lambda s: queue.finish(s, item, now=NOW))

    async def release(self, item: Claimed, wait_ms: int = 0) -> None:
        await self.database.write(lambda s: queue.release(s, item, wait_ms=wait_ms))

    async def put_off(self, *items: Claimed, seconds: float = 2) -> None:
        moment = timedelta(seconds=seconds)
        await self.database.write(lambda s: queue.put_off(s, items, now=NOW, moment=moment))

    async def fail(self, item: Claimed) -> None:
        await self.database.write(lambda s: queue.fail(s, item, "ZeroDivisionError"))

    async def note_dead(self, *, everything: bool = False, now: datetime = NOW) -> bool:
        return await self.database.write(lambda s: queue.note_dead(s, now=now, everything=everything))

    async def wait(self, seconds: float) -> None:
        await self.database.write(lambda s: time_passes(s, seconds=seconds))

    async def row(self, key: str) -> InboxItem:
        def find(session: Session) -> InboxItem:
            item = session.scalars(select(InboxItem).where(InboxItem.key == key)).one()
            session.expunge(item)
            return item

        return await self.database.read(find)

    async def status(self, key: str) -> str:
        return (await self.row(key)).status


def keys(items: list[Claimed]) -> list[str]:
    return [item.key for item in items]
