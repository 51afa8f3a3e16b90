"""How many statements and commits an update takes, counted in this process on both databases."""

import asyncio
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.library import Library
from tests.actors import TelegramCitizen
from tests.bench.results import Results
from tests.postgres import Postgres
from tests.stage import Stage, open_stage

TIMES = 5
REST = 0.3
QUESTION = "comment annuler une réservation de livre ?"
_AROUND = re.compile(r"BEGIN|SAVEPOINT|RELEASE|ROLLBACK|COMMIT")


async def measure(library: Library, results: Results, postgres: Postgres) -> None:
    rows = []
    with tempfile.TemporaryDirectory(prefix="souffleur-bench-") as folder:
        urls = {"SQLite": f"sqlite:///{folder}/statements.db", "PostgreSQL": postgres.create("statements")}
        for name, url in urls.items():
            async with open_stage(url, Path(folder), library) as stage:
                rows += [(name, *row) for row in await _counted(stage)]
    columns = ["database", "update", "statements", "transactions"]
    results.add("Statements for one update alone, from its arrival to its receipt", columns, rows)


async def _counted(stage: Stage) -> list[tuple[str, str, str]]:
    """Means over a few of a button and of a question that is answered at once."""
    citizen = TelegramCitizen(stage)
    await citizen.says("/start")
    await citizen.says(QUESTION)
    rows = []
    for workload in ("button", "question"):
        with _counting() as seen:
            for _ in range(TIMES):
                if workload == "button":
                    citizen.person.press(
                        0, on=next(one for one in reversed(citizen.person.heard()) if one.buttons)
                    )
                else:
                    citizen.person.write(QUESTION)
                await citizen.person.next_message()
                await asyncio.sleep(REST)  # looking whether the receipt is written would count too
        rows.append((workload, f"{seen['statement'] / TIMES:.0f}", f"{seen['commit'] / TIMES:.0f}"))
    return rows


@contextmanager
def _counting() -> Iterator[Counter[str]]:
    seen: Counter[str] = Counter()

    def statement(_c: Any, _cursor: Any, text: str, *_: Any) -> None:
        seen["statement"] += _AROUND.match(text) is None

    def commit(_: Any) -> None:
        seen["commit"] += 1

    event.listen(Engine, "before_cursor_execute", statement)
    event.listen(Engine, "commit", commit)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", statement)
        event.remove(Engine, "commit", commit)
