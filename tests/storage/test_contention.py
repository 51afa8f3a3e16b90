"""PostgreSQL when turns are in each other's way: run again as a whole, or given back; never done by half."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session
from sqlalchemy.util import await_only

from bot.library import Library
from storage import queue, sending
from storage.database import Database, DatabaseUnavailable
from storage.postgresql import PostgresqlDatabase
from storage.tables import Contact, InboxItem
from tests.actors import TelegramCitizen
from tests.postgres import Postgres
from tests.stage import PATIENCE, open_stage
from tests.storage.passing import NOW

pytestmark = pytest.mark.postgres


def put(session: Session, key: str) -> bool:
    return queue.put(session, key=key, lane="telegram:1", payload={}, now=NOW)


def kept(session: Session) -> set[str]:
    return set(session.scalars(select(InboxItem.key)))


@pytest.fixture
async def narrow(postgresql_url: str) -> AsyncIterator[Database]:
    """A database with two connections, and little patience."""
    database = PostgresqlDatabase(postgresql_url, connections=2, patience=0.1)
    yield database
    await database.close()


@pytest.mark.fault(74)
async def test_a_turn_that_lost_a_race_is_run_again_as_a_whole(narrow: Database) -> None:
    runs: list[str] = []

    def count_and_put(session: Session, name: str) -> int:
        """Each reads what the other writes: of two at once only one may be right."""
        session.execute(text("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"))
        runs.append(name)
        number = session.scalar(select(func.count()).select_from(InboxItem)) or 0
        session.execute(text("SELECT pg_sleep(0.2)"))
        put(session, f"{name}:{number}")
        return number

    found = await asyncio.gather(
        narrow.write(lambda s: count_and_put(s, "first")), narrow.write(lambda s: count_and_put(s, "second"))
    )
    assert sorted(found) == [0, 1], "as one after the other"
    assert len(runs) == 3
    assert len(await narrow.read(kept)) == 2


@pytest.mark.fault(74)
@pytest.mark.parametrize("limit", ["statement_timeout", "lock_timeout"])
async def test_what_takes_too_long_is_given_up_whole(narrow: Database, limit: str) -> None:
    await narrow.write(lambda s: put(s, "held"))
    holding = asyncio.Event()
    loop = asyncio.get_running_loop()

    def hold(session: Session) -> None:
        session.execute(update(InboxItem).values(reason="held"))
        loop.call_soon(holding.set)
        session.execute(text("SELECT pg_sleep(0.5)"))

    def wait(session: Session) -> None:
        session.execute(text(f"SET LOCAL {limit} = 50"))
        put(session, "half")
        session.execute(update(InboxItem).values(reason="waited"))

    other = asyncio.create_task(narrow.write(hold))
    await holding.wait()
    with pytest.raises(DatabaseUnavailable):
        await narrow.write(wait)
    await other
    assert await narrow.read(kept) == {"held"}
    assert await narrow.write(lambda s: put(s, "half"))


@pytest.mark.fault(74)
async def test_who_idles_in_a_transaction_is_cut_off_and_leaves_nothing(narrow: Database) -> None:
    async def cut_off(process: int) -> None:
        """Until the server has ended the connection: nothing tells of that but its list."""
        there = text("SELECT count(*) FROM pg_stat_activity WHERE pid = :process")
        while await narrow.read(lambda s: s.scalar(there, {"process": process})):  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    def idle(session: Session) -> None:
        session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 50"))
        put(session, "half")
        await_only(cut_off(session.scalars(text("SELECT pg_backend_pid()")).one()))
        put(session, "the other half")

    async with asyncio.timeout(PATIENCE):
        with pytest.raises(DatabaseUnavailable):
            await narrow.write(idle)
    assert await narrow.read(kept) == set()
    assert await narrow.write(lambda s: put(s, "half")), "there is a connection again"


@pytest.mark.fault(74)
@pytest.mark.parametrize("limit", ["statement_timeout", "idle_in_transaction_session_timeout"])
async def test_a_turn_is_given_up_before_its_lease_runs_out(narrow: Database, limit: str) -> None:
    in_force = text("SELECT setting::int FROM pg_settings WHERE name = :limit")
    milliseconds = await narrow.write(lambda s: s.scalars(in_force, {"limit": limit}).one())
    assert 0 < milliseconds < min(queue.LEASE_MS, sending.LEASE_MS)


@pytest.mark.fault(74)
async def test_without_a_free_connection_a_turn_is_given_back_and_done_later(narrow: Database) -> None:
    busy = [
        asyncio.create_task(narrow.write(lambda s: s.execute(text("SELECT pg_sleep(0.5)")))) for _ in range(2)
    ]
    await asyncio.sleep(0.1)
    with pytest.raises(DatabaseUnavailable):
        await narrow.write(lambda s: put(s, "one too many"))
    await asyncio.gather(*busy)
    assert await narrow.write(lambda s: put(s, "one too many"))


@pytest.mark.fault(74)
async def test_a_message_whose_turn_was_given_up_is_answered_once_it_can_be(
    postgres: Postgres, tmp_path: Path, library: Library
) -> None:
    url = postgres.create("given_up")
    beside = PostgresqlDatabase(url)
    await beside.write(lambda s: s.execute(text("ALTER DATABASE given_up SET lock_timeout = '100ms'")))
    loop, held = asyncio.get_running_loop(), asyncio.Event()

    def hold(session: Session) -> None:
        session.execute(update(Contact).values(last_seq=Contact.last_seq))
        loop.call_soon(held.set)
        session.execute(text("SELECT pg_sleep(0.5)"))

    async with open_stage(url, tmp_path, library) as stage:
        nadia = TelegramCitizen(stage)
        await nadia.says("bonjour")
        holding = asyncio.create_task(beside.write(hold))
        async with asyncio.timeout(PATIENCE):
            await held.wait()
        heard = await nadia.says("merci")
        await holding
        assert len(heard) == 1
        assert await stage.turn(lambda turn: queue.parked(turn.session)) == []
        counted = stage.house.metrics.registry.get_sample_value
        assert counted("souffleur_turns_total", {"outcome": "postponed"})
        assert counted("souffleur_turns_total", {"outcome": "failed"}) is None
    await beside.close()
