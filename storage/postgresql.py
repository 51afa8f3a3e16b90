"""PostgreSQL: the same synchronous functions, run through asyncpg by `AsyncSession.run_sync`."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session

from storage.database import DatabaseUnavailable, Overtaken

T = TypeVar("T")

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
            pool_pre_ping=True,
            pool_size=connections // 2,
            max_overflow=connections - connections // 2,
            pool_timeout=patience,
            hide_parameters=True,  # errors are logged, and parameters hold what people wrote
            connect_args={"server_settings": _TIMEOUTS, "timeout": 5},
        )

    async def write(self, work: Callable[[Session], T]) -> T:
        for tries_left in reversed(range(TRIES)):
            try:
                async with AsyncSession(self._engine, expire_on_commit=False) as session, session.begin():
                    return await session.run_sync(work)
            except Overtaken:
                if not tries_left:
                    raise
            except (DBAPIError, OSError, TimeoutError, PoolTimeout) as error:
                if not tries_left or _sqlstate(error) not in _RETRIED | _OVERTAKEN:
                    raise _translated(error) from error
        raise AssertionError("unreachable")

    async def read(self, work: Callable[[Session], T]) -> T:
        return await self.write(work)

    async def close(self) -> None:
        await self._engine.dispose()


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
