"""What goes wrong with Telegram: it refuses, is slow, loses answers, repeats itself, tells nonsense."""

import copy
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from tests.durability.scene import Scene

Nemesis = Callable[[Scene], Awaitable[None]]


async def some(
    scene: Scene, fault: str, *, method: str = "sendMessage", most: int = 4, value: float = 1
) -> None:
    """The next few calls go wrong."""
    times = scene.chance.randint(1, most)
    scene.telegram.fail(method, fault, value=value, times=times)
    if fault in MAY_HAVE_ARRIVED or (fault == "slow" and value > LONGEST_CALL):
        scene.under_way += times
    await scene.a_moment(0.5)


async def all_of_them(scene: Scene, fault: str, *, method: str = "*", seconds: float = 1) -> None:
    """All calls go wrong for a while."""
    scene.telegram.fail(method, fault, times=None)
    await scene.outage(seconds)
    scene.telegram.mend()


async def repeats(scene: Scene) -> None:
    """Updates of the past come once more, in any order."""
    past = scene.telegram.updates.past[-40:]
    for update in scene.chance.sample(past, min(len(past), 8)):
        scene.telegram.inject(copy.deepcopy(update))


async def unreadable(scene: Scene) -> None:
    """An update that nobody can read, from the chat of somebody who is talking."""
    chat = next(one for one in scene.cast.people if one.who.startswith("telegram:"))
    broken = {"message_id": "seven", "date": "hier", "chat": {"id": int(chat.who[9:]), "type": "private"}}
    _inject(scene, {"message": broken | {"text": []}})
    scene.parked += 1


async def unknown(scene: Scene) -> None:
    """Kinds of update that we never heard of, and fields of years to come."""
    _inject(scene, {"telepathy": {"from": {"id": 1}, "thought": "?"}})
    _inject(scene, {"poll_answer": {"poll_id": "1", "option_ids": [0]}})


def _inject(scene: Scene, content: dict[str, Any]) -> None:
    number = scene.telegram.updates.next_id
    scene.telegram.updates.next_id += 1
    scene.telegram.inject({"update_id": number} | content)


MAY_HAVE_ARRIVED = frozenset({"reset_after", "html", "truncated", "no_result", "odd_result"})
LONGEST_CALL = 20.0
"""Seconds that a send waits for its answer."""
NEMESES: Mapping[str, Nemesis] = {
    "429": partial(some, fault="429", most=2),
    "429, for 0 s": partial(some, fault="429", value=0),
    "5xx": partial(all_of_them, fault="502"),
    "late answers": partial(some, fault="slow", value=1.5),
    "reset before": partial(some, fault="reset_before"),
    "reset after": partial(some, fault="reset_after"),
    "200 with HTML": partial(some, fault="html"),
    "200 cut short": partial(some, fault="truncated"),
    "401": partial(all_of_them, fault="401", seconds=0.5),
    "409": partial(some, fault="409", method="getUpdates"),
    "repeated updates": repeats,
    "unreadable update": unreadable,
    "unknown updates": unknown,
}
LONG: Mapping[str, Nemesis] = {
    "429, for 30 s": partial(some, fault="429", value=30, most=1),
    "5xx for a minute": partial(all_of_them, fault="500", seconds=60),
    "answers after the time-out": partial(some, fault="slow", value=LONGEST_CALL + 2, most=2),
}
"""The same so long that the short form cannot wait for it."""
