"""HTTP/1.1 with next to no cost, both ways: what is measured is the program, not who puts the load on it.

No more than what is spoken here: bodies with a Content-Length, connections that are kept.
"""

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

_HEAD_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_COOKIE = re.compile(rb"set-cookie: *([^;\r]+)", re.IGNORECASE)

Answer = Callable[[str, dict[str, Any]], object]
"""What a call of a method with these parameters is answered: any JSON value."""


@dataclass(frozen=True, slots=True)
class Message:
    """A request or an answer, read."""

    head: bytes
    body: bytes

    @property
    def status(self) -> int:
        return int(self.head[9:12])

    @property
    def target(self) -> str:
        return self.head.split(b" ", 2)[1].decode()

    @property
    def cookie(self) -> str:
        found = _COOKIE.search(self.head)
        return found[1].decode() if found is not None else ""

    @property
    def parameters(self) -> dict[str, Any]:
        """JSON, or a form whose values are JSON where they can be."""
        if not self.body:
            return {}
        if self.body.startswith(b"{"):
            return dict(json.loads(self.body))
        return {name: _value(text) for name, text in parse_qsl(self.body.decode())}


class _Reading(asyncio.Protocol):
    """Cuts what arrives into messages."""

    def __init__(self) -> None:
        self._waiting = b""
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        while (end := self._waiting.find(_HEAD_END)) >= 0:
            head = self._waiting[:end]
            length = _LENGTH.search(head)
            after = end + len(_HEAD_END) + (int(length[1]) if length is not None else 0)
            if len(self._waiting) < after:
                return
            body, self._waiting = self._waiting[end + len(_HEAD_END) : after], self._waiting[after:]
            self.read(Message(head, body))

    def read(self, message: Message) -> None:
        raise NotImplementedError


class Answering(_Reading):
    """One connection of a server that answers at once."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self._answer = answer

    def read(self, message: Message) -> None:
        method = message.target.rpartition("/")[2]
        body = json.dumps({"ok": True, "result": self._answer(method, message.parameters)}).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self.transport.write(head.encode() + body)


class _Asking(_Reading):
    """One connection of a client: one question at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.answered: asyncio.Future[Message] | None = None

    def read(self, message: Message) -> None:
        if self.answered is not None and not self.answered.done():
            self.answered.set_result(message)

    def connection_lost(self, error: Exception | None) -> None:
        if self.answered is not None and not self.answered.done():
            self.answered.set_exception(error or ConnectionResetError("closed by the server"))


class Client:
    """Keeps its connections; as many as questions under way, but no more than `most`."""

    def __init__(self, port: int, most: int) -> None:
        self._port = port
        self._free: list[_Asking] = []
        self._room = asyncio.Semaphore(most)

    async def ask(
        self, method: str, target: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> Message:
        content = b"" if body is None else json.dumps(body).encode()
        lines = [f"{method} {target} HTTP/1.1", f"Host: 127.0.0.1:{self._port}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        lines += ["Content-Type: application/json", f"Content-Length: {len(content)}", "", ""]
        async with self._room:
            connection = self._free.pop() if self._free else await self._connect()
            connection.answered = asyncio.get_running_loop().create_future()
            connection.transport.write("\r\n".join(lines).encode() + content)
            message = await connection.answered
            self._free.append(connection)
            return message

    def close(self) -> None:
        for connection in self._free:
            connection.transport.close()

    async def _connect(self) -> _Asking:
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(_Asking, "127.0.0.1", self._port)
        return connection


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
