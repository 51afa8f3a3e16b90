"""Work that threads do for loops: brought back in order, and not lost on anybody who is gone."""

import asyncio
import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from storage.database import DatabaseUnavailable
from storage.errands import Errand, Failed, Waiting, bring_back, errand, gathered
from storage.sqlite import SqliteDatabase


async def test_a_lot_is_brought_back_by_one_call() -> None:
    lot = [errand(lambda: None) for _ in range(3)]
    error = ValueError("no")
    outcomes = [(lot[0], 1), (lot[1], Failed(error)), (lot[2], None)]
    threading.Thread(target=bring_back, args=(outcomes,)).start()
    assert await asyncio.gather(*(one.future for one in lot), return_exceptions=True) == [1, error, None]


async def test_who_gave_up_is_not_told_and_keeps_nobody_from_being_told() -> None:
    gone, patient = errand(lambda: None), errand(lambda _: None)
    gone.future.cancel()
    bring_back([(gone, 1), (patient, 2)])
    assert await patient.future == 2


def test_a_closed_loop_is_no_trouble() -> None:
    async def ask() -> Errand:
        return errand(lambda: None)

    one = asyncio.run(ask())
    bring_back([(one, 1)])


async def test_what_nobody_waits_for_goes_with_what_somebody_does() -> None:
    waiting, late, wanted = Waiting(), errand(lambda: None, soon=False), errand(lambda: None)
    waiting.put(late)
    taking = asyncio.create_task(asyncio.to_thread(gathered, waiting, 64, moment=60.0))
    await asyncio.sleep(0)
    waiting.put(wanted)
    assert await taking == ([late, wanted], False)


def test_what_nobody_waits_for_goes_alone_when_nothing_else_comes() -> None:
    async def lot() -> list[Errand]:
        return [errand(lambda: None, soon=False) for _ in range(3)]

    waiting, errands = Waiting(), asyncio.run(lot())
    for one in errands:
        waiting.put(one)
    assert gathered(waiting, 2, moment=0.001) == (errands[:2], False)  # no more than may share a commit
    assert gathered(waiting, 2, moment=0.001) == (errands[2:], False)


async def test_the_last_errand_is_done_before_the_end() -> None:
    waiting, late = Waiting(), errand(lambda: None, soon=False)
    for one in (late, None):
        waiting.put(one)
    assert gathered(waiting, 64, moment=60.0) == ([late], True)
    waiting.put(None)
    assert gathered(waiting, 64) == ([], True)


async def test_a_closed_database_is_away(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path / "closed.db")
    await database.close()
    for ask in (database.read, database.write):
        with pytest.raises(DatabaseUnavailable):
            await ask(lambda _: None)


async def test_a_failing_read_takes_no_other_with_it(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path / "reads.db")
    began, go_on = threading.Event(), threading.Event()

    def slow(_: Session) -> int:
        began.set()
        go_on.wait(5)
        return 1

    def wrong(session: Session) -> int:
        return int(session.scalar(text("SELECT 1 FROM nowhere")))

    first = asyncio.ensure_future(database.read(slow))
    await asyncio.to_thread(began.wait, 5)
    # While the first one is read these two wait, and are then read together.
    second = asyncio.ensure_future(database.read(wrong))
    third = asyncio.ensure_future(database.read(lambda session: session.scalar(text("SELECT 3"))))
    await asyncio.sleep(0)
    go_on.set()
    assert await first == 1
    with pytest.raises(Exception, match="nowhere"):
        await second
    assert await third == 3
    await database.close()
