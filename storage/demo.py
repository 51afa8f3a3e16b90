"""Demonstrations: whether a database is one, whether it may become one, and how it is filled at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, func, insert, select, text
from sqlalchemy.orm import Session

from storage.columns import rows_of
from storage.tables import Demonstration, Table

Rows = Mapping[type[Table], Sequence[Mapping[str, Any]]]
"""Rows by their table, in an order in which each finds those that it names."""

BATCH = 2_000
_MACHINERY = frozenset(
    {"referents", "referent_territories", "referent_reach", "secrets", "inbox", "gates", "audit"}
)
"""What a start alone fills; of referents, whoever asks looks for himself."""


def is_one(session: Session) -> bool:
    """Whether this database holds a demonstration."""
    return session.scalar(select(Demonstration.id).limit(1)) is not None


def mark(session: Session, *, seed: int, weeks: int, now: datetime) -> None:
    """Says so for good."""
    session.add(Demonstration(seed=seed, weeks=weeks, made_at=now))
    session.flush()


def filled(session: Session) -> list[str]:
    """The tables that hold something besides what a start puts there."""
    tables = (table for table in Table.metadata.sorted_tables if table.name not in _MACHINERY)
    return [one.name for one in tables if session.execute(select(one).limit(1)).first() is not None]


def count(session: Session, table: type[Table]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def write(session: Session, rows: Rows) -> None:
    """Inserts rows that bring their own numbers; those that are given afterwards come behind them."""
    for table, values in rows.items():
        for first in range(0, len(values), BATCH):
            session.execute(insert(table), values[first : first + BATCH])
    if session.get_bind().dialect.name == "postgresql":
        _count_on(session, rows)


def _count_on(session: Session, tables: Iterable[type[Table]]) -> None:
    """PostgreSQL counts by itself and does not look at what was inserted; SQLite does."""
    for table in tables:
        (key, *more) = rows_of(table).primary_key
        highest = None if more or key.foreign_keys else session.scalar(select(func.max(key)))
        if isinstance(highest, int):
            _set_count(session, table.__tablename__, key, highest)


def _set_count(session: Session, table: str, key: Column[Any], highest: int) -> None:
    given = {"table": table, "key": key.name, "highest": highest}
    session.execute(text("SELECT setval(pg_get_serial_sequence(:table, :key), :highest)"), given)
