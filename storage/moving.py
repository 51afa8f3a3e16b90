"""A whole SQLite database into an empty PostgreSQL one: rows as they are, then the counters of their ids."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, exists, func, insert, literal_column, select, text, update
from sqlalchemy.orm import Session

from storage.base import Table as Base
from storage.sqlite_engine import make_engine

BATCH = 1_000


def filled(session: Session) -> list[str]:
    """The tables that hold something."""
    return [
        table.name
        for table in Base.metadata.sorted_tables
        if session.scalar(select(exists(select(literal_column("1")).select_from(table))))
    ]


def copy_all(source: Path, session: Session) -> int:
    """Copies every table, in an order in which each row finds what it refers to; how many rows."""
    engine, copied = make_engine(source), 0
    try:
        with engine.connect().execution_options(only_reads=True) as connection:
            for table in Base.metadata.sorted_tables:
                copied += _copy(table, connection, session)
    finally:
        engine.dispose()
    return copied


def _copy(table: Table, source: Connection, session: Session) -> int:
    inward, copied = _inward(table), 0
    for rows in _batches(table, source):
        # Who refers to a row of the same table may come before it.
        session.execute(insert(table), [row | dict.fromkeys(inward) for row in rows])
        copied += len(rows)
    for column in inward:
        _refer(table, column, source, session)
    if table.autoincrement_column is not None:
        _count_on(table, session)
    return copied


def _refer(table: Table, column: str, source: Connection, session: Session) -> None:
    (key,) = table.primary_key.columns
    for rows in _batches(table, source):
        for row in rows:
            if row[column] is not None:
                session.execute(update(table).where(key == row[key.name]).values({column: row[column]}))


def _batches(table: Table, source: Connection) -> Iterator[list[dict[str, Any]]]:
    found = source.execute(select(table), execution_options={"yield_per": BATCH})
    for rows in found.mappings().partitions():
        yield [dict(row) for row in rows]


def _inward(table: Table) -> list[str]:
    """Columns that refer to the same table."""
    return [key.parent.name for key in table.foreign_keys if key.column.table is table]


def _count_on(table: Table, session: Session) -> None:
    """Ids are given by a counter, which knows nothing of rows that brought theirs along."""
    column = table.autoincrement_column
    if column is None or session.get_bind().dialect.name != "postgresql":
        return
    highest = session.scalar(select(func.max(column)))
    if highest is not None:
        counter = text("SELECT setval(pg_get_serial_sequence(:table, :column), :highest)")
        session.execute(counter.bindparams(table=table.name, column=column.name, highest=highest))
