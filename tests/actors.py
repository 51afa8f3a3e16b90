"""The people of our dialogues: a citizen at each door, a referent at each desk.

A dialogue reads the same whichever door it goes through: `says`, `presses`, `hears`.
"""

import uuid
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import aiohttp

from handlers import visitor
from handlers.turn import Turn
from knowledge.markup import plain
from storage import contacts, queue, transcript
from storage.tables import Contact
from tests.fake_telegram import Person
from tests.stage import Stage


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing the bot (or a referent) said, as the person reads it."""

    text: str
    buttons: tuple[str, ...]


class Citizen(ABC):
    """Somebody with a question."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.last: list[Heard] = []

    @property
    @abstractmethod
    def address(self) -> str: ...

    async def says(self, text: str) -> list[Heard]:
        """Writes, waits until all is quiet, and gives what was heard since."""
        await self._send(text)
        return await self.hears()

    async def says_and_waits(self, text: str) -> list[Heard]:
        """The same for a text that the bot may take for part of a longer thought."""
        await self._send(text)
        await self.stage.later(seconds=3)
        return await self.hears()

    async def presses(self, label: str) -> list[Heard]:
        await self._press(label)
        return await self.hears()

    async def hears(self) -> list[Heard]:
        """What was said since the last time."""
        await self.stage.settle()
        self.last = await self._news()
        return self.last

    async def comes_back(self) -> None:
        """After a long time, tells a door that asks that it is still them; most don't ask."""
        await self.stage.settle()

    @abstractmethod
    async def _send(self, text: str) -> None: ...

    @abstractmethod
    async def _press(self, label: str) -> None: ...

    @abstractmethod
    async def _news(self) -> list[Heard]: ...


class CoreCitizen(Citizen):
    """Writes straight into the inbox and reads the transcript: no channel at all."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._address = f"web:core{uuid.uuid4().hex[:12]}"
        self._seq = 0

    @property
    def address(self) -> str:
        return self._address

    async def _send(self, text: str) -> None:
        await self.stage.turn(lambda turn: self._receive(turn, text=text))
        self.stage.house.worker.inbox_wake()

    async def _press(self, label: str) -> None:
        await self.stage.turn(lambda turn: self._receive(turn, label=label))
        self.stage.house.worker.inbox_wake()

    async def _news(self) -> list[Heard]:
        return await self.stage.turn(self._read)

    def _receive(self, turn: Turn, *, text: str | None = None, label: str | None = None) -> None:
        contact = contacts.at(turn.session, self.address, now=turn.now)
        choice = _choice(turn, contact, label) if label is not None else None
        outcome = visitor.receive(turn, contact, client_id=str(uuid.uuid4()), text=text, choice=choice)
        assert outcome == "new"

    def _read(self, turn: Turn) -> list[Heard]:
        contact = contacts.at(turn.session, self.address, now=turn.now)
        rows = transcript.after(turn.session, contact.id, self._seq)
        if rows:
            self._seq = rows[-1].seq
        said = [row for row in rows if row.author != "visitor"]
        return [
            Heard(plain(r.text) if r.markup else r.text, tuple(c["label"] for c in r.choices or ()))
            for r in said
        ]


class TelegramCitizen(Citizen):
    """Writes from a telephone with Telegram."""

    _next_id = 1000

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        TelegramCitizen._next_id += 1
        self.person: Person = stage.telegram.person(TelegramCitizen._next_id)
        self._read = 0

    @property
    def address(self) -> str:
        return self.person.address

    async def _send(self, text: str) -> None:
        self.person.write(text)

    async def _press(self, label: str) -> None:
        self.person.press(label)

    async def _news(self) -> list[Heard]:
        heard = self.person.heard()
        news, self._read = heard[self._read :], len(heard)
        return [Heard(one.text, one.buttons) for one in news]


class WebCitizen(Citizen):
    """Writes from a browser, by the chat's interface."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._jar = aiohttp.CookieJar(unsafe=True)
        self._public_id = ""
        self._seq = 0
        self._choices: dict[str, str] = {}

    @property
    def address(self) -> str:
        return f"web:{self._public_id}"

    async def comes_back(self) -> None:
        headers = {"Sec-Fetch-Site": "same-origin"}
        async with (
            aiohttp.ClientSession(cookie_jar=self._jar, headers=headers) as session,
            session.post(f"{self.stage.url}/chat/toujours-moi", allow_redirects=False) as response,
        ):
            assert response.status == 303

    async def _send(self, text: str) -> None:
        await self._post({"text": text})

    async def _press(self, label: str) -> None:
        assert label in self._choices, f"no button {label!r} in {list(self._choices)}"
        await self._post({"choice": self._choices[label]})

    async def _news(self) -> list[Heard]:
        answer = await self.call("GET", f"/api/chat/messages?after={self._seq}&wait=0")
        messages = answer["messages"]
        if messages:
            self._seq = messages[-1]["seq"]
        said = [message for message in messages if message["from"] != "visitor"]
        for message in said:
            self._choices |= {choice["label"]: choice["id"] for choice in message["choices"]}
        return [Heard(m["text"], tuple(c["label"] for c in m["choices"])) for m in said]

    async def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """One request with this browser's cookies; the JSON that came back."""
        headers = {"Sec-Fetch-Site": "same-origin"}
        async with (
            aiohttp.ClientSession(cookie_jar=self._jar, headers=headers) as session,
            session.request(method, self.stage.url + path, json=body) as response,
        ):
            assert response.status < 300, (response.status, await response.text())
            return await response.json()

    async def reads(self, path: str) -> str:
        """A page, with this browser's cookies."""
        async with (
            aiohttp.ClientSession(cookie_jar=self._jar) as session,
            session.get(self.stage.url + path) as response,
        ):
            assert response.status == 200, (path, response.status)
            return await response.text()

    async def _post(self, body: dict[str, Any]) -> None:
        if not self._public_id:
            self._public_id = (await self.call("POST", "/api/chat/sessions", {}))["session"]
        await self.call("POST", "/api/chat/messages", {"id": str(uuid.uuid4()), **body})


DOORS: dict[str, type[Citizen]] = {"core": CoreCitizen, "telegram": TelegramCitizen, "web": WebCitizen}


def texts(heard: list[Heard]) -> str:
    """All that was heard, for looking a phrase up in it."""
    return "\n".join(one.text for one in heard)


def buttons(heard: list[Heard]) -> set[str]:
    return {label for one in heard for label in one.buttons}


def _choice(turn: Turn, contact: Contact, label: str) -> str:
    rows = transcript.after(turn.session, contact.id, 0)
    found = [c["id"] for row in reversed(rows) for c in row.offered if c["label"] == label]
    assert found, f"no button {label!r}"
    return str(found[0])


def put_raw(turn: Turn, key: str, lane: str, payload: dict[str, Any]) -> None:
    """Something that no door would write."""
    queue.put(turn.session, key=key, lane=lane, payload=payload, now=turn.now)
