"""What the database says in the end: nothing waits, and nothing is left over."""

import asyncio

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.app import utc_now
from storage import outbox, queue
from storage.database import Database
from storage.tables import InboxItem, OutboxItem
from tests.durability.crew import PATIENCE
from tests.fake_telegram import FakeTelegram


async def settled(database: Database, telegram: FakeTelegram) -> None:
    """Waits until Telegram has nothing to give and both queues are empty."""
    async with asyncio.timeout(PATIENCE):
        while telegram.updates.waiting or not await database.read(empty):  # noqa: ASYNC110
            await asyncio.sleep(0.05)  # other processes work: they tell us nothing


async def left_over(database: Database) -> dict[str, int]:
    """Items that were set aside, and messages that were given up."""

    def look(session: Session) -> dict[str, int]:
        return {"parked": len(queue.parked(session)), "failed": len(outbox.failures(session))}

    return await database.read(look)


def empty(session: Session) -> bool:
    """Whether both queues have nothing to do now, nor soon."""
    put_off = select(InboxItem.id).where(InboxItem.status == "new", InboxItem.put_off)
    thoughts = select(InboxItem.id).where(InboxItem.status == "new", InboxItem.key.startswith("gathered:"))
    if session.scalar(put_off) is not None or session.scalar(thoughts) is not None:
        return False
    return queue.oldest(session, now=utc_now()) is None and outbox.oldest(session) is None


def unfinished(session: Session) -> list[str]:
    """What waits in both queues, without anybody's words."""
    inbox = select(InboxItem).where(InboxItem.status.in_(("new", "leased")))
    messages = select(OutboxItem).where(OutboxItem.status.in_(("waiting", "sending")))
    return [
        *(_named(item, "key", "due_at", "put_off", "suspect", "attempts") for item in session.scalars(inbox)),
        *(_named(message, "uncertain", "attempts") for message in session.scalars(messages)),
    ]


def set_aside(session: Session) -> list[str]:
    """What nobody will try again by themselves, and why."""
    return [_named(item, "key", "attempts", "reason", "received_at") for item in queue.parked(session)]


def _named(row: InboxItem | OutboxItem, *names: str) -> str:
    of_both = ("id", "lane", "status", "retry_at", "lease_until")
    return f"{type(row).__name__} { ({name: getattr(row, name) for name in (*of_both, *names)}) }"
