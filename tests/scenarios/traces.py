"""What is left of somebody in the database: every column of every table, read without our own code."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from tests.stage import Stage


def traces(stage: Stage, *words: str) -> list[str]:
    """« table.column: value » of each live value that holds one of the words, whatever its case."""
    path = Path(stage.house.settings.data_dir) / "souffleur.db"
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        return [
            found for found in _values(connection) if any(word.lower() in found.lower() for word in words)
        ]


def _values(connection: sqlite3.Connection) -> Iterator[str]:
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        rows = connection.execute(f'SELECT * FROM "{table}"')
        columns = [column[0] for column in rows.description]
        for row in rows:
            for column, value in zip(columns, row, strict=True):
                yield f"{table}.{column}: {_readable(value)}"


def _readable(value: object) -> str:
    """As people would find it: JSON's escapes are letters again."""
    text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
    return text.encode().decode("unicode_escape", "replace") if "\\u" in text else text
