"""Turns a second of the writer thread: one message in, an answer said, all in one transaction."""

import asyncio
import tempfile
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.library import Library
from handlers.delivery import say
from handlers.turn import Turn, World
from storage import contacts, migrations, queue, transcript
from storage.database import open_database
from storage.sqlite import SqliteDatabase
from tests.bench.results import Results

TURNS = 2_000


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
