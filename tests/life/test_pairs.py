"""Two acts at the same instant, from every state: what comes out is what one after the other gives.

Two transactions of two connections, on SQLite and on PostgreSQL. Each outcome (what the database holds, who
is told what, what was refused) must be that of one order or of the other: nothing is lost, nothing doubled.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from functools import partial
from itertools import combinations_with_replacement

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from bot.library import Library
from handlers.turn import Turn, World
from storage import contacts
from storage.database import Database, open_database
from storage.tables import Table
from tests.life import scene
from tests.life.scene import Seen

PAIRS = tuple(combinations_with_replacement(scene.ACTS, 2))
SHARE = 1 if os.environ.get("SOUFFLEUR_CHAOS") else 10
"""One pair in so many, other ones for each state; all of them with `make chaos`."""
Outcome = tuple[tuple[str, str], Seen]


@pytest.fixture
def around(library: Library) -> World:
    return scene.world(library.base)


@pytest.fixture
async def other(database: Database, database_url: str) -> AsyncIterator[Database]:
    """Another connection to the same database, as of another process."""
    second = open_database(database_url)
    yield second
    await second.close()


@pytest.fixture
def alone() -> Iterator[Session]:
    """A database in memory, for doing one thing after the other."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    Table.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


def test_the_steps_make_all_states_and_no_others() -> None:
    assert set(scene.BEGINNINGS) == {*scene.OPEN, "closed"}
    assert len(PAIRS) == len(scene.ACTS) * (len(scene.ACTS) + 1) // 2


@pytest.mark.timeout(300)
@pytest.mark.parametrize("state", scene.BEGINNINGS)
async def test_two_acts_at_once_come_out_as_one_after_the_other(
    state: str, around: World, database: Database, other: Database, alone: Session
) -> None:
    scene.begin(_turn(alone, around), state)
    contacts.write_down(alone)  # each act will be taken back, and erases people
    await database.write(lambda session: scene.begin(_turn(session, around), state))
    kept = await database.read(scene.keep)
    wrong = []
    for first, second in PAIRS[list(scene.BEGINNINGS).index(state) % SHARE :: SHARE]:
        await database.write(partial(scene.restore, kept=kept))
        done = await asyncio.gather(
            database.write(partial(_act, around, first)), other.write(partial(_act, around, second))
        )
        outcome = (done[0], done[1]), await database.read(scene.seen)
        one_way = _one_after_the_other(alone, around, first, second)
        if outcome != one_way and outcome != _turned(_one_after_the_other(alone, around, second, first)):
            wrong.append((first, second, outcome))
    assert wrong == []


def _one_after_the_other(alone: Session, around: World, first: str, second: str) -> Outcome:
    """What one order gives; nothing of it is kept."""
    with alone.begin_nested() as savepoint:
        done = _act(around, first, alone), _act(around, second, alone)
        outcome = done, scene.seen(alone)
        savepoint.rollback()
    return outcome


def _turned(outcome: Outcome) -> Outcome:
    (first, second), shown = outcome
    return (second, first), shown


def _act(around: World, act: str, session: Session) -> str:
    return scene.do(scene.later(_turn(session, around)), act)


def _turn(session: Session, around: World) -> Turn:
    return Turn(session=session, now=scene.START, world=around)
