"""Years of traffic do not fill the disk: what is done goes, and its room is used again."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from bot.library import Library
from handlers import retention
from handlers.turn import Turn
from storage.tables import Contact, InboxItem, OutboxItem, Receipt, Transcript
from tests.actors import TelegramCitizen
from tests.stage import Stage, open_stage

KEPT = 5
"""Days that a conversation is kept here, and more: the queue's keys are kept eight."""
WARM, END = 12, 24
TABLES = (InboxItem, OutboxItem, Receipt, Transcript, Contact)


@pytest.fixture
async def stage(tmp_path: Path, library: Library) -> AsyncIterator[Stage]:
    kept = {"keep_conversation_days": KEPT, "keep_question_days": KEPT}
    async with open_stage(f"sqlite:///{tmp_path / 'souffleur.db'}", tmp_path, library, **kept) as stage:
        yield stage


async def test_rows_and_file_stay_as_they_are_once_each_day_ends_what_another_began(stage: Stage) -> None:
    await stage.turn(retention.schedule)
    sizes = {}
    for day in range(1, END + 1):
        for _ in range(2):
            # No question: those stay in the log for ever, as figures.
            await TelegramCitizen(stage).says(f"/aide {'xylophone ' * 300}")
        assert _payloads(stage) == 0, "wiped as soon as they are done"
        await stage.later(days=1)
        sizes[day] = (await stage.turn(lambda turn: _rows(turn.session)), _pages(stage))
    (rows, pages), (rows_then, pages_then) = sizes[WARM], sizes[END]
    assert rows_then == rows
    assert pages_then <= pages * 1.02
    assert rows["inbox"] > 0


async def test_a_night_with_much_to_erase_goes_slice_by_slice(stage: Stage) -> None:
    await stage.turn(retention.schedule)
    people, events = 2 * retention.PEOPLE + 5, retention.ROWS + 5
    await stage.turn(lambda turn: _long_ago(turn, people, events))
    nadia = TelegramCitizen(stage)
    await nadia.says("bonjour")
    await stage.later(days=1)
    assert await stage.turn(lambda turn: _rows(turn.session)["contacts"]) == 1
    keys = await stage.turn(lambda turn: list(turn.session.scalars(select(InboxItem.key))))
    assert not [key for key in keys if key.startswith("old:")]
    slices = [key for key in keys if key.startswith("purge:2026-11-24")]
    assert len(slices) == 1 + people // retention.PEOPLE + events // retention.ROWS
    assert [key for key in keys if key.startswith("purge:2026-11-25")]


def _long_ago(turn: Turn, people: int, events: int) -> None:
    then = turn.now - timedelta(days=60)
    seen = {"created_at": then, "seen_at": then, "state": {}, "last_seq": 0}
    strangers = [seen | {"address": f"telegram:{number}"} for number in range(people)]
    turn.session.execute(insert(Contact), strangers)
    done = {"lane": "telegram:1", "status": "done", "received_at": then, "due_at": then, "finished_at": then}
    turn.session.execute(insert(InboxItem), [done | {"key": f"old:{number}"} for number in range(events)])


def _rows(session: Session) -> dict[str, int]:
    # Timers of every morning and night are items, too, whatever happens.
    return {
        table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES
    }


def _pages(stage: Stage) -> int:
    """Pages of the file, those that are free included."""
    with closing(sqlite3.connect(stage.house.settings.data_dir / "souffleur.db")) as connection:
        return int(connection.execute("PRAGMA page_count").fetchone()[0])


def _payloads(stage: Stage) -> int:
    with closing(sqlite3.connect(stage.house.settings.data_dir / "souffleur.db")) as connection:
        (left,) = connection.execute(
            "SELECT (SELECT count(*) FROM inbox WHERE status = 'done' AND payload IS NOT NULL)"
            " + (SELECT count(*) FROM outbox WHERE status = 'sent' AND payload IS NOT NULL)"
        ).fetchone()
        return int(left)
