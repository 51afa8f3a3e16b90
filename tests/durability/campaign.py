"""One installation lived in and harmed by a plan, until it has been left in peace and is judged."""

import asyncio
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from storage.database import open_database
from storage.migrations import migrate
from tests.durability import desk, parts, turned
from tests.durability.cast import Cast
from tests.durability.checker import judge
from tests.durability.crew import by_webhook, crew
from tests.durability.gathering import gather
from tests.durability.history import History, Verdict
from tests.durability.ledger import empty, unfinished
from tests.durability.nemeses import ALL, MACHINE
from tests.durability.scene import Scene
from tests.durability.subjects import Subjects
from tests.fake_telegram import FakeTelegram
from tests.postgres import Postgres

LONGEST_REST = 150.0
"""Seconds until a house that was left in peace is given up."""


@dataclass(frozen=True, slots=True)
class Case:
    """How the program is run."""

    mode: str
    database: str
    commands: tuple[str, ...] = ("run",)

    def __str__(self) -> str:
        return f"{self.mode}-{self.database}-{'-'.join(self.commands)}"

    def suits(self, nemesis: str) -> bool:
        """Whether this can happen here at all."""
        needs = {
            "409": self.mode == "polling",
            "disk full": self.database == "sqlite",
            "database stopped": self.database == "postgresql",
            "database killed": self.database == "postgresql",
        }
        return needs.get(nemesis, True)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a campaign came to."""

    history: History
    verdict: Verdict
    tally: Counter[str]
    seconds: float
    log: str

    @property
    def wrong(self) -> str:
        """What is wrong, with the end of the logs; empty when nothing is."""
        if not self.verdict.violations:
            return ""
        return "\n".join((*self.verdict.violations, self.log[-3000:]))


def plan(case: Case, chance: random.Random, often: dict[str, int]) -> list[tuple[str, ...]]:
    """The nemeses of each round: each as often as told, some of them two at a time."""
    harm = [name for name, times in often.items() for _ in range(times) if case.suits(name)]
    chance.shuffle(harm)
    rounds: list[tuple[str, ...]] = []
    while harm:
        one = harm.pop()
        meets = [other for other in harm if (one in MACHINE) != (other in MACHINE)]
        if meets and chance.random() < 0.3:
            harm.remove(other := chance.choice(meets))
            rounds.append((one, other))
        else:
            rounds.append((one,))
    return rounds


Progress = Callable[[Counter[str]], None]


async def campaign(
    case: Case,
    often: dict[str, int],
    *,
    seed: int,
    folder: Path,
    server: Postgres | None = None,
    length: float = 1.0,
    clock: bool = False,
    progress: Progress = lambda _tally: None,
) -> Outcome:
    """Runs `case` through a plan drawn from `seed`; `length` stretches the outages."""
    began, subjects, chance = time.monotonic(), Subjects(folder / "content"), random.Random(seed)
    rounds = plan(case, chance, often)
    async with AsyncExitStack() as stack:
        url = await _new_database(case, seed, folder, server)
        scene = await _open(stack, case, url, folder, subjects.folder, chance)
        scene.server = server if case.database == "postgresql" else None
        scene.clock = turned.prepare(scene.house, folder) if clock else None
        scene.length = length
        await _live(scene, rounds, progress)
        history = await gather(
            scene.cast,
            scene.database,
            subjects,
            in_frozen_hands=scene.in_frozen_hands,
            expected_unfinished={"parked": scene.parked} if scene.parked else {},
            copies_allowed=scene.under_way,
            quiet_after=await _rest(scene),
        )
        # One that still reads its modules is ended by the signal itself: it has nothing in hand.
        stopped = [code for code, _ in await scene.house.stop() if code not in (0, -signal.SIGTERM)]
        log = scene.house.errors()
    ended = [f"a process ended by itself: exit code {code}" for code in scene.ended]
    ended += [f"a process did not stop cleanly: exit code {code}" for code in stopped]
    verdict = judge(history)
    verdict = replace(verdict, other=(*verdict.other, *ended))
    return Outcome(history, verdict, scene.tally, time.monotonic() - began, log)


async def _new_database(case: Case, seed: int, folder: Path, server: Postgres | None) -> str:
    """Of our schema, with two referents in it; its URL."""
    url = f"sqlite:///{folder / 'souffleur.db'}"
    if case.database == "postgresql":
        assert server is not None
        url = server.create(f"chaos_{case.mode}_{len(case.commands)}_{seed}")
    await migrate(url)
    database = open_database(url)
    await database.write(desk.hire)
    await database.close()
    return url


async def _open(
    stack: AsyncExitStack, case: Case, url: str, folder: Path, content: Path, chance: random.Random
) -> Scene:
    """A house that has not been started, before a Telegram; both end with the stack."""
    database = open_database(url)
    stack.push_async_callback(database.close)
    telegram = await stack.enter_async_context(FakeTelegram())
    settings = by_webhook(url, telegram.url, content) | {"BOT_TELEGRAM_MODE": case.mode}
    house = await stack.enter_async_context(crew(folder / "house", *case.commands, **settings))
    house.set("BOT_PUBLIC_URL", house.url)
    cast = Cast(telegram, house.url, random.Random(chance.random()))
    stack.push_async_callback(cast.leave)
    return Scene(house, telegram, database, cast, chance)


async def _live(scene: Scene, rounds: list[tuple[str, ...]], progress: Progress) -> None:
    """People come, and once the house is lived in it is harmed, round after round."""
    await scene.revive()
    async with asyncio.TaskGroup() as group:
        for part in _parts(scene.cast):
            group.create_task(part)
        await scene.cast.until(lambda: any(acts.done for acts in scene.cast.demands.values()))
        for round_ in rounds:
            await asyncio.gather(*(ALL[name](scene) for name in round_))
            await scene.revive()
            scene.tally.update(round_)
            progress(scene.tally)
            await scene.a_moment(0.4)
        scene.telegram.mend()
        scene.cast.over.set()


def _parts(cast: Cast) -> Iterator[Coroutine[Any, Any, None]]:
    """Who is there, and how often they say something."""
    yield desk.works_on_telegram(cast)
    yield desk.works_in_the_console(cast, every=0.7)
    for number in range(3):
        yield parts.chats(cast, 1001 + number, every=0.5)
    for number in range(2):
        yield parts.asks(cast, 1101 + number, every=0.3)
    yield parts.hesitates(cast, 1151, every=0.5)
    yield parts.leaves(cast, 1201)
    yield parts.moves(cast, 1301, 2301)
    yield parts.browses(cast, every=3)
    yield parts.asks_on_the_web(cast, every=1)


async def _restless(scene: Scene) -> list[str]:
    """What is left in the queues of a house that finds no rest, who works there, and what they said."""
    told = [f"no rest within {LONGEST_REST} s; {scene.telegram.updates.waiting} updates wait at Telegram"]
    told += [f"{name}: {'works' if one.alive else 'ended'}" for name, one in scene.house.running.items()]
    told += await scene.database.read(unfinished)
    return [*told, scene.house.errors()[-3000:]]


async def _rest(scene: Scene) -> float:
    """Waits until nothing is left to do; seconds since the first call that succeeded again."""
    await scene.leases_end()
    peace = time.monotonic()
    while scene.telegram.updates.waiting or not await scene.database.read(empty):
        if time.monotonic() > peace + LONGEST_REST:
            raise AssertionError("\n".join(await _restless(scene)))
        await asyncio.sleep(0.1)  # other processes work: they tell us nothing
    calls = (
        c.at for c in scene.telegram.history if c.delivered and c.at > peace and c.method.startswith("send")
    )
    return time.monotonic() - next(calls, time.monotonic())
