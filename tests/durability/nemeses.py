"""What befalls the machine: processes die or freeze, the database goes, the disk is full, clocks jump.

Each nemesis strikes once and puts right what it did, but for what the house has to put right itself.
"""

import asyncio
import resource
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from bot.delivering import DOUBTED
from tests.durability import bad_telegram, turned
from tests.durability.scene import Scene

Nemesis = Callable[[Scene], Awaitable[None]]
HOUR = 3600
LONGEST_WAIT = 10.0
"""Seconds until one strikes although nothing is sent."""


async def kill(scene: Scene) -> None:
    """kill -9 of one process or of all, at a random moment; now and then again while it starts."""
    names = scene.house.names
    killed = names if scene.chance.random() < 0.3 else (scene.chance.choice(names),)
    await _strikes(scene)
    await scene.house.kill(*(name for name in killed if name in scene.house.running))
    await _take_over(scene)
    if scene.chance.random() < 0.2:
        await scene.house.begin()
        await scene.a_moment(1.5)
        await scene.house.kill(*(name for name in killed if name in scene.house.running))
        await _take_over(scene)


async def freeze(scene: Scene) -> None:
    """SIGSTOP for longer than the leases, then SIGCONT: others took over, the zombie must not finish."""
    name = scene.chance.choice(scene.house.names)
    await _strikes(scene)
    process = scene.house.running[name]
    process.freeze()
    ending = asyncio.create_task(scene.leases_end())
    try:
        while not (await asyncio.wait((ending,), timeout=2))[0]:
            # It was frozen while it wrote: nobody could take over now, so it is let go on a little.
            process.thaw()
            await asyncio.sleep(0.2)
            process.freeze()
        # Only who was away for long can know that it was: a lease lasts a minute.
        await asyncio.sleep(DOUBTED + 0.1)
        await scene.outage(0.5)
    finally:
        process.thaw()
        scene.in_frozen_hands |= await ending


async def kill_matching(scene: Scene) -> None:
    """kill -9 of the processes that match for ours, while texts may be with them."""
    await _strikes(scene)
    for process in scene.house.running.values():
        process.kill_matching()


async def stop_database(scene: Scene) -> None:
    """PostgreSQL is stopped as for an upgrade, and started again."""
    assert scene.server is not None
    await _strikes(scene)
    await asyncio.to_thread(scene.server.stop)
    await scene.outage(0.7)
    await asyncio.to_thread(scene.server.start)
    await scene.leases_end()


async def kill_database(scene: Scene) -> None:
    """kill -9 of PostgreSQL's first process; the others follow it."""
    assert scene.server is not None
    await _strikes(scene)
    await asyncio.to_thread(scene.server.kill)
    await scene.outage(0.5)
    await asyncio.to_thread(scene.server.start)
    await scene.leases_end()


async def fill_disk(scene: Scene) -> None:
    """No file can grow: for the database, its log of writes and our own log as on a full disk."""
    (process,) = scene.house.running.values()
    before = resource.prlimit(process.id, resource.RLIMIT_FSIZE)
    resource.prlimit(process.id, resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        await scene.outage(1)
    finally:
        if process.alive:
            resource.prlimit(process.id, resource.RLIMIT_FSIZE, before)
    await scene.leases_end()


async def turn_clock(scene: Scene) -> None:
    """The computer's clock jumps by an hour, and later back."""
    assert scene.clock is not None
    turned.turn(scene.clock, scene.chance.choice((HOUR, -HOUR)))
    await scene.outage(3)
    turned.turn(scene.clock, 0)


async def _strikes(scene: Scene) -> None:
    """Waits for a moment that hurts: now, or just when some more messages have been sent."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LONGEST_WAIT):
            for _ in range(scene.chance.choice((0, 1, 2, 4, 8))):
                await scene.telegram.something_sent()
    await scene.a_moment(0.05)


async def _take_over(scene: Scene) -> None:
    """PostgreSQL's leases run on; on a file they are void at the next start."""
    if scene.server is not None:
        await scene.leases_end()
    else:
        await scene.note_sends()


MACHINE: Mapping[str, Nemesis] = {
    "kill -9": kill,
    "freeze": freeze,
    "matching killed": kill_matching,
    "database stopped": stop_database,
    "database killed": kill_database,
    "disk full": fill_disk,
    "clock jump": turn_clock,
}
"""One of these at a time; Telegram may misbehave meanwhile."""
ALL: Mapping[str, Nemesis] = {**MACHINE, **bad_telegram.NEMESES, **bad_telegram.LONG}
