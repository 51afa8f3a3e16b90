"""What is left of somebody in the database: every column of every table, read without our own code."""

import asyncio
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import asyncpg

from storage.database import sqlite_path
from tests.stage import Stage


def traces(stage: Stage, *words: str) -> list[str]:
    """« table.column: value » of each live value that holds one of the words, whatever its case."""
    url = stage.house.settings.database
    values = _of_file(url) if url.startswith("sqlite") else _of_server(url)
    return [found for found in values if any(word.lower() in found.lower() for word in words)]


def in_files(stage: Stage, word: str) -> bool:
    """Whether a copy of SQLite's files as they are would hold the word."""
    path = sqlite_path(stage.house.settings.database)
    return any(word.encode() in one.read_bytes() for one in path.parent.glob(f"{path.name}*"))


def _of_file(url: str) -> Iterator[str]:
    with sqlite3.connect(f"file:{sqlite_path(url)}?mode=ro", uri=True) as connection:
        found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in found.fetchall():
            rows = connection.execute(f'SELECT * FROM "{table}"')
            columns = [column[0] for column in rows.description]
            for row in rows:
                for column, value in zip(columns, row, strict=True):
                    yield f"{table}.{column}: {_readable(value)}"


def _of_server(url: str) -> list[str]:
    with ThreadPoolExecutor(1) as beside:  # the test's loop runs already
        return beside.submit(asyncio.run, _rows(url.replace("+asyncpg", ""))).result()


async def _rows(url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    found = []
    for (table,) in tables:
        for row in await connection.fetch(f'SELECT * FROM "{table}"'):
            found += [f"{table}.{column}: {_readable(value)}" for column, value in row.items()]
    await connection.close()
    return found


def _readable(value: object) -> str:
    """As people would find it: JSON's escapes are letters again."""
    text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
    return text.encode().decode("unicode_escape", "replace") if "\\u" in text else text
