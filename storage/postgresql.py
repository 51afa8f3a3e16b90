"""PostgreSQL: the same synchronous functions, run through asyncpg by `AsyncSession.run_sync`."""

import time
from collections.abc import Callable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, ExceptionContext, event
from sqlalchemy.exc import DBAPIError, InterfaceError, InvalidatePoolError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session

from storage.database import DatabaseUnavailable, Overtaken, Spoilt

T = TypeVar("T")

RESTED = 1.0
"""Seconds of rest after which a connection is asked whether it still lives: three round trips."""
TRIES = 3
"""A turn that lost a race is run again as a whole, this often in all."""

_RETRIED = {"40001", "40P01", "0A000"}
"""Serialization failures, deadlocks, and statements prepared before a migration changed what they give."""
_OVERTAKEN = {"23503", "23505"}
"""What a row refers to has gone meanwhile, or the one that must be alone was written: seen the next time."""
_AWAY = {"08", "28", "3D", "53", "57", "58"}
"""SQLSTATE classes: connection, login, no such database, resources, operator intervention, system."""
_ELSEWHERE = {"25006", "25P03", "55P03"}
"""A standby that may only be read (after a fail-over), a transaction that idled or waited too long."""
_TIMEOUTS = {
    # Both stay below the leases: a stuck transaction must end before somebody else takes its item over.
    "statement_timeout": "20000",
    "idle_in_transaction_session_timeout": "20000",
}


class PostgresqlDatabase:
    """See `storage.database`."""

    dialect = "postgresql"

    def __init__(self, url: str, *, connections: int = 20, patience: float = 10.0) -> None:
        """`patience`: seconds that a turn waits for a free one of the `connections`."""
        self._engine = create_async_engine(
            url,
            pool_size=connections // 2,
            max_overflow=connections - connections // 2,
            pool_timeout=patience,
            hide_parameters=True,  # errors are logged, and parameters hold what people wrote
            connect_args={"server_settings": _TIMEOUTS, "timeout": 5},
        )
        _prove_rested(self._engine.sync_engine)
        _keep_nothing_spoilt(self._engine.sync_engine)
        # Each statement sees what is committed by then, as in a transaction of ours: two round trips less.
        self._reading = self._engine.execution_options(isolation_level="AUTOCOMMIT")

    async def write(self, work: Callable[[Session], T], *, soon: bool = True) -> T:
        return await self._run(self._engine, work)

    async def read(self, work: Callable[[Session], T]) -> T:
        return await self._run(self._reading, work)

    async def close(self) -> None:
        await self._engine.dispose()

    async def _run(self, engine: AsyncEngine, work: Callable[[Session], T]) -> T:
        for tries_left in reversed(range(TRIES)):
            try:
                async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
                    return await session.run_sync(work)
            except Overtaken:
                if not tries_left:
                    raise
            except (DBAPIError, OSError, TimeoutError, PoolTimeout) as error:
                if not tries_left or _sqlstate(error) not in _RETRIED | _OVERTAKEN:
                    raise _translated(error) from error
        raise AssertionError("unreachable")


def _prove_rested(engine: Engine) -> None:
    """Connections that died while nobody used them are replaced when they are taken, not met in a turn."""

    @event.listens_for(engine, "checkin")
    def rests(_connection: Any, record: Any) -> None:
        record.info["rests_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def taken(connection: Any, record: Any, _proxy: Any) -> None:
        since = record.info.get("rests_since")
        if since is None:
            return  # it is new
        if connection.driver_connection.is_closed() or (
            time.monotonic() - since > RESTED and not _lives(engine, connection)
        ):
            raise InvalidatePoolError


def _keep_nothing_spoilt(engine: Engine) -> None:
    """What a turn bore is told at its end: PostgreSQL would call it committed, and has kept nothing of it."""
    borne: WeakKeyDictionary[Connection, DBAPIError] = WeakKeyDictionary()

    @event.listens_for(engine, "handle_error")
    def fails(context: ExceptionContext) -> None:
        if context.connection is not None and isinstance(context.sqlalchemy_exception, DBAPIError):
            borne[context.connection] = context.sqlalchemy_exception

    @event.listens_for(engine, "rollback_savepoint")
    def mended(connection: Connection, _name: str, _context: None) -> None:
        borne.pop(connection, None)

    @event.listens_for(engine, "commit")
    def ends(connection: Connection) -> None:
        error = borne.pop(connection, None)
        if error is not None:
            raise error if _away(error) else Spoilt(type(error).__name__) from error


def _lives(engine: Engine, connection: Any) -> bool:
    try:
        return bool(engine.dialect.do_ping(connection))
    except engine.dialect.loaded_dbapi.Error as error:
        if engine.dialect.is_disconnect(error, connection, None):
            return False
        raise


def _sqlstate(error: Exception) -> str | None:
    return getattr(getattr(error, "orig", None), "sqlstate", None)


def _translated(error: Exception) -> Exception:
    if isinstance(error, DBAPIError) and not _away(error):
        return error
    return DatabaseUnavailable(type(error).__name__)


def _away(error: DBAPIError) -> bool:
    """Whether the connection or the server failed, rather than the statement."""
    if error.connection_invalidated or isinstance(error, (OperationalError, InterfaceError)):
        return True  # asyncpg's own errors have no state
    state = _sqlstate(error) or ""
    return state in _RETRIED | _ELSEWHERE or state[:2] in _AWAY
