"""A small knowledge base, a fake Telegram, and logs that do not cost more than what they tell of."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from tests.durability.subjects import Subjects
from tests.fake_telegram import FakeTelegram


@pytest.fixture(autouse=True)
def _plain_tracebacks() -> Iterator[None]:
    """As in production: structlog's default shows all local variables, which takes seconds for ours."""
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, plain])
    yield
    structlog.reset_defaults()


@pytest.fixture
def subjects(tmp_path: Path) -> Subjects:
    return Subjects(tmp_path / "content")


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as telegram:
        yield telegram
