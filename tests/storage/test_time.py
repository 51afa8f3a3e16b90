"""Somebody turns the computer's clock: nothing is taken out of anybody's hand, and nothing waits for it."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from storage import gates, outbox, queue
from storage.database import Database
from storage.sqlite import SqliteDatabase
from storage.steady import SteadyClock
from tests.schema import lay
from tests.storage.inbox import Inbox, keys
from tests.storage.passing import NOW

AN_HOUR = 3600.0


@dataclass
class Computer:
    """Its clock on the wall, which people turn, and the time that it has been up, which they cannot."""

    wall: float = 1_795_000_000.0
    up: float = 5_000.0

    def passes(self, seconds: float) -> None:
        self.wall += seconds
        self.up += seconds


@pytest.fixture
def computer() -> Computer:
    return Computer()


@pytest.fixture
async def on_file(tmp_path: Path, computer: Computer) -> AsyncIterator[Database]:
    path = tmp_path / "souffleur.db"
    await lay(f"sqlite:///{path}")
    database = SqliteDatabase(path, SteadyClock(lambda: computer.wall, lambda: computer.up))
    yield database
    await database.close()


@pytest.mark.fault(13)
@pytest.mark.parametrize("jump", [AN_HOUR, -AN_HOUR])
async def test_a_clock_that_jumps_ends_no_lease_and_stretches_no_wait(
    on_file: Database, computer: Computer, jump: float
) -> None:
    inbox = Inbox(on_file)
    await inbox.put("telegram:1", "telegram:1")
    held = await inbox.claim_one()
    await on_file.write(lambda s: outbox.put(s, lane="telegram:1", payload={}, now=NOW))
    (parcel,) = await on_file.write(lambda s: outbox.claim(s, "telegram", limit=1))
    await on_file.write(lambda s: gates.close(s, "telegram", reason="server error (500)"))
    computer.wall += jump
    computer.passes(2)
    assert not await on_file.write(lambda s: queue.note_dead(s, now=NOW))
    await on_file.write(outbox.note_dead)
    assert await inbox.claim() == []
    assert await on_file.write(lambda s: outbox.claim(s, "telegram", limit=1)) == []
    await inbox.finish(held)
    assert await on_file.write(lambda s: outbox.sent(s, [outbox.Delivered(parcel, "7")], now=NOW))
    await on_file.write(lambda s: outbox.put(s, lane="telegram:1", payload={}, now=NOW))
    later = await on_file.write(lambda s: outbox.claim(s, "telegram", limit=1))
    assert len(later) == 1, "the gate was shut for a second, and two have passed"


@pytest.mark.fault(13)
async def test_what_came_before_the_clock_was_set_back_goes_first_and_within_a_second(inbox: Inbox) -> None:
    await inbox.put("telegram:1", "telegram:1")
    await inbox.put("timer", "telegram:1", due_at=NOW + timedelta(minutes=5))
    earlier = NOW - timedelta(hours=1)
    await inbox.database.write(
        lambda s: queue.put(s, key="telegram:2", lane="telegram:1", payload={}, now=earlier)
    )
    assert await inbox.claim(now=earlier) == [], "it is not overtaken"
    await inbox.database.write(lambda s: queue.note_dead(s, now=earlier))
    first = await inbox.claim(now=earlier)
    assert keys(first) == ["telegram:1"]
    await inbox.finish(first[0])
    second = await inbox.database.write(lambda s: queue.claim(s, now=earlier, limit=9))
    assert keys(second) == ["telegram:2"], "a timer still has its own time"


@pytest.mark.fault(13)
async def test_a_short_wait_that_began_before_the_clock_was_set_back_is_over_by_then(inbox: Inbox) -> None:
    await inbox.put("gathered", "telegram:1", due_at=NOW + timedelta(seconds=2))
    await inbox.put("reminder", "telegram:1", due_at=NOW + timedelta(hours=1))
    earlier = NOW - timedelta(hours=1)
    await inbox.note_dead(now=earlier)
    assert keys(await inbox.claim(now=earlier)) == ["gathered"], "the other one has its own time"


async def test_what_a_machine_took_in_whose_clock_is_ahead_is_handled_at_once(inbox: Inbox) -> None:
    ahead = NOW + timedelta(seconds=30)
    await inbox.put("telegram:1", "telegram:1", now=ahead)
    await inbox.put("timer", "telegram:2", due_at=ahead)
    assert keys(await inbox.claim()) == ["telegram:1"], "a timer still has its own time"


async def test_claims_on_a_file_do_not_look_through_timers_to_come(on_file: Database) -> None:
    """SQLite goes by the words of the statement alone; PostgreSQL by figures that it keeps."""
    seen: list[tuple[str, Any]] = []

    def plan(session: Session) -> str:
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", lambda _c, _u, *said: seen.append(said[:2]))
        queue.claim(session, now=NOW, limit=9)
        statement, values = seen[0]
        return str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all())

    assert "ix_inbox_due (due_at<?)" in await on_file.write(plan)


@pytest.mark.fault(13)
async def test_a_start_after_the_clock_was_set_back_waits_for_no_back_off(
    on_file: Database, computer: Computer
) -> None:
    inbox = Inbox(on_file)
    await inbox.put("telegram:1", "telegram:1")
    given_back = await inbox.claim_one()
    computer.passes(AN_HOUR)
    await on_file.write(lambda s: queue.release(s, given_back, wait_ms=1000))
    await on_file.write(lambda s: gates.close(s, "telegram", reason="server error (500)"))
    await on_file.write(lambda s: gates.close(s, "mail", reason="told to slow down", for_ms=30_000))
    await on_file.write(lambda s: gates.spend(s, gates.TELEGRAM_PACE, ["telegram:1"] * 9))
    computer.up -= AN_HOUR  # as a new process sees it whose wall clock is an hour behind
    await on_file.write(lambda s: queue.note_dead(s, now=NOW, everything=True))
    await on_file.write(gates.begin_anew)
    assert keys(await inbox.claim()) == ["telegram:1"]
    assert await on_file.read(gates.closed) == {"mail": "told to slow down"}
    allowed = await on_file.write(lambda s: gates.allowance(s, gates.TELEGRAM_PACE))
    assert allowed > 0


async def test_the_steady_clock_tells_the_time_and_goes_on() -> None:
    clock = SteadyClock()
    first = clock()
    await asyncio.sleep(0.002)
    assert clock() > first
    assert abs(first / 1000 - time.time()) < 60
