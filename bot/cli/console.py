"""How the command line speaks: results to stdout, all else to stderr."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from rich.console import Console
from rich.table import Table

from bot.app import House
from bot.config import Settings, load_settings
from bot.library import Library
from bot.logs import set_up
from handlers.turn import Turn
from knowledge.matching import Matcher
from storage import migrations
from storage.database import open_database

T = TypeVar("T")

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def fail(heading: str, lines: Iterable[str], *, code: int) -> int:
    """Says what is wrong, on stderr, and gives the exit code."""
    err.print(heading, markup=False)
    for line in lines:
        err.print(f"  {line}", markup=False)
    return code


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    shown = Table(title=title, title_justify="left")
    for column in columns:
        shown.add_column(column)
    for row in rows:
        shown.add_row(*(str(cell) for cell in row))
    # What is piped into a file or another program must not be folded to a screen that is not there.
    console = out if out.is_terminal else Console(highlight=False, width=250)
    console.print(shown)


def matcher_of(library: Library) -> Matcher:
    """The matcher; says so when it must be made first."""
    if library.learnt:
        return library.matcher
    with err.status("The content is new: learning it (a minute or two, once for each version)…"):
        return library.matcher


def ready_settings() -> Settings:
    """Settings read and logs set up; raises SettingsError."""
    settings = load_settings()
    set_up(settings.log_level, settings.log_format)
    return settings


def with_house(work: Callable[[House], Coroutine[Any, Any, T]]) -> T:
    """Runs a command on the database, brought to our schema first."""

    async def go() -> T:
        async with _opened(ready_settings()) as house:
            return await work(house)

    return asyncio.run(go())


def with_turn(work: Callable[[Turn], T]) -> T:
    """The same for a command that is a single turn."""
    return with_house(lambda house: house.turn(work))


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[House]:
    await migrations.migrate(settings.database)
    database = open_database(settings.database)
    try:
        yield House(
            settings=settings, database=database, library=Library(settings.knowledge_dir, settings.shelf)
        )
    finally:
        await database.close()
