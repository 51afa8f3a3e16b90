"""Both queues, on each kind of database."""

import pytest

from storage.database import Database
from tests.storage.inbox import Inbox
from tests.storage.postbox import Outbox


@pytest.fixture
def inbox(database: Database) -> Inbox:
    return Inbox(database)


@pytest.fixture
def box(database: Database) -> Outbox:
    return Outbox(database)
