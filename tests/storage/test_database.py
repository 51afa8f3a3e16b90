"""One way to run a transaction: all of it or nothing, and one word for a database that is away."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from storage import contacts, migrations, queue
from storage.database import Database, DatabaseUnavailable, Work, open_database
from storage.tables import Contact, InboxItem
from tests.memory import memory
from tests.postgres import Postgres
from tests.storage.passing import NOW


def put(session: Session, key: str, *, size: int = 0) -> bool:
    return queue.put(session, key=key, lane="telegram:1", payload={"text": "x" * size}, now=NOW)


async def keys(database: Database) -> list[str]:
    return await database.read(lambda s: list(s.scalars(select(InboxItem.key).order_by(InboxItem.id))))


# On both


async def test_a_failing_turn_rolls_back_alone_among_those_that_share_its_commit(database: Database) -> None:
    def fail(session: Session, key: str) -> None:
        put(session, key)
        raise ZeroDivisionError(key)

    works: list[Work[Any]] = [
        partial(fail, key=f"bad{n}") if n % 3 == 0 else partial(put, key=f"good{n}") for n in range(30)
    ]
    ended = await asyncio.gather(*map(database.write, works), return_exceptions=True)
    assert [type(end) for end in ended] == [ZeroDivisionError if n % 3 == 0 else bool for n in range(30)]
    assert sorted(await keys(database)) == sorted(f"good{n}" for n in range(30) if n % 3)


async def test_a_broken_rule_of_the_schema_is_the_turns_own_failure(database: Database) -> None:
    def twice(session: Session) -> None:
        for _ in range(2):
            session.add(Contact(address="web:1", state={}, last_seq=0, created_at=NOW, seen_at=NOW))
        session.flush()

    with pytest.raises(IntegrityError):
        await database.write(twice)
    assert await database.write(lambda s: put(s, "next"))


async def test_a_caller_who_gives_up_leaves_no_half_of_a_turn(database: Database) -> None:
    writing = [asyncio.ensure_future(database.write(partial(put, key=f"{n}"))) for n in range(8)]
    await asyncio.sleep(0)
    for task in writing:
        task.cancel()
    await asyncio.gather(*writing, return_exceptions=True)
    assert await database.write(lambda s: put(s, "after"))
    assert "after" in await keys(database)


async def test_two_turns_that_meet_the_same_person_first_make_one_contact(database: Database) -> None:
    ids = await asyncio.gather(
        *(database.write(lambda s: contacts.at(s, "telegram:1", now=NOW).id) for _ in range(8))
    )
    assert len(set(ids)) == 1


async def test_numbers_in_a_conversation_have_no_gap_and_no_twin(database: Database) -> None:
    await database.write(lambda s: contacts.at(s, "web:1", now=NOW))

    def speak(session: Session, fails: bool) -> int:
        seq = contacts.next_seq(session, contacts.at(session, "web:1", now=NOW))
        if fails:
            raise ZeroDivisionError
        return seq

    ended = await asyncio.gather(
        *(database.write(partial(speak, fails=n % 4 == 0)) for n in range(20)), return_exceptions=True
    )
    assert sorted(end for end in ended if isinstance(end, int)) == list(range(1, 16))


# SQLite


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    path = tmp_path / "souffleur.db"
    await migrations.migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
async def on_file(file: Path) -> AsyncIterator[Database]:
    database = open_database(f"sqlite:///{file}")
    yield database
    await database.close()


@pytest.mark.fault(12)
async def test_a_full_disk_keeps_nothing_of_a_turn_and_heals_by_itself(on_file: Database) -> None:
    def limit(session: Session, pages: int) -> None:
        session.execute(text(f"PRAGMA max_page_count = {pages}"))

    await on_file.write(lambda s: put(s, "before"))
    await on_file.write(lambda s: limit(s, 1))
    for _ in range(2):
        ended = await asyncio.gather(
            on_file.write(lambda s: put(s, "small") and put(s, "large", size=500_000)),
            on_file.write(lambda s: put(s, "large too", size=500_000)),
            return_exceptions=True,
        )
        assert [type(end) for end in ended] == [DatabaseUnavailable] * 2
    assert await keys(on_file) == ["before"]
    await on_file.write(lambda s: limit(s, 1_000_000))
    assert await on_file.write(lambda s: put(s, "large", size=500_000))
    assert await keys(on_file) == ["before", "large"]


async def test_a_full_disk_is_called_so_where_a_flush_meets_it_too(on_file: Database) -> None:
    def add(session: Session, number: int) -> None:
        state = {"long": "x" * 500_000}
        session.add(Contact(address=f"web:{number}", state=state, last_seq=0, created_at=NOW, seen_at=NOW))
        session.flush()

    await on_file.write(lambda s: s.execute(text("PRAGMA max_page_count = 1")).close())
    ended = await asyncio.gather(
        *(on_file.write(partial(add, number=number)) for number in range(3)), return_exceptions=True
    )
    assert [str(end) for end in ended] == ["database or disk is full"] * 3


async def test_an_error_that_is_logged_quotes_nobody(on_file: Database) -> None:
    def twice(session: Session) -> None:
        words = {"text": "Je m'appelle Camille"}
        for _ in range(2):
            session.add(InboxItem(key="k", lane="a", payload=words, received_at=NOW, due_at=NOW))
        session.flush()

    with pytest.raises(IntegrityError) as caught:
        await on_file.write(twice)
    assert "Camille" not in str(caught.value)


@pytest.mark.fault(76)
async def test_a_file_that_may_only_be_read_is_a_database_that_is_away(file: Path) -> None:
    # A folder in the way of the journal: root, too, cannot write then.
    for name in ("souffleur.db-wal", "souffleur.db-shm"):
        file.with_name(name).unlink(missing_ok=True)
        file.with_name(name).mkdir()
    database = open_database(f"sqlite:///{file}")
    try:
        with pytest.raises(DatabaseUnavailable):
            await database.write(lambda s: put(s, "lost"))
        with pytest.raises(DatabaseUnavailable):
            await database.read(queue.counts)
    finally:
        await database.close()
    with pytest.raises(DatabaseUnavailable):
        await migrations.migrate(f"sqlite:///{file}")


@pytest.mark.fault(76)
async def test_a_file_that_is_no_database_is_a_database_that_is_away(tmp_path: Path) -> None:
    (tmp_path / "souffleur.db").write_text("Ceci n'est pas une base de données. " * 200, encoding="utf-8")
    database = open_database(f"sqlite:///{tmp_path / 'souffleur.db'}")
    try:
        with pytest.raises(DatabaseUnavailable):
            await database.read(migrations.current)
        with pytest.raises(DatabaseUnavailable):
            await database.write(queue.counts)
    finally:
        await database.close()


async def test_a_folder_that_cannot_be_made_is_a_database_that_is_away(tmp_path: Path) -> None:
    (tmp_path / "in-the-way").touch()
    with pytest.raises(DatabaseUnavailable):
        open_database(f"sqlite:///{tmp_path / 'in-the-way' / 'souffleur.db'}")


@pytest.mark.fault(75)
async def test_a_command_that_writes_beside_us_is_waited_for(on_file: Database, file: Path) -> None:
    beside = sqlite3.connect(file, isolation_level=None)
    beside.execute("BEGIN IMMEDIATE")
    writing = asyncio.ensure_future(on_file.write(lambda s: put(s, "patient")))
    assert await keys(on_file) == [], "who only reads does not wait"
    assert not writing.done()
    beside.execute("COMMIT")
    beside.close()
    assert await writing


async def test_reading_changes_nothing_even_if_it_tries(on_file: Database) -> None:
    await on_file.read(lambda s: put(s, "from a read"))
    assert await keys(on_file) == []


async def test_closing_lets_what_was_asked_before_be_written(file: Path) -> None:
    database = open_database(f"sqlite:///{file}")
    writing = [asyncio.ensure_future(database.write(partial(put, key=f"{n}"))) for n in range(100)]
    await asyncio.sleep(0)
    await database.close()
    assert await asyncio.gather(*writing) == [True] * 100


# PostgreSQL


@pytest.fixture
def own_server() -> Iterator[Postgres]:
    """A server that may be stopped: the session's is needed by others."""
    server = Postgres(within=memory())
    yield server
    server.close()


