"""The register of erasures: what it says of whom, and the file that outlives the database."""

from datetime import timedelta
from pathlib import Path

from bot.register import Register, mirror
from storage import contacts, erasures
from storage.database import Database
from tests.storage.passing import NOW

ADA, BOB = erasures.of_address("telegram:1"), erasures.of_address("telegram:2")
LATER = NOW + timedelta(minutes=1)


async def test_who_came_before_their_erasure_has_come_back_who_came_after_is_new(database: Database) -> None:
    await database.write(lambda session: contacts.at(session, "telegram:1", now=NOW))
    await database.write(lambda session: contacts.at(session, "telegram:2", now=LATER))
    erased = erasures.register_of([(ADA, NOW), (BOB, NOW)])
    back = await database.read(lambda session: erasures.contacts_that_came_back(session, erased))
    ada = await database.read(lambda session: contacts.by_address(session, "telegram:1"))
    assert ada is not None
    assert back == [ada.id]


async def test_the_file_follows_the_table_and_repeats_nothing(database: Database, tmp_path: Path) -> None:
    register = Register(tmp_path / "data" / "erasures.log")
    await mirror(database, register)
    assert not register.path.exists()
    await database.write(lambda session: erasures.note(session, ADA, now=NOW))
    await mirror(database, register)
    await database.write(lambda session: erasures.note(session, BOB, now=LATER))
    await mirror(database, register, NOW)
    await mirror(database, register)
    assert register.rows() == [(ADA, NOW), (BOB, LATER)]
    assert register.path.stat().st_mode & 0o777 == 0o600
    assert "telegram" not in register.path.read_text()


def test_a_line_that_a_crash_tore_hides_no_other(tmp_path: Path) -> None:
    register = Register(tmp_path / "erasures.log")
    register.add([(ADA, NOW)])
    with register.path.open("a") as file:
        file.write("2026-11-23T09:00:00+00:00 abc")
    register.add([(BOB, LATER)])
    assert register.rows() == [(ADA, NOW), (BOB, LATER)]


def test_what_no_backup_can_bring_back_any_more_leaves_the_file(tmp_path: Path) -> None:
    register = Register(tmp_path / "erasures.log")
    register.add([(ADA, NOW), (BOB, LATER)])
    register.drop_older(LATER)
    assert register.rows() == [(BOB, LATER)]
    assert register.path.stat().st_mode & 0o777 == 0o600


async def test_of_two_copies_of_the_table_the_missing_rows_are_joined(database: Database) -> None:
    await database.write(lambda session: erasures.note(session, ADA, now=NOW))
    rows = [(ADA, NOW), (BOB, LATER), (BOB, LATER)]
    await database.write(lambda session: erasures.join(session, rows))
    assert await database.read(erasures.since) == [(ADA, NOW), (BOB, LATER)]
