"""What every test may ask for: the shipped content, a database of each kind, a whole house."""

import asyncio
import gc
import itertools
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.library import Library
from storage import migrations
from storage.database import Database, open_database
from tests.clock import Clock
from tests.mail.server import MailServer
from tests.memory import memory
from tests.postgres import Postgres
from tests.schema import lay
from tests.shelf import FOLDER, shipped
from tests.stage import Stage, open_stage
from tests.statements import share_statements

share_statements()
RARELY = (50_000, 20, 100)
"""How many objects more until garbage is looked for, and how seldom among the older ones."""
LONGEST = ("durability", "life", "cli")
"""Folders with tests that start whole programs or try many ways."""
_NAMES = (f"test_{number}" for number in itertools.count())
KINDS = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))


def pytest_configure() -> None:
    if (folder := memory()) is not None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))
    gc.set_threshold(*RARELY)


def pytest_collection_finish() -> None:
    """Modules and tests stay to the end: looking through them for garbage took a seventh of the time."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest come first: one that began last would leave the other cores idle."""
    items.sort(key=lambda item: item.path.parent.name not in LONGEST)


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("BOT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("BOT_CACHE_DIR", str(FOLDER))


@pytest.fixture(scope="session")
def library() -> Library:
    """The shipped content, with its matcher built."""
    library = shipped()
    library.find("", None, None)
    return library


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    server = Postgres(within=memory())
    yield server
    server.close()


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database, empty unless `database` is asked for too: each test runs on both kinds."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'souffleur.db'}"
    elif "database" in request.fixturenames:
        yield request.getfixturevalue("postgresql_url")
    else:
        server: Postgres = request.getfixturevalue("postgres")
        url = server.create(next(_NAMES))
        yield url
        server.drop(url)


@pytest.fixture(scope="session")
def migrated(postgres: Postgres) -> str:
    """A database of our schema that is only copied: quicker than migrating each one."""
    asyncio.run(migrations.migrate(postgres.create("migrated")))
    return "migrated"


@pytest.fixture
def postgresql_url(postgres: Postgres, migrated: str) -> Iterator[str]:
    """A database of our schema on PostgreSQL."""
    url = postgres.create(next(_NAMES), like=migrated)
    yield url
    postgres.drop(url)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The same, brought to our schema."""
    if database_url.startswith("sqlite"):
        await lay(database_url)
    database = open_database(database_url)
    yield database
    await database.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stage_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """SQLite; PostgreSQL too for what is marked `both_databases`."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return f"sqlite:///{tmp_path / 'souffleur.db'}"
    url: str = request.getfixturevalue("postgresql_url")
    return url


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.definition.get_closest_marker("both_databases") is not None:
        metafunc.parametrize("stage_url", KINDS, indirect=True)


@pytest.fixture
async def stage(stage_url: str, tmp_path: Path, library: Library) -> AsyncIterator[Stage]:
    """A whole house, with a fake Telegram before it."""
    async with open_stage(stage_url, tmp_path, library) as stage:
        yield stage


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    """A real SMTP server on a loopback port, that refuses on demand."""
    async with MailServer() as server:
        yield server
