"""What can go wrong on demand: the next call of a method answers, or doesn't, as the fault says."""

import asyncio
import json
import socket
import struct
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Fault:
    """`delivered`: whether the call takes effect; `wait`: seconds before the answer."""

    delivered: bool = False
    wait: float = 0.0
    status: int = 200
    body: str | None = None
    reset: bool = False


def refusal(status: int, description: str, **parameters: int) -> Fault:
    """An answer as the Bot API refuses things."""
    answer: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        answer["parameters"] = parameters
    return Fault(status=status, body=json.dumps(answer))


def too_many(seconds: float = 1) -> Fault:
    return refusal(429, f"Too Many Requests: retry after {int(seconds)}", retry_after=int(seconds))


def slow(seconds: float = 1) -> Fault:
    """Delivered at once, answered late."""
    return Fault(delivered=True, wait=seconds)


FAULTS: dict[str, Callable[[float], Fault]] = {
    "400": lambda _: refusal(400, "Bad Request: something is wrong"),
    "chat_not_found": lambda _: refusal(400, "Bad Request: chat not found"),
    "cannot_parse": lambda _: refusal(400, "Bad Request: can't parse entities: unexpected end"),
    "migrated": lambda chat: refusal(
        400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=int(chat)
    ),
    "401": lambda _: refusal(401, "Unauthorized"),
    "403": lambda _: refusal(403, "Forbidden: bot was blocked by the user"),
    "404": lambda _: refusal(404, "Not Found"),
    "409": lambda _: refusal(409, "Conflict: terminated by other getUpdates request"),
    "413": lambda _: Fault(status=413, body="<html>Request Entity Too Large</html>"),
    "429": too_many,
    "500": lambda _: refusal(500, "Internal Server Error"),
    "502": lambda _: Fault(status=502, body="<html><h1>502 Bad Gateway</h1></html>"),
    "proxy_403": lambda _: Fault(status=403, body="<html>Access denied by the proxy</html>"),
    "slow": slow,
    "reset_before": lambda _: Fault(reset=True),
    "reset_after": lambda _: Fault(delivered=True, reset=True),
    "html": lambda _: Fault(delivered=True, body="<html>Welcome to the captive portal</html>"),
    "truncated": lambda _: Fault(delivered=True, body='{"ok":true,"result":{"message_id":12,"da'),
    "no_result": lambda _: Fault(delivered=True, body='{"ok":true}'),
    "odd_result": lambda _: Fault(delivered=True, body='{"ok":true,"result":{"nothing":"known"}}'),
}


def fault(name: str, value: float = 1) -> Fault:
    """A fault by name; `value` is its seconds (429, slow) or the new chat (migrated)."""
    return FAULTS[name](value)


class FaultQueue:
    """Faults that wait for the next calls of their method; `*` is any method."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Fault]] = defaultdict(deque)
        self._standing: dict[str, Fault] = {}

    def add(self, method: str, fault: Fault, times: int | None) -> None:
        if times is None:
            self._standing[method] = fault
        else:
            self._waiting[method].extend([fault] * times)

    def clear(self) -> None:
        self._waiting.clear()
        self._standing.clear()

    def next(self, method: str) -> Fault | None:
        for name in (method, "*"):
            if self._waiting[name]:
                return self._waiting[name].popleft()
        return self._standing.get(method) or self._standing.get("*")


async def answer(request: web.Request, fault: Fault, answered: web.Response | None) -> web.Response:
    """The faulty answer; `answered` is the good one, if the call took effect."""
    await asyncio.sleep(fault.wait)
    if fault.reset:
        _reset(request)
    if fault.body is None:
        return answered or web.Response(status=fault.status)
    kind = "application/json" if fault.body.startswith("{") else "text/html"
    return web.Response(status=fault.status, text=fault.body, content_type=kind)


def _reset(request: web.Request) -> None:
    transport = request.transport
    if transport is not None:
        # No lingering: the other end gets a reset, not an orderly end.
        transport.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
        transport.abort()
