"""What the database says in the end: each event accepted once, with one outcome, and nothing left over."""

import asyncio
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.app import utc_now
from storage import contacts, outbox, queue, transcript
from storage.database import Database
from tests.durability.crew import PATIENCE
from tests.fake_telegram import FakeTelegram


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was said, in the order of the transcript."""

    by_visitor: list[str]
    by_bot: list[str]


async def settled(database: Database, telegram: FakeTelegram) -> None:
    """Waits until Telegram has nothing to give and both queues are empty."""
    async with asyncio.timeout(PATIENCE):
        while telegram.updates.waiting or not await database.read(_empty):  # noqa: ASYNC110
            await asyncio.sleep(0.05)  # other processes work: they tell us nothing


async def conversation(database: Database, address: str) -> Conversation:
    def read(session: Session) -> Conversation:
        contact = contacts.by_address(session, address)
        assert contact is not None
        rows = transcript.after(session, contact.id, 0)
        assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
        return Conversation(
            [row.text for row in rows if row.author == "visitor"],
            [row.text for row in rows if row.author == "bot"],
        )

    return await database.read(read)


async def left_over(database: Database) -> dict[str, int]:
    """Items that were set aside, and messages that were given up."""

    def look(session: Session) -> dict[str, int]:
        return {"parked": len(queue.parked(session)), "failed": len(outbox.failures(session))}

    return await database.read(look)


def _empty(session: Session) -> bool:
    return queue.oldest(session, now=utc_now()) is None and outbox.oldest(session) is None
