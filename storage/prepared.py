"""Statements that each turn needs, compiled once; on SQLite its driver runs them by itself.

SQLAlchemy takes ten times as long as SQLite for a statement that finds its row by a key. What it compiles,
and how it writes and reads values, is its own here too; only the way there is shorter.

Values that never change stand in the statement as they are. SQLite compares parameters too with the
conditions of partial indexes, and prepares a statement anew, for up to half a millisecond, whenever one is
bound that decides whether such an index may be used (`sqlite3VdbeSetVarmask`).
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

from sqlalchemy import BindParameter, Connection, Delete, Dialect, Insert, Select, Update, literal_column
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.sql import visitors
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.schema import CallableColumnDefault, ScalarElementColumnDefault

Statement = Delete | Insert | Select[Any] | Update
Values = Mapping[str, Any]
Process = Callable[[Any], Any] | None
"""What SQLAlchemy does with a value on its way to the driver, or back."""


_WAY = "prepared.way"


class Found(Protocol):
    """What a statement came to."""

    @property
    def rowcount(self) -> int:
        """Rows that were changed or deleted."""
        ...

    def first(self) -> Any: ...
    def all(self) -> Sequence[Any]: ...
    def scalar(self) -> Any: ...


class Prepared:
    """A statement on tables, with named values and without lists of them."""

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._plans: dict[tuple[str, ...], _Plan] = {}

    def __call__(self, session: Session, values: Values) -> Found:
        """Raises what SQLAlchemy raises."""
        driver = _driver(session)
        if driver is None:
            return cast(Found, session.execute(self._statement, values))
        return self._plan(session, values).run(driver, values)

    def many(self, session: Session, rows: Sequence[Values]) -> None:
        """Once for each of `rows`, which have the same names; of what it comes to nothing is told."""
        driver = _driver(session)
        if rows and driver is not None:
            self._plan(session, rows[0]).run_many(driver, rows)
        elif rows:
            session.execute(self._statement, rows)

    def _plan(self, session: Session, values: Values) -> "_Plan":
        names = tuple(values)
        plan = self._plans.get(names)
        if plan is None:
            plan = self._plans[names] = _planned(self._statement, names, session.connection().dialect)
        return plan


@dataclass(frozen=True, slots=True)
class _Plan:
    """A statement as the driver takes it."""

    sql: str
    dialect: Dialect
    fixed: Values
    """Values that stand in the statement itself, and defaults of columns."""
    made: tuple[tuple[str, Callable[[None], Any]], ...]
    """Defaults that are made anew each time."""
    given: tuple[tuple[str, Process], ...]
    read: tuple[Process, ...]
    row: Callable[..., Any]

    def run(self, driver: sqlite3.Connection, values: Values) -> Found:
        parameters = self._parameters(values)
        try:
            cursor = driver.execute(self.sql, parameters)
            rows = cursor.fetchall() if self.read else []
        except sqlite3.Error as error:
            raise self._translated(error, parameters) from error
        return _Rows([self._row(row) for row in rows], cursor.rowcount)

    def run_many(self, driver: sqlite3.Connection, rows: Sequence[Values]) -> None:
        parameters = [self._parameters(values) for values in rows]
        try:
            driver.executemany(self.sql, parameters)
        except sqlite3.Error as error:
            raise self._translated(error, parameters) from error

    def _parameters(self, values: Values) -> tuple[Any, ...]:
        whole = {**self.fixed, **values}
        for name, make in self.made:
            whole[name] = make(None)
        return tuple(
            [whole[name] if process is None else process(whole[name]) for name, process in self.given]
        )

    def _row(self, row: Sequence[Any]) -> Any:
        return self.row(
            *[
                value if process is None else process(value)
                for value, process in zip(row, self.read, strict=True)
            ]
        )

    def _translated(self, error: sqlite3.Error, parameters: Any) -> Exception:
        return DBAPIError.instance(
            self.sql, parameters, error, sqlite3.Error, hide_parameters=True, dialect=self.dialect
        )


@dataclass(frozen=True, slots=True)
class _Rows:
    rows: list[Any]
    rowcount: int

    def first(self) -> Any:
        return self.rows[0] if self.rows else None

    def all(self) -> Sequence[Any]:
        return self.rows

    def scalar(self) -> Any:
        return self.rows[0][0] if self.rows else None


@dataclass(frozen=True, slots=True)
class _Way:
    """Where statements go while a session is in this transaction, and in this savepoint."""

    transaction: SessionTransaction | None
    savepoint: SessionTransaction | None
    driver: sqlite3.Connection | None


def _driver(session: Session) -> sqlite3.Connection | None:
    """SQLite's own connection, if it may be asked."""
    way: _Way | None = session.info.get(_WAY)
    if (
        way is None
        or way.transaction is not session.get_transaction()
        or way.savepoint is not session.get_nested_transaction()
    ):
        # The session begins its transaction, or its savepoint, when it is asked for its connection.
        driver = _short(session.connection())
        way = _Way(session.get_transaction(), session.get_nested_transaction(), driver)
        session.info[_WAY] = way
    return way.driver


def _short(connection: Connection) -> sqlite3.Connection | None:
    """None where somebody listens to what SQLAlchemy runs."""
    if connection.dialect.name != "sqlite" or connection.dispatch.before_cursor_execute:
        return None
    return cast(sqlite3.Connection, connection.connection.dbapi_connection)


def _planned(statement: Statement, names: tuple[str, ...], dialect: Dialect) -> _Plan:
    columns = list(names) if isinstance(statement, Insert) else None
    compiled = _with_literals(statement, dialect).compile(dialect=dialect, column_keys=columns)
    if compiled.positiontup is None or compiled.post_compile_params or compiled.update_prefetch:
        raise NotImplementedError("lists of values and defaults of updates are SQLAlchemy's")
    found = list(statement.exported_columns) if compiled.effective_returning or _reads(statement) else []
    defaults = list(_defaults(compiled))
    return _Plan(
        sql=compiled.string,
        dialect=dialect,
        fixed=compiled.params | {name: value for name, value, made in defaults if not made},
        made=tuple((name, make) for name, make, made in defaults if made),
        given=tuple(
            (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
            for name in compiled.positiontup
        ),
        read=tuple(one.type.dialect_impl(dialect).result_processor(dialect, None) for one in found),
        row=namedtuple("Row", [str(one.key) for one in found]),  # its columns are known only here
    )


def _with_literals(statement: Statement, dialect: Dialect) -> Statement:
    """The same with the values that never change written out."""

    def written(element: Any, **_: Any) -> Any:
        if not isinstance(element, BindParameter) or element.required or element.expanding:
            return None
        literal = element.type.dialect_impl(dialect).literal_processor(dialect)
        return None if literal is None else literal_column(literal(element.value), element.type)

    return cast(Statement, visitors.replacement_traverse(statement, {}, written))


def _reads(statement: Statement) -> bool:
    return isinstance(statement, Select)


def _defaults(compiled: SQLCompiler) -> Iterator[tuple[str, Any, bool]]:
    """What columns that are not given get: the value, or what makes it."""
    for column in compiled.insert_prefetch:
        default = column.default
        if not isinstance(default, ScalarElementColumnDefault | CallableColumnDefault):
            raise NotImplementedError(f"{column}: this kind of default is SQLAlchemy's")
        yield column.key, default.arg, default.is_callable
