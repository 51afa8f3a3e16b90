"""Rows for whatever tables a database has: how data of an old release looks to a migration."""

import warnings
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
)
from sqlalchemy.exc import SAWarning

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
Row = tuple[str, dict[str, Any], dict[str, Any]]
"""A table's name, a row's key and its values."""

_WORDS = {"status": "done", "state": "closed", "kind": "tag", "role": "referent", "channel": "web"}
"""What columns hold whose words matter to the code; JSON columns begin empty."""


def fill(connection: Connection, number: int) -> list[Row]:
    """Puts one row into each table; `number` tells it from those of another time."""
    found = MetaData()
    with warnings.catch_warnings():
        # Tables that point at each other have no order; types of one database are unknown to SQLAlchemy.
        warnings.simplefilter("ignore", SAWarning)
        found.reflect(connection)
        tables = found.sorted_tables
    filled: set[str] = set()
    rows = []
    for table in tables:
        if table.name == "alembic_version" or table.name.startswith("ticket_words_index"):
            continue
        filled.add(table.name)
        values = {
            column.name: _value(connection, column, number)
            for column in table.columns
            if column.computed is None and _may_point(column, filled)
        }
        connection.execute(table.insert().values(values))
        rows.append((table.name, {column.name: values[column.name] for column in table.primary_key}, values))
    return rows


def missing(connection: Connection, rows: list[Row]) -> list[str]:
    """What of these rows is not there any more, as « table.column », or « table » for a whole row."""
    found = MetaData()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        found.reflect(connection)
    return [lost for row in rows for lost in _lost(connection, found.tables[row[0]], *row[1:])]


def _lost(connection: Connection, table: Table, key: dict[str, Any], values: dict[str, Any]) -> list[str]:
    mine = [table.columns[name] == value for name, value in key.items()]
    kept = connection.execute(table.select().where(*mine)).mappings().first()
    if kept is None:
        return [table.name]
    texts = {name: value for name, value in values.items() if isinstance(value, str)}
    return [f"{table.name}.{name}" for name, value in texts.items() if kept.get(name) != value]


def _may_point(column: Column[Any], filled: set[str]) -> bool:
    return all(key.column.table.name in filled for key in column.foreign_keys) or not column.nullable


def _value(connection: Connection, column: Column[Any], number: int) -> Any:
    kind = column.type
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, (DateTime, Date)):
        naive = connection.dialect.name == "sqlite"
        return AT.replace(tzinfo=None) if naive else AT
    if isinstance(kind, (Integer, Float)):
        return number
    if isinstance(kind, LargeBinary):
        return b"x"
    if kind.python_type is dict:
        return {}
    return _WORDS.get(column.name, str(number))
