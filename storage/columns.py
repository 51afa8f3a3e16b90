"""Column types and SQL expressions that both databases understand alike."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    DateTime,
    Dialect,
    Float,
    Insert,
    Integer,
    Select,
    Table,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

from storage.prepared import Prepared

# SQLite numbers rows by itself only in a column that is exactly INTEGER.
RowId = BigInteger().with_variant(Integer, "sqlite")

# A plain JSON column would store None as the JSON word null, which `IS NULL` does not find.
Document = JSON(none_as_null=True)


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes, stored in UTC. A naive one is refused with ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without time zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class database_now(FunctionElement[int]):
    """The database's clock, in milliseconds since 1970: leases and gates must not trust ours."""

    type = BigInteger()
    inherit_cache = True


class seconds_between(FunctionElement[float]):
    """Seconds from one moment to a later one."""

    type = Float()
    inherit_cache = True


class usually(FunctionElement[bool]):
    """A condition that most rows hold: SQLite, which keeps no figures, goes by another index then."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> "usually":
        """As it is: « = 1 » behind it would hide the condition from the planner."""
        return self


def insert_once(session: Session, table: Any, key: str, /, **values: Any) -> bool:
    """Inserts a row unless one with the same `key` is there; False then. Of two at once one does it."""
    statement = _inserting_once(session.get_bind().dialect.name, rows_of(table), key, told=True)
    return statement(session, values).first() is not None


def insert_all_once(session: Session, table: Any, key: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts rows in their order, but those with a `key` that is there."""
    _inserting_once(session.get_bind().dialect.name, rows_of(table), key, told=False).many(session, rows)


def insert_or_change(
    session: Session, table: Any, keys: tuple[str, ...], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Inserts rows; where one with the same `keys` is there, it gets their other values instead."""
    _inserting_or_changing(session.get_bind().dialect.name, rows_of(table), keys).many(session, rows)


def rows_of(table: Any) -> Table:
    """The table itself: statements on it take a fraction of the time, and touch no loaded object."""
    rows: Table = table.__table__
    return rows


def chosen_once(ids: Select[int]) -> Select[int]:
    """A choice of rows with a LIMIT and locks, to be used as a subquery of an UPDATE.

    Without the WITH, PostgreSQL may choose anew for each row it looks at and so take more than the LIMIT.
    """
    return select(ids.cte("chosen").c[0])


@compiles(database_now, "sqlite")
def _sqlite_now(element: database_now, compiler: SQLCompiler, **_: Any) -> str:
    return "steady_now()"  # given to each connection by `storage.sqlite_engine`


@compiles(database_now, "postgresql")
def _postgresql_now(element: database_now, compiler: SQLCompiler, **_: Any) -> str:
    return "CAST(extract(epoch from clock_timestamp()) * 1000 AS BIGINT)"


@compiles(seconds_between, "sqlite")
def _sqlite_between(element: seconds_between, compiler: SQLCompiler, **more: Any) -> str:
    start, end = (compiler.process(one, **more) for one in element.clauses)
    return f"((julianday({end}) - julianday({start})) * 86400.0)"


@compiles(seconds_between, "postgresql")
def _postgresql_between(element: seconds_between, compiler: SQLCompiler, **more: Any) -> str:
    start, end = (compiler.process(one, **more) for one in element.clauses)
    return f"CAST(extract(epoch from ({end} - {start})) AS DOUBLE PRECISION)"


@compiles(usually, "sqlite")
def _sqlite_usually(element: usually, compiler: SQLCompiler, **more: Any) -> str:
    return f"likely({compiler.process(element.clauses, **more)})"


@compiles(usually, "postgresql")
def _postgresql_usually(element: usually, compiler: SQLCompiler, **more: Any) -> str:
    return f"({compiler.process(element.clauses, **more)})"


@cache
def _inserting_once(dialect: str, rows: Table, key: str, *, told: bool) -> Prepared:
    """`told`: with the key as the result, where it was inserted."""
    statement: Insert = _insert(dialect, rows).on_conflict_do_nothing(index_elements=[key])
    return Prepared(statement.returning(rows.c[key]) if told else statement)


@cache
def _inserting_or_changing(dialect: str, rows: Table, keys: tuple[str, ...]) -> Prepared:
    insert = _insert(dialect, rows)
    others = {column.key: insert.excluded[column.key] for column in rows.c if column.key not in keys}
    return Prepared(insert.on_conflict_do_update(index_elements=list(keys), set_=others))


def _insert(dialect: str, rows: Table) -> Any:
    return sqlite.insert(rows) if dialect == "sqlite" else postgresql.insert(rows)
