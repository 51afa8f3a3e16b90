"""What an update costs as the question log grows from a thousand rows to a million."""

import tempfile
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from bot.library import Library
from knowledge.masking import mask
from storage import migrations
from storage.database import Database, open_database
from storage.tables import Contact, Question
from tests.bench.results import Results
from tests.bench.throughput import programs
from tests.bench.throughput.figures import Figures
from tests.bench.throughput.run import Run
from tests.bench.throughput.telegram import open_telegram

PEOPLE = {"buttons": 100, "questions": 100}
"""Enough for the cost of an update; as much as goes through is not asked here."""
SIZES = (1_000, 10_000, 100_000, 1_000_000)
ROUNDS = 3
ASKED_BY_ONE = 4
_BATCH = 20_000
_BEGAN = datetime(2025, 1, 1, tzinfo=UTC)


async def measure(library: Library, results: Results) -> None:
    """A database of each size, each with its program, in turns: processor time, which noise moves least."""
    library.find("", None, None)  # learnt now: the programs take it from the shelf
    examples = [example.text for example in library.base.examples]
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="souffleur-bench-")))
        telegram = await stack.enter_async_context(open_telegram())
        started = {}
        for size in SIZES:
            here = folder / str(size)
            here.mkdir()
            await _filled(here, size, [mask(example) for example in examples])
            started[size] = await stack.enter_async_context(programs.on_sqlite(telegram, here))
        run = Run(telegram, examples, PEOPLE)
        costs = {workload: {size: Figures() for size in SIZES} for workload in ("buttons", "questions")}
        for workload, figures in costs.items():
            for _ in range(ROUNDS):
                for size in SIZES:
                    await run.round(started[size], workload, figures[size])
    _report(results, costs)


def _report(results: Results, costs: dict[str, dict[int, Figures]]) -> None:
    cost = {name: [sum(of.cost.values()) for of in found.values()] for name, found in costs.items()}
    rows = [
        (f"{size:,}", *(f"{ms[at]:.2f} ({ms[at] / ms[0]:.2f} ×)" for ms in cost.values()))
        for at, size in enumerate(SIZES)
    ]
    columns = ["questions in the log", *(f"{name}, CPU ms for each update" for name in cost)]
    results.add("Cost of an update as the question log grows, SQLite", columns, rows)
    results.plot_lines("growth", "Cost of an update as the question log grows", SIZES, cost)


async def _filled(folder: Path, size: int, texts: list[str]) -> None:
    """The database of a house that was asked `size` questions, four by each person."""
    url = f"sqlite:///{folder / 'sqlite' / 'souffleur.db'}"
    await migrations.migrate(url)
    database: Database = open_database(url)
    for first in range(1, size + 1, _BATCH):
        last = min(first + _BATCH - 1, size)
        await database.write(partial(_write, first=first, last=last, texts=texts))
    await database.write(lambda session: session.execute(text("ANALYZE")))
    await database.close()


def _write(session: Session, *, first: int, last: int, texts: list[str]) -> None:
    people = range((first - 1) // ASKED_BY_ONE + 1, (last - 1) // ASKED_BY_ONE + 2)
    known = [_person(number) for number in people if (number - 1) * ASKED_BY_ONE + 1 >= first]
    if known:
        session.execute(insert(Contact.__table__), known)  # type: ignore[arg-type]
    session.execute(
        insert(Question.__table__),  # type: ignore[arg-type]
        [_question(number, texts[number % len(texts)]) for number in range(first, last + 1)],
    )


def _person(number: int) -> dict[str, Any]:
    address = {"address": f"telegram:{9_000_000 + number}", "state": {}, "last_seq": 8}
    return {"id": number, **address, "created_at": _BEGAN, "seen_at": _BEGAN}


def _question(number: int, asked: str) -> dict[str, Any]:
    return {
        "id": number,
        "contact_id": (number - 1) // ASKED_BY_ONE + 1,
        "asked_at": _BEGAN + timedelta(seconds=20 * number),
        "text": asked,
        "channel": "telegram",
        "candidates": [{"id": "account-create", "score": 83.1}, {"id": "amount-by-age", "score": 41.7}],
        "outcome": ("answer", "propose", "handoff")[number % 3],
        "entry_id": "account-create",
        "knowledge_hash": "0" * 16,
    }
