"""Whole rows as the session's objects, read the short way: for what each turn asks for.

The session's own reading takes three times as long, most of it to build a statement and to find out what of
an object a row holds; here that is known.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import RowMapping, Select, bindparam, inspect, select, update
from sqlalchemy.orm import Mapper, Session, make_transient_to_detached
from sqlalchemy.orm.attributes import instance_dict, set_committed_value

from storage.columns import rows_of
from storage.prepared import Prepared, Values

T = TypeVar("T")


class WholeRows(Generic[T]):
    """A choice of whole rows of a table, prepared: on the table itself, with named values, without lists.

    As with the session's own queries, what it has not written yet is written before.
    """

    def __init__(self, entity: type[T], statement: Select[Any]) -> None:
        self._entity = entity
        self._choice = Prepared(statement)

    def __call__(self, session: Session, values: Values) -> list[T]:
        session.flush()
        rows = self._choice(session, values).all()
        return [as_read(session, self._entity, row._asdict()) for row in rows]


def by_key(session: Session, entity: type[T], key: Any) -> T | None:
    """The row with this key, as the session holds it or else as it is read.

    What `session.get` does, for what each turn asks for: that one builds its statement anew each time.
    """
    table: Any = entity
    loaded: T | None = session.identity_map.get(_identity(cast(Any, entity), key))
    if loaded is not None:
        if not inspect(loaded).expired_attributes:
            return loaded
        with session.no_autoflush:
            return session.scalar(select(entity).where(rows_of(table).c[_key_of(table)] == key))
    return _read(session, entity, key)


def read_again(session: Session, entity: type[T], key: Any) -> None:
    """What the session holds of a row that a statement has changed is what stands there by now.

    What it had not written yet of it is forgotten.
    """
    if _identity(cast(Any, entity), key) in session.identity_map:
        _read(session, entity, key)


def set_at_once(session: Session, row: Any, name: str, value: Any) -> None:
    """Writes one column of a row that the session holds, without a flush of all that it holds."""
    (key,), entity = inspect(row).identity, type(row)
    _setting(cast(Any, entity), name)(session, {"key": key, "value": value})
    set_committed_value(row, name, value)


def as_read(session: Session, entity: type[T], values: Mapping[str, Any] | RowMapping) -> T:
    """The object of a row whose every column is known, as if the session had read it.

    For what each turn needs: the session's own reading and writing take two and three times as long. What
    was not written yet of an object that the session holds already is forgotten.
    """
    known, table = dict(values), cast(Any, entity)
    loaded: T | None = session.identity_map.get(_identity(table, known[_key_of(table)]))
    if loaded is not None:
        for name, value in known.items():
            set_committed_value(loaded, name, value)
        return loaded
    row = entity()
    instance_dict(row).update(known)
    make_transient_to_detached(row)
    session.add(row)
    return row


def _read(session: Session, entity: type[T], key: Any) -> T | None:
    row = _of_key(cast(Any, entity))(session, {"key": key}).first()
    return as_read(session, entity, row._asdict()) if row is not None else None


@cache
def _mapper_of(entity: Any) -> Mapper[Any]:
    mapper: Mapper[Any] = inspect(entity)
    return mapper


def _identity(entity: Any, key: Any) -> Any:
    return _mapper_of(entity).identity_key_from_primary_key((key,))


@cache
def _key_of(entity: Any) -> str:
    (key,) = _mapper_of(entity).primary_key
    return str(key.key)


@cache
def _setting(entity: Any, name: str) -> Prepared:
    rows = rows_of(entity)
    return Prepared(
        update(rows).where(rows.c[_key_of(entity)] == bindparam("key")).values({name: bindparam("value")})
    )


@cache
def _of_key(entity: Any) -> Prepared:
    # On the table, so that nothing is flushed before: whoever asks for a row by its key wants what is there.
    rows = rows_of(entity)
    return Prepared(select(rows).where(rows.c[_key_of(entity)] == bindparam("key")))
