"""Prepared statements do what SQLAlchemy does with them, on both databases."""

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import bindparam, create_engine, event, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from storage import queue
from storage.columns import rows_of
from storage.database import Database
from storage.prepared import Prepared
from storage.sqlite import SqliteDatabase
from storage.tables import Contact
from tests.schema import lay

ROWS = rows_of(Contact)
MOMENT = datetime(2026, 11, 29, 15, 0, tzinfo=timezone(timedelta(hours=1)))
ADD = Prepared(insert(ROWS).returning(*ROWS.c))
OF = select(*ROWS.c).where(ROWS.c.address == bindparam("at_address"))
MOVE = Prepared(
    update(ROWS).where(ROWS.c.address == bindparam("at_address")).values(state=bindparam("new_state"))
)


def person(number: int, **more: Any) -> dict[str, Any]:
    return {"address": f"telegram:{number}", "created_at": MOMENT, "seen_at": MOMENT, **more}


async def test_values_go_and_come_back_as_by_sqlalchemy(database: Database) -> None:
    def work(session: Session) -> tuple[Any, Any, Any]:
        added = ADD(session, person(1, state={"é": [1, None]})).first()
        read = Prepared(OF)(session, {"at_address": "telegram:1"}).first()
        return added, read, session.execute(OF, {"at_address": "telegram:1"}).first()

    added, read, expected = await database.write(work)
    assert added._asdict() == read._asdict() == expected._asdict()
    assert (read.state, read.seen_at) == ({"é": [1, None]}, MOMENT.astimezone(UTC))


async def test_what_is_not_given_gets_its_default_each_time_anew(database: Database) -> None:
    def work(session: Session) -> tuple[Any, Any]:
        return ADD(session, person(1)).first(), ADD(session, person(2)).first()

    first, second = await database.write(work)
    assert (first.state, first.last_seq, first.audience) == ({}, 0, None)
    assert first.state is not second.state


async def test_changed_rows_are_counted_and_nothing_found_is_none(database: Database) -> None:
    def work(session: Session) -> tuple[int, int, Any, Any]:
        ADD(session, person(1))
        known, unknown = ({"at_address": f"telegram:{n}", "new_state": {"a": n}} for n in (1, 9))
        find, nobody = Prepared(OF), {"at_address": "telegram:9"}
        changed = MOVE(session, known).rowcount, MOVE(session, unknown).rowcount
        return *changed, find(session, nobody).first(), find(session, nobody).scalar()

    assert await database.write(work) == (1, 0, None, None)


async def test_many_rows_go_in_one_go(database: Database) -> None:
    def work(session: Session) -> list[str]:
        Prepared(insert(ROWS)).many(session, [person(number) for number in range(3)])
        Prepared(insert(ROWS)).many(session, [])
        return list(session.scalars(select(ROWS.c.address).order_by(ROWS.c.id)))

    assert await database.write(work) == ["telegram:0", "telegram:1", "telegram:2"]


async def test_an_error_is_sqlalchemys_and_names_no_words_of_anybody(database: Database) -> None:
    def work(session: Session) -> None:
        ADD(session, person(1, state={"secret": "words"}))
        ADD(session, person(1, state={"secret": "words"}))

    with pytest.raises(IntegrityError) as caught:
        await database.write(work)
    assert "words" not in str(caught.value)


async def test_what_a_savepoint_takes_back_is_gone_and_what_came_before_it_stands(database: Database) -> None:
    def taken_back(session: Session, number: int) -> None:
        savepoint = session.begin_nested()
        ADD(session, person(number))
        savepoint.rollback()

    def work(session: Session) -> list[str]:
        taken_back(session, 1)  # before anything else was asked
        ADD(session, person(2))
        taken_back(session, 3)
        with session.begin_nested():
            ADD(session, person(4))
            taken_back(session, 5)
        ADD(session, person(6))
        return list(session.scalars(select(ROWS.c.address).order_by(ROWS.c.id)))

    assert await database.write(work) == ["telegram:2", "telegram:4", "telegram:6"]


async def test_whoever_listens_to_statements_hears_of_these_too(database: Database) -> None:
    heard: list[str] = []

    def work(session: Session) -> None:
        event.listen(session.connection(), "before_cursor_execute", lambda *given: heard.append(given[2]))
        Prepared(OF)(session, {"at_address": "telegram:1"})

    await database.write(work)
    assert [words.split()[0] for words in heard] == ["SELECT"]


def test_lists_of_values_are_refused_when_a_statement_is_planned() -> None:
    some = Prepared(select(ROWS.c.id).where(ROWS.c.id.in_(bindparam("ids", expanding=True))))
    with Session(create_engine("sqlite://")) as session, pytest.raises(NotImplementedError):
        some(session, {"ids": [1, 2]})


async def test_sqlite_prepares_what_each_turn_asks_only_once(tmp_path: Path) -> None:
    await lay(f"sqlite:///{tmp_path / 'souffleur.db'}")
    database = SqliteDatabase(tmp_path / "souffleur.db")
    first, _, third = await database.write(_prepared_by_three_turns)
    await database.close()
    assert first > 0
    assert third == 0


def _prepared_by_three_turns(session: Session) -> list[int]:
    """How often SQLite asked its authorizer in each, as it does whenever it prepares a statement."""
    asked: list[int] = []

    def allow(action: int, *_: object) -> int:
        asked.append(action)
        return sqlite3.SQLITE_OK

    driver: Any = session.connection().connection.dbapi_connection
    driver.set_authorizer(allow)
    counts = []
    for number in range(3):
        begun, lane = len(asked), f"telegram:{number}"
        queue.put_all(session, [(lane, lane, {})], now=MOMENT)
        (item,) = queue.claim_lane(session, lane, now=MOMENT)
        queue.followed(session, item, now=MOMENT)
        queue.finish(session, item, now=MOMENT)
        counts.append(len(asked) - begun)
    driver.set_authorizer(None)
    return counts
