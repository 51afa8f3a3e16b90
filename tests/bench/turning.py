"""Turns of the writer thread: how many a second, and what a hand-over costs beside an answer."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.library import Library
from handlers import escalation
from handlers.delivery import say
from handlers.talk import Talk
from handlers.turn import Turn, World
from storage import contacts, migrations, queue, transcript
from storage.database import open_database
from storage.sqlite import SqliteDatabase
from tests.bench.results import Results

TURNS = 2_000
HAND_OVERS = 200


async def measure(library: Library, results: Results) -> None:
    rows = []
    world = World(knowledge=library.base, timezone=ZoneInfo("Europe/Paris"), public_url="http://127.0.0.1")
    for waiting in (1, 8, 64):
        with tempfile.TemporaryDirectory(prefix="souffleur-bench-") as folder:
            url = f"sqlite:///{Path(folder) / 'bench.db'}"
            await migrations.migrate(url)
            database = open_database(url)
            assert isinstance(database, SqliteDatabase)
            rate = await _rate(database, world, waiting)
            await database.close()
        rows.append((waiting, f"{rate:.0f}"))
    alone = float(rows[0][1])
    table = [(waiting, rate, f"{float(rate) / alone:.1f} ×") for waiting, rate in rows]
    results.add(
        "Writer thread (SQLite, synchronous=FULL)", ["turns that wait", "turns/s", "beside one"], table
    )

    await _compared(world, results)


async def _compared(world: World, results: Results) -> None:
    """By turns in one run: whoever comes behind a hand-over waits as long as that takes."""
    with tempfile.TemporaryDirectory(prefix="souffleur-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        await migrations.migrate(url)
        database = open_database(url)
        spent: dict[str, list[float]] = {"an answer": [], "a hand-over, to the national desk": []}
        for number in range(HAND_OVERS):
            turns = partial(_turn, world, 0, number), partial(_hand_over, world, number)
            for times, turn in zip(spent.values(), turns, strict=True):
                times.append(await database.write(partial(_timed, turn)))
        await database.close()
    rows = [(name, f"{1000 * statistics.median(times):.2f}") for name, times in spent.items()]
    results.add("Turns of the writer thread, without their commit", ["turn", "CPU ms (median)"], rows)


def _timed(work: Callable[[Session], object], session: Session) -> float:
    """Seconds of processor time in the writing thread."""
    start = time.thread_time()
    work(session)
    return time.thread_time() - start


async def _rate(database: SqliteDatabase, world: World, waiting: int) -> float:
    start = time.perf_counter()

    async def one(lane: int) -> None:
        for number in range(TURNS // waiting):
            await database.write(partial(_turn, world, lane, number))

    await asyncio.gather(*(one(lane) for lane in range(waiting)))
    return TURNS / (time.perf_counter() - start)


def _turn(world: World, lane: int, number: int, session: Session) -> None:
    turn = Turn(session=session, now=datetime.now(UTC), world=world)
    contact = contacts.at(session, f"web:{lane}", now=turn.now)
    queue.put(session, key=f"{lane}:{number}", lane=contact.address, payload={"n": number}, now=turn.now)
    transcript.add(session, contact, author="visitor", text="bonjour", at=turn.now)
    say(turn, contact, "help")


def _hand_over(world: World, number: int, session: Session) -> None:
    """Somebody asks for a person, and says that they do not know where they are."""
    turn = Turn(session=session, now=datetime.now(UTC), world=world)
    contact, talk = contacts.at(session, f"web:asker-{number}", now=turn.now), Talk()
    escalation.hand_over(turn, contact, talk, question_id=None, theme=None)
    escalation.set_territory(turn, contact, talk, None)