@pytest.mark.postgres
@pytest.mark.fault(73)
async def test_postgresql_comes_back_and_nobody_has_to_do_anything(own_server: Postgres) -> None:
    url = own_server.create("restarted")
    await migrations.migrate(url)
    database = open_database(url)
    try:
        await asyncio.gather(*(database.write(partial(put, key=f"before{n}")) for n in range(5)))
        for mode in ("fast", "immediate"):
            await asyncio.to_thread(own_server.stop, mode)
            ended = await asyncio.gather(
                *(database.write(lambda s: put(s, "lost")) for _ in range(5)), return_exceptions=True
            )
            assert {type(end) for end in ended} == {DatabaseUnavailable}
            with pytest.raises(DatabaseUnavailable):
                await migrations.migrate(url)
            await asyncio.to_thread(own_server.start)
            again = await asyncio.gather(*(database.write(partial(put, key=mode)) for _ in range(5)))
            assert sorted(again) == [False] * 4 + [True]
        assert "lost" not in await keys(database)
    finally:
        await database.close()


@pytest.mark.fault(73)
@pytest.mark.postgres
async def test_a_server_that_turns_us_away_is_a_database_that_is_away(postgres: Postgres) -> None:
    url = postgres.create("turned_away").replace("turned_away", "no_such_database")
    database = open_database(url)
    try:
        with pytest.raises(DatabaseUnavailable):
            await database.write(lambda s: put(s, "lost"))
        with pytest.raises(DatabaseUnavailable):
            await migrations.migrate(url)
    finally:
        await database.close()


@pytest.mark.postgres
@pytest.mark.fault(74)
async def test_turns_that_deadlock_are_run_again_as_a_whole(postgres: Postgres) -> None:
    url = postgres.create("deadlock")
    await migrations.migrate(url)
    database = open_database(url)
    await database.write(lambda s: [contacts.at(s, f"web:{n}", now=NOW) for n in (1, 2)])

    def both(session: Session, first: int, second: int) -> None:
        contacts.next_seq(session, contacts.at(session, f"web:{first}", now=NOW))
        session.execute(text("SELECT pg_sleep(0.3)"))
        contacts.next_seq(session, contacts.at(session, f"web:{second}", now=NOW))

    try:
        await asyncio.gather(database.write(lambda s: both(s, 1, 2)), database.write(lambda s: both(s, 2, 1)))
        assert await database.read(lambda s: list(s.scalars(select(Contact.last_seq)))) == [2, 2]
    finally:
        await database.close()
