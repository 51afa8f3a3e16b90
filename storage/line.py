"""A connection of its own to PostgreSQL, by which processes tell each other what was committed.

LISTEN and NOTIFY. Signals go after their transaction: within it they would make all commits wait for each
other. What a killed process did not tell any more is found by looking.
"""

from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from storage.database import DatabaseUnavailable

ANSWERS_WITHIN = 5.0
"""Seconds that the server has for whatever is asked here; a silent one is gone."""

_AWAY = (
    DBAPIError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # it hung up in the middle of what was being asked
    OSError,
    TimeoutError,
)


class Line:
    """An open line; what is asked of a broken one ends `open_line` with its exception."""

    def __init__(self, connection: Any, hear: Callable[[str], None], lost: Callable[[], None]) -> None:
        self._connection = connection
        self._hear = hear
        connection.add_termination_listener(lambda _: lost())

    @property
    def broken(self) -> bool:
        return bool(self._connection.is_closed())

    async def listen(self, channels: Collection[str]) -> None:
        for channel in channels:
            await self._connection.add_listener(channel, self._heard)

    async def tell(self, channel: str, words: str) -> None:
        """Whoever listens to the channel hears it; we do not, whatever we listen to."""
        await self._connection.execute("SELECT pg_notify($1, $2)", channel, words, timeout=ANSWERS_WITHIN)

    async def check(self) -> None:
        """Asks whether the server is still there."""
        await self._connection.execute("SELECT 1", timeout=ANSWERS_WITHIN)

    def _heard(self, _: Any, teller: int, __: str, words: str) -> None:
        if teller != self._connection.get_server_pid():
            self._hear(words)


@asynccontextmanager
async def open_line(
    url: str, channels: Collection[str], *, hear: Callable[[str], None], lost: Callable[[], None]
) -> AsyncIterator[Line]:
    """Listens until left; raises DatabaseUnavailable when the server is away, or goes away meanwhile.

    `lost` is called as soon as the server hangs up.
    """
    settings = {"application_name": "souffleur-line"}
    engine = create_async_engine(
        url, poolclass=NullPool, connect_args={"server_settings": settings, "timeout": ANSWERS_WITHIN}
    )
    try:
        async with engine.connect() as connection:
            line = Line((await connection.get_raw_connection()).driver_connection, hear, lost)
            try:
                await line.listen(channels)
                yield line
            finally:
                await connection.invalidate()  # closed without a word: a broken one would take its time
    except _AWAY as error:
        raise DatabaseUnavailable(type(error).__name__) from error
    finally:
        await engine.dispose()
