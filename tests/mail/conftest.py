"""A real SMTP server on a loopback port, that refuses on demand."""

from collections.abc import AsyncIterator

import pytest

from tests.mail.server import MailServer


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with MailServer() as server:
        yield server
