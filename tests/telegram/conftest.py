"""A fake Telegram, a bot that talks to it, and an inbox that may be away."""

from collections.abc import AsyncIterator, Sequence

import pytest
from telegram import Bot

from bot.telegram.intake import Arrival
from bot.telegram.sender import TelegramSender
from bot.telegram.transport import AiohttpRequest, make_bot
from storage.database import DatabaseUnavailable
from tests.fake_telegram import FakeTelegram, Person

READ_TIMEOUT = 0.25
"""Seconds; twenty in production."""


class Inbox:
    """What was committed, by key, in order; `away` and `dies_after_commit` are a database's bad days."""

    def __init__(self) -> None:
        self.items: dict[str, Arrival] = {}
        self.puts: list[int] = []
        self.away = False
        self.dies_after_commit = False

    async def put(self, arrivals: Sequence[Arrival]) -> None:
        if self.away:
            raise DatabaseUnavailable("the database is away")
        self.puts.append(len(arrivals))
        for arrival in arrivals:
            self.items.setdefault(arrival["key"], arrival)
        if self.dies_after_commit:
            raise SystemError("killed between the commit and the acknowledgement")

    @property
    def texts(self) -> list[str]:
        """The texts of messages, in their order of arrival."""
        updates = [item["payload"]["update"] for item in self.items.values()]
        return [update["message"]["text"] for update in updates if "message" in update]


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as telegram:
        yield telegram


@pytest.fixture
async def bot(telegram: FakeTelegram) -> AsyncIterator[Bot]:
    async with AiohttpRequest(read_timeout=READ_TIMEOUT, connect_timeout=READ_TIMEOUT) as request:
        yield make_bot(telegram.token, telegram.url, request)


@pytest.fixture
def sender(bot: Bot) -> TelegramSender:
    return TelegramSender(bot, _no_file)


async def _no_file(file_id: int) -> AsyncIterator[bytes]:
    """Nothing is kept here: what a file sends is tested with a database."""
    raise AssertionError(f"no file {file_id} here")
    yield b""


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def alice(telegram: FakeTelegram) -> Person:
    """Somebody who has written to the bot before."""
    alice = telegram.person(1001)
    alice.write("/start")
    telegram.updates.waiting.clear()
    return alice
