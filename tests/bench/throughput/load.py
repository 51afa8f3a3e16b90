"""Load: as much as goes through, or a fixed rate whatever comes back."""

import asyncio
import time
from collections.abc import Sequence

from tests.bench.throughput.people import Act


async def full(acts: Sequence[Act], seconds: float, *, after: float) -> tuple[float, int]:
    """Everybody does the next thing once the last was answered: answers a second, and all of them.

    All begin at once, so that in the first moments more is begun than ends: counting begins `after` them.
    """
    begin = time.perf_counter() + after
    end = begin + seconds
    in_time, all_answers = 0, 0

    async def one(act: Act) -> None:
        nonlocal in_time, all_answers
        while time.perf_counter() < end:
            await act()
            in_time += begin < time.perf_counter() <= end
            all_answers += 1

    await asyncio.gather(*map(one, acts))
    return in_time / seconds, all_answers


async def steady(acts: Sequence[Act], rate: float, seconds: float) -> list[float]:
    """Every 1/rate seconds one of those who wait for nothing does something; the seconds of each answer."""
    free: asyncio.Queue[Act] = asyncio.Queue()
    for act in acts:
        free.put_nowait(act)
    times: list[float] = []

    async def one(act: Act, late: float) -> None:
        times.append(await act() + late)
        free.put_nowait(act)

    begin = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(int(rate * seconds)):
            due = begin + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            act = await free.get()
            # Who had to wait until somebody was free waits as part of the answer's time.
            group.create_task(one(act, time.perf_counter() - due))
    return times
