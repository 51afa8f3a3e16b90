"""Bytes of a question in the database, from the day it was asked until only the log knows of it.

People write by Telegram to a whole house, one question of the examples each. In a second run they hand it
over, too, and a referent replies and closes. The file is measured compact (`VACUUM INTO`, `VACUUM FULL`):
what free pages hold is used again. Tables and indexes are in it, keys and receipts, too.
"""

import asyncio
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import asyncpg

from bot.library import Library
from handlers import retention
from storage import backups
from storage.database import sqlite_path
from tests.actors import TelegramCitizen
from tests.bench.results import Results
from tests.postgres import Postgres
from tests.scenarios.desk import Colleague, appoint, asks_for_a_human
from tests.stage import Stage, open_stage

PEOPLE = 200
AGES: Mapping[str, int] = {
    "the same day": 0,
    "after 10 days, without the queue's keys": 10,
    "after 40 days, without the conversation": 30,
    "after 9 months, without the ticket's words": 235,
    "after 14 months, without the question's text": 150,
}
"""Days that pass before each measurement."""


async def measure(library: Library, results: Results) -> None:
    examples = library.base.examples
    texts = [example.text for example in examples[:: len(examples) // PEOPLE]][:PEOPLE]
    server = Postgres()
    try:
        for kind in ("SQLite", "PostgreSQL"):
            bytes_of = {}
            for ticket in (False, True):
                url_of = _sqlite if kind == "SQLite" else _postgresql(server, f"size_{ticket}".lower())
                bytes_of[ticket] = await _measured(library, url_of, texts, ticket=ticket)
            rows = [(age, f"{bytes_of[False][age]:,.0f}", f"{bytes_of[True][age]:,.0f}") for age in AGES]
            results.add(
                f"Bytes of a question ({kind}, {PEOPLE} people)", ["age", "answered", "handed over"], rows
            )
    finally:
        server.close()


async def _measured(
    library: Library, url_of: Callable[[Path], str], texts: list[str], *, ticket: bool
) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="souffleur-bench-") as name:
        folder = Path(name)
        url = url_of(folder)
        async with open_stage(url, folder, library) as stage:
            camille = await appoint(stage, "Camille Martin", territories="25", national=True, role="admin")
            await stage.turn(retention.schedule)
            empty = await _size(url, folder)
            for text in texts:
                await _one(stage, camille, text, ticket=ticket)
            found = {}
            for age, days in AGES.items():
                await stage.later(days=days)
                found[age] = (await _size(url, folder) - empty) / len(texts)
            return found


async def _one(stage: Stage, camille: Colleague, text: str, *, ticket: bool) -> None:
    person = TelegramCitizen(stage)
    await person.says_and_waits(text)
    if ticket:
        number = await asks_for_a_human(person, "Besançon")
        await camille.writes(f"/prendre {number}")
        await camille.writes(f"/repondre {number} Bonjour, votre dossier est débloqué depuis ce matin.")
        await camille.writes(f"/clore {number}")


async def _size(url: str, folder: Path) -> int:
    if url.startswith("sqlite"):
        copy = folder / "copy.db"
        await asyncio.to_thread(backups.copy, sqlite_path(url), copy)
        size = copy.stat().st_size
        copy.unlink()
        return size
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        await connection.execute("VACUUM FULL")
        # Our tables with their indexes; not the catalogue, that grows by statistics about them.
        ours = "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relnamespace = "
        return int(await connection.fetchval(f"{ours} 'public'::regnamespace"))
    finally:
        await connection.close()


def _sqlite(folder: Path) -> str:
    return f"sqlite:///{folder / 'bench.db'}"


def _postgresql(server: Postgres, name: str) -> Callable[[Path], str]:
    return lambda _folder: server.create(name)
