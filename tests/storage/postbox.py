"""The outbox as a worker sees it."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage import gates, outbox
from storage.database import Database
from storage.outbox import Parcel
from storage.tables import OutboxItem
from tests.storage.passing import NOW, time_passes


class Outbox:
    """One transaction for each step."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def put(self, text: str, lane: str = "telegram:1", **given: Any) -> None:
        await self.database.write(
            lambda s: outbox.put(s, lane=lane, payload={"text": text}, now=NOW, **given)
        )

    async def claim(self, limit: int = 32, pace: gates.Pace | None = None) -> list[Parcel]:
        return await self.database.write(lambda s: outbox.claim(s, "telegram", limit=limit, pace=pace))

    async def claim_one(self) -> Parcel:
        claimed = await self.claim(1)
        assert len(claimed) == 1
        return claimed[0]

    async def sent(self, parcel: Parcel, external_id: str | None = None) -> bool:
        delivered = [outbox.Delivered(parcel, external_id)]
        return bool(await self.database.write(lambda s: outbox.sent(s, delivered, now=NOW)))

    async def put_back(self, parcel: Parcel, **given: Any) -> None:
        await self.database.write(lambda s: outbox.put_back(s, parcel, **given))

    async def note_dead(self, *, everything: bool = False) -> None:
        await self.database.write(lambda s: outbox.note_dead(s, everything=everything))

    async def wait(self, seconds: float) -> None:
        await self.database.write(lambda s: time_passes(s, seconds=seconds))

    async def rows(self) -> list[tuple[str, str, Any]]:
        """(lane, status, payload) of all, in order."""

        def look(session: Session) -> list[tuple[str, str, Any]]:
            found = session.scalars(select(OutboxItem).order_by(OutboxItem.id))
            return [(item.lane, item.status, item.payload) for item in found]

        return await self.database.read(look)


def texts(parcels: list[Parcel]) -> list[str]:
    return [parcel.payload["text"] for parcel in parcels]
