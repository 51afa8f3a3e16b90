"""What a sender tells the worker after trying to deliver one outbox item.

A sender returns a `Receipt` or raises a `DeliveryError`; the class alone decides what happens to the item:

    DeliveryError
    ├── Refused       never deliverable as it is: parked with its reason, shown to its author
    ├── Unreachable   nobody is there any more: the address is closed, the author is told
    ├── Moved         same people, other address: rewritten, sent at once
    ├── Paused        asked to slow down: the gate of `scope` closes for `seconds`; not an attempt
    ├── Unavailable   certainly not delivered, nothing wrong with the item: wait and send again
    ├── Overtaken     certainly not delivered, and in somebody else's hands: left to them
    └── Uncertain     perhaps delivered: send again with the same reply parameters, a copy is possible

Reasons are for operators: they never hold a token, an URL or a person's words.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Trouble = Literal["network", "token", "conflict", "setup"]
"""Why nothing can be delivered now: the way there, a rejected token, another receiver, a wrong setting."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Delivered; `external_id` is the channel's own id of the message, when it has one."""

    external_id: str | None = None


class DeliveryError(Exception):
    """The item was not, or perhaps not, delivered. `reason` is short and free of secrets."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Refused(DeliveryError):
    """The channel will never take this item; `code` is its status, when it gave one."""

    def __init__(self, reason: str, code: int | None = None) -> None:
        super().__init__(reason)
        self.code = code


class Unreachable(DeliveryError):
    """The person blocked us, left, or never existed."""


class Moved(DeliveryError):
    """The conversation goes on at `new_address` (`telegram:-100…`)."""

    def __init__(self, new_address: str) -> None:
        super().__init__("conversation moved")
        self.new_address = new_address


class Paused(DeliveryError):
    """The channel asks for `seconds` of silence (at least 1) on everything of `scope`."""

    def __init__(self, seconds: float, scope: str) -> None:
        super().__init__(f"asked to wait {seconds:g} s")
        self.seconds = seconds
        self.scope = scope


class Unavailable(DeliveryError):
    """Certainly not delivered; `kind` says what an operator should look at."""

    def __init__(self, reason: str, kind: Trouble = "network") -> None:
        super().__init__(reason)
        self.kind = kind


class Overtaken(DeliveryError):
    """Somebody else has it in hand by now."""


class Uncertain(DeliveryError):
    """Something left, and no readable answer came back."""


class Sender(Protocol):
    """Delivers one message by one channel, or raises a `DeliveryError` that says what to do."""

    async def deliver(self, lane: str, payload: dict[str, Any], *, repeated: bool) -> Receipt: ...


_look: ContextVar[Callable[[], Awaitable[None]] | None] = ContextVar("_look", default=None)


@contextmanager
def looking_back(look: Callable[[], Awaitable[None]]) -> Iterator[None]:
    """Whoever sends meanwhile looks whether they still should: see `still_ours`."""
    token = _look.set(look)
    try:
        yield
    finally:
        _look.reset(token)


async def still_ours() -> None:
    """To be asked just before the first byte leaves; raises `Overtaken`."""
    look = _look.get()
    if look is not None:
        await look()
