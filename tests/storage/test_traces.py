"""What was erased is in none of SQLite's files once it is committed, as soon as nobody reads."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from storage import queue, traces
from storage.database import Database, open_database
from storage.sqlite_engine import make_engine
from storage.tables import InboxItem
from tests.schema import lay
from tests.storage.passing import NOW


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "souffleur.db"


@pytest.fixture
async def house(file: Path) -> AsyncIterator[Database]:
    url = f"sqlite:///{file}"
    await lay(url)
    database = open_database(url)
    yield database
    await database.close()


def _say(session: Session, word: str) -> None:
    queue.put(session, key=word, lane="web:1", payload={"text": word}, now=NOW)


def _erase(session: Session, *, everywhere: bool = True) -> None:
    session.execute(delete(InboxItem))
    if everywhere:
        traces.leave_none(session)


async def _held(house: Database, file: Path, word: str) -> bool:
    await house.write(lambda session: None)  # what comes after a commit is done when the next one is
    return any(word.encode() in one.read_bytes() for one in file.parent.glob(f"{file.name}*"))


async def test_an_erased_word_leaves_the_journal_at_once(house: Database, file: Path) -> None:
    await house.write(lambda session: _say(session, "xylophone"))
    assert await _held(house, file, "xylophone")
    await house.write(lambda session: _erase(session, everywhere=False))
    assert await _held(house, file, "xylophone"), "or each commit would write everything twice"
    await house.write(_erase)
    assert not await _held(house, file, "xylophone")


async def test_a_reader_in_the_way_is_not_waited_for_and_not_forgotten(house: Database, file: Path) -> None:
    await house.write(lambda session: _say(session, "xylophone"))
    engine = make_engine(file)
    with engine.connect().execution_options(only_reads=True) as reader:
        assert reader.exec_driver_sql("SELECT count(*) FROM inbox").scalar_one() == 1
        await house.write(_erase)
        assert await _held(house, file, "xylophone")
        await house.write(lambda session: _say(session, "others go on"))
    engine.dispose()
    await house.write(lambda session: _say(session, "and on"))  # the one before it may have met the reader
    assert not await _held(house, file, "xylophone")


async def test_a_turn_that_fails_does_not_keep_others_from_it(house: Database, file: Path) -> None:
    def fails(session: Session) -> None:
        _erase(session)
        raise ZeroDivisionError

    await house.write(lambda session: _say(session, "xylophone"))
    with pytest.raises(ZeroDivisionError):
        await house.write(fails)
    assert await _held(house, file, "xylophone")
    await house.write(_erase)
    assert not await _held(house, file, "xylophone")
