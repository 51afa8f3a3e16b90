"""Who is there while things go wrong, and what each of them did: people on Telegram and on the web."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from tests.durability.history import Said
from tests.durability.visitor import Visitor
from tests.fake_telegram import FakeTelegram, Person


@dataclass
class OnTelegram:
    """Somebody with a telephone. A chat that became another one is two chats of one person."""

    chats: list[Person]
    said: list[Said] = field(default_factory=list)
    reachable: bool = True
    _heard: list[str] = field(default_factory=list)
    _read: int = 0

    @property
    def who(self) -> str:
        return self.chats[-1].address

    def says(self, text: str, answer: str | None) -> None:
        """Writes in the newest chat that they know: of a new one they learn when something is said there."""
        (next((chat for chat in reversed(self.chats) if chat.heard()), self.chats[0])).write(text)
        self.said.append(Said(text, answer, written=not text.startswith("/")))

    def presses(self, label: str, answer: str) -> None:
        self.chats[-1].press(label)
        self.said.append(Said(f"[{label}]", answer, written=False))

    async def heard(self) -> list[str]:
        return self.hears()

    def hears(self) -> list[str]:
        """All that was said to them until now; what they read once is not read again."""
        if self._read < (there := sum(chat.length for chat in self.chats)):
            self._heard = [message.text for chat in self.chats for message in chat.heard()]
            self._read = there
        return self._heard


@dataclass
class OnTheWeb:
    """Somebody with a browser."""

    visitor: Visitor
    said: list[Said] = field(default_factory=list)
    reachable: bool = True

    @property
    def who(self) -> str:
        return self.visitor.address

    async def says(self, text: str, answer: str | None, *, times: int = 1) -> None:
        await self.visitor.says(text, times=times)
        self.said.append(Said(text, answer))

    async def presses(self, label: str, answer: str) -> None:
        await self.visitor.chooses(label)
        self.said.append(Said(label, answer))  # the page shows what was pressed as a message

    async def heard(self) -> list[str]:
        return await self.visitor.reads()


@dataclass
class Acts:
    """What referents and the asker did about a ticket."""

    number: int
    asker: OnTelegram | OnTheWeb
    replies: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    left: asyncio.Event | None = None
    """For an asker who leaves: set when they have, or when they no longer will."""

    @property
    def closing(self) -> bool:
        """Whether the referent ends it, rather than the asker."""
        return self.number % 2 == 1


@dataclass
class Cast:
    """Everybody, and what they did."""

    telegram: FakeTelegram
    url: str
    chance: random.Random
    people: list[OnTelegram | OnTheWeb] = field(default_factory=list)
    demands: dict[int, Acts] = field(default_factory=dict)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when nobody begins anything new."""

    def on_telegram(self, account: int) -> OnTelegram:
        self.people.append(somebody := OnTelegram([self.telegram.person(account)]))
        return somebody

    async def on_the_web(self) -> OnTheWeb:
        self.people.append(somebody := OnTheWeb(await Visitor(self.url).__aenter__()))
        return somebody

    async def leave(self) -> None:
        """Closes the browsers."""
        for somebody in self.people:
            if isinstance(somebody, OnTheWeb):
                await somebody.visitor.__aexit__()

    async def pause(self, seconds: float) -> None:
        """A while of that length on average, or until it is over."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.over.wait(), seconds * self.chance.uniform(0.2, 1.8))

    async def until(self, there: Callable[[], bool]) -> bool:
        """Waits until something was heard on Telegram; False when it is over before."""
        over = asyncio.ensure_future(self.over.wait())
        try:
            while not self.over.is_set():
                if there():
                    return True
                sent = asyncio.ensure_future(self.telegram.something_sent())
                await asyncio.wait((over, sent), return_when=asyncio.FIRST_COMPLETED)
                sent.cancel()
            return False
        finally:
            over.cancel()
