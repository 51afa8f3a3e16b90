"""The week's pack over a year of questions, national and of one territory, on both databases."""

import random
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, closing
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Index, insert, select, text
from sqlalchemy.orm import Session

from bot.library import Library
from handlers import pack_places
from handlers.pack import pack
from handlers.turn import Turn, World
from handlers.week import Week
from knowledge.entries import KnowledgeBase
from storage.columns import rows_of
from storage.database import Database, open_database
from storage.tables import Question, Ticket
from tests.bench.results import Results
from tests.postgres import Postgres
from tests.schema import lay

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
YEAR = timedelta(days=364)
SIZES = (10_000, 1_000_000)
TIMES = 7
CASES: Sequence[tuple[str | None, bool]] = ((None, False), (None, True), ("25", False), ("25", True))
"""Everywhere and one territory, without quotations and with them."""
_NAMES = {False: "figures", True: "with quotes"}
_BATCH = 10_000
_OUTCOMES = ("answer",) * 6 + ("propose", "handoff", "human", "out_of_scope")
_AUDIENCES = ("jeune", "relais", "partenaire", "collectivite", None)
Row = dict[str, Any]


async def measure(library: Library, results: Results) -> None:
    """Both sizes in one run, asked in turns, so that a busy moment falls on both."""
    rows: list[list[str]] = []
    seconds: dict[str, list[float]] = {f"{size:,} questions": [] for size in SIZES}
    for kind in ("sqlite", "postgresql"):
        async with AsyncExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="souffleur-bench-"))
            server = stack.enter_context(closing(Postgres())) if kind == "postgresql" else None
            databases = [await _filled(stack, library.base, folder, server, size) for size in SIZES]
            for code, quoting in CASES:
                taken = await _in_turns(databases, library.base, code, quoting=quoting)
                for size, best in zip(seconds, taken, strict=True):
                    seconds[size].append(best)
                cells = [f"{best * 1000:.0f}" for best in taken]
                rows.append(
                    [kind, code or "everywhere", _NAMES[quoting], *cells, f"{taken[-1] / taken[0]:.1f}"]
                )
    columns = ["database", "place", "pack", *(f"{size}, ms" for size in seconds), "ratio"]
    results.add(f"The week's pack, best of {TIMES}", columns, rows)
    results.plot_pairs("week", "The week's pack", [", ".join(row[:3]) for row in rows], seconds)


async def _filled(
    stack: AsyncExitStack, base: KnowledgeBase, folder: str, server: Postgres | None, size: int
) -> Database:
    """A database with a year of so many questions, until the stack is left."""
    url = f"sqlite:///{folder}/{size}.db" if server is None else server.create(f"week_{size}")
    await lay(url)
    database = open_database(url)
    stack.push_async_callback(database.close)
    await _fill(database, base, size)
    return database


async def _in_turns(
    databases: Sequence[Database], base: KnowledgeBase, code: str | None, *, quoting: bool
) -> list[float]:
    """The best time of each."""
    world = World(knowledge=base, timezone=ZoneInfo("Europe/Paris"), public_url="http://127.0.0.1")

    def make(session: Session) -> int:
        turn = Turn(session=session, now=NOW, world=world)
        place = pack_places.territory(turn, code) if code is not None else pack_places.everywhere(turn)
        assert place is not None
        return pack(turn, Week(2026, 48), place, quoting=quoting).whole.total

    times: list[list[float]] = [[] for _ in databases]
    for _ in range(TIMES):
        for database, taken in zip(databases, times, strict=True):
            begin = time.perf_counter()
            assert await database.read(make) > 0
            taken.append(time.perf_counter() - begin)
    return [min(taken) for taken in times]


async def _fill(database: Database, base: KnowledgeBase, size: int) -> None:
    """A year of questions, one in five with a demand: made once, and copied by the database itself."""
    chance = random.Random(_BATCH)  # the same year each time
    codes = [territory.code for territory in base.territories.all()]
    ids = list(base.entries)
    phrasings = [phrase for entry in base.entries.values() for phrase in entry.phrasings]
    questions = [_question(chance, codes, phrasings, ids, number) for number in range(1, _BATCH + 1)]
    tickets = [_ticket(chance, one) for one in questions if one["ticket_number"] is not None]
    await database.write(partial(_write, questions=questions, tickets=tickets))
    await database.write(lambda session: _each_index(session, Index.drop))
    for copy in range(1, size // _BATCH):
        await database.write(partial(_copy, copy=copy))
    await database.write(lambda session: _each_index(session, Index.create))
    await database.write(lambda session: session.execute(text("ANALYZE")))


def _question(
    chance: random.Random,
    codes: Sequence[str],
    phrasings: Sequence[str],
    ids: Sequence[str],
    number: int,
) -> Row:
    outcome = chance.choice(_OUTCOMES)
    answered = outcome == "answer"
    return {
        "id": number,
        "asked_at": NOW - YEAR * ((_BATCH - number) / _BATCH),
        "text": chance.choice(phrasings),
        "audience": chance.choice(_AUDIENCES),
        "territory": chance.choice(codes),
        "channel": "web",
        "candidates": [],
        "outcome": outcome,
        "entry_id": chance.choice(ids) if answered else None,
        "knowledge_hash": "0",
        "feedback": chance.choice(("yes", "no", None, None)) if answered else None,
        "ticket_number": number if outcome in ("handoff", "human") else None,
    }


def _ticket(chance: random.Random, question: Row) -> Row:
    opened = question["asked_at"]
    replied = opened + timedelta(hours=chance.expovariate(1 / 20))
    return {
        "number": question["ticket_number"],
        "state": "closed",
        "territory": question["territory"],
        "stage": "first",
        "opened_at": opened,
        "first_reply_at": replied,
        "closed_at": replied + timedelta(hours=chance.expovariate(1 / 60)),
        "solution": chance.choice(("confirmed", "assumed")),
        "heard_id": 0,
    }


def _copy(session: Session, *, copy: int) -> None:
    """The same year again, under other numbers."""
    for table, keys in ((Question, ("id", "ticket_number")), (Ticket, ("number",))):
        rows = rows_of(table)
        values = [one + copy * _BATCH if one.name in keys else one for one in rows.c]
        first = select(*values).where(rows.c[keys[0]] <= _BATCH)
        session.execute(insert(table).from_select([one.name for one in rows.c], first))


def _each_index(session: Session, what: Callable[[Index, Connection], None]) -> None:
    """Takes the indexes away while much is written, or makes them again: a tenth of the time."""
    for table in (Question, Ticket):
        for index in rows_of(table).indexes:
            what(index, session.connection())


def _write(session: Session, *, questions: list[Row], tickets: list[Row]) -> None:
    session.execute(insert(Question), questions)
    session.execute(insert(Ticket), tickets)
