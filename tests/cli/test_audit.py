"""What is done at the machine itself is in the journal, too, by nobody's name."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from storage import contacts
from storage.database import open_database
from tests.cli.conftest import Terminal


def _rows(folder: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "souffleur.db")) as connection:
        return connection.execute(
            "SELECT action, target_kind, detail, channel, referent_id FROM audit ORDER BY id"
        ).fetchall()


def test_commands_are_noted(bot: Terminal, tmp_path: Path) -> None:
    bot("referent", "add", "Camille Martin", "--territories", "25", "--role", "lead", "--email", "c@e.fr")
    done = bot("referent", "absent", "Camille Martin", "20/12/2019", "04/01/2020")
    assert done.code == 1, done
    assert bot("referent", "absent", "Camille Martin", "20/12").code == 0
    assert bot("referent", "absent", "Camille Martin", "annuler").code == 0
    assert bot("referent", "absent", "Camille Martin", "annuler").code == 1
    assert bot("referent", "remove", "Camille Martin").code == 0
    rows = _rows(tmp_path)
    assert [row[0] for row in rows] == ["added", "invited", "absent", "back", "removed"]
    assert rows[0][1:3] == ("referent", "role: lead; territories: 25")
    assert {row[3:] for row in rows} == {("cli", None)}


def test_an_erasure_is_noted_without_saying_of_whom(bot: Terminal, tmp_path: Path) -> None:
    bot("referent", "list")
    database = open_database(f"sqlite:///{tmp_path / 'souffleur.db'}")

    def arrive(session: Session) -> None:
        contacts.at(session, "telegram:424242", now=datetime.now(UTC))

    async def go() -> None:
        await database.write(arrive)
        await database.close()

    asyncio.run(go())
    assert bot("forget", "telegram:424242").code == 0
    assert _rows(tmp_path) == [("erased", None, None, "cli", None)]
