"""What people do: they press buttons or ask questions, by Telegram or in the web chat."""

import asyncio
import json
import random
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any

from tests.bench.throughput.telegram import Chat, Telegram
from tests.bench.throughput.wire import Client

Act = Callable[[], Awaitable[float]]
"""One person does one thing and waits for the answer: the seconds that it took."""
SECRET = "a-secret-of-the-benchmark"
MORE_WORDS = 2.0
"""Seconds that the bot waits on purpose, where it does not know, for the rest of somebody's thought."""
_PATIENCE = 30.0
_HAND_OVER = "référent"
"""Part of the label of a button that hands over; people who press those all the time wait for a human."""


class Caller:
    """Somebody on Telegram, whose updates arrive at a webhook."""

    def __init__(self, chat: Chat, telegram: Telegram, door: Client, lines: Iterator[str]) -> None:
        self._chat, self._telegram, self._door, self._lines = chat, telegram, door, lines
        self._choose = random.Random(chat.number)
        self._buttons: list[dict[str, Any]] = []

    async def greet(self) -> float:
        return await self._update(self._telegram.text(self._chat, "/start"))

    async def press(self) -> float:
        """Presses one of the buttons offered last."""
        harmless = [one for one in self._chat.buttons if _HAND_OVER not in one["text"]]
        self._buttons = harmless or self._buttons
        return await self._update(self._telegram.press(self._chat, self._choose.choice(self._buttons)))

    async def ask(self) -> float:
        """Writes a line of the examples."""
        return await self._update(self._telegram.text(self._chat, next(self._lines)))

    async def _update(self, update: dict[str, Any]) -> float:
        heard, begin = self._chat.listen(), time.perf_counter()
        answer = await self._door.ask(
            "POST", "/telegram/webhook", update, {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        )
        assert answer.status == 200, answer.head
        async with asyncio.timeout(_PATIENCE):
            return await heard - begin


class Visitor:
    """Somebody in the web chat, with an address of their own."""

    def __init__(self, number: int, door: Client, lines: Iterator[str]) -> None:
        self._door, self._lines = door, lines
        self._headers = {"X-Forwarded-For": f"10.0.{number // 250}.{number % 250 + 1}"}
        self._seq = 0

    async def greet(self) -> float:
        begin = time.perf_counter()
        opened = await self._door.ask("POST", "/api/chat/sessions", {}, self._headers)
        self._headers["Cookie"] = opened.cookie
        return time.perf_counter() - begin

    async def ask(self) -> float:
        """Writes a line and waits by long poll until the bot has said something."""
        begin = time.perf_counter()
        body = {"id": str(uuid.uuid4()), "text": next(self._lines)}
        accepted = await self._door.ask("POST", "/api/chat/messages", body, self._headers)
        assert accepted.status == 202, accepted.body
        while True:
            target = f"/api/chat/messages?after={self._seq}&wait=25"
            found = json.loads((await self._door.ask("GET", target, None, self._headers)).body)["messages"]
            self._seq = max([self._seq, *(one["seq"] for one in found)])
            if any(one["from"] == "bot" for one in found):
                return time.perf_counter() - begin


def lines(examples: Sequence[str], seed: int) -> Iterator[str]:
    """All examples in an order of one's own, again and again."""
    chance = random.Random(seed)
    while True:
        yield from chance.sample(examples, len(examples))


def at_once(seconds: float) -> float:
    """What a reply took besides the wait for more words, if there was one."""
    return seconds - MORE_WORDS if seconds >= MORE_WORDS else seconds
