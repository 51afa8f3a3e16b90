"""Questions of earlier releases get what they are nearest to from what was found for them."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from storage import migrations
from storage.database import open_database

ASKED = (
    ("handoff", None, '[{"id": "a", "score": 40.0}, {"id": "b", "score": 30.0}]', "a"),
    ("propose", None, "[]", None),
    ("out_of_scope", None, '[{"id": "a", "score": 20.0}]', None),
    ("answer", "c", '[{"id": "c", "score": 90.0}]', None),
)


async def test_the_migration_finds_it_among_the_candidates(database_url: str) -> None:
    await migrations.migrate(database_url, to="0017")
    database = open_database(database_url)
    await database.write(_ask)
    await migrations.migrate(database_url)
    found = await database.read(
        lambda session: session.scalars(text("SELECT nearest_id FROM questions ORDER BY id")).all()
    )
    await database.close()
    assert found == [near for *_, near in ASKED]


def _ask(session: Session) -> None:
    for outcome, entry_id, candidates, _ in ASKED:
        row = {"outcome": outcome, "entry_id": entry_id, "candidates": candidates}
        session.execute(text(_INSERT), row)


_INSERT = (
    "INSERT INTO questions (asked_at, channel, candidates, outcome, entry_id, knowledge_hash)"
    " VALUES ('2026-11-23 10:00:00', 'web', :candidates, :outcome, :entry_id, '0')"
)
