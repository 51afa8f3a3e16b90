"""`backup` and `restore` as an operator types them: names, refusals, what is kept and what is deleted."""

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.config import load_settings
from bot.serving import only_one
from storage import backups, migrations
from tests.cli.conftest import Terminal


@pytest.fixture
def place(bot: Terminal, tmp_path: Path) -> Path:
    """A database with a referent in it."""
    assert bot("referent", "add", "Camille Martin", "--email", "c@example.org").code == 0
    return tmp_path / "souffleur.db"


def _copy(bot: Terminal, *arguments: str) -> Path:
    done = bot("backup", *arguments)
    assert done.code == 0, done
    return Path(done.out.strip())


def _names(bot: Terminal) -> str:
    return bot("referent", "list").out


def test_a_backup_has_a_dated_name_is_ours_alone_and_is_whole(bot: Terminal, place: Path) -> None:
    copy = _copy(bot)
    assert copy.parent == place.parent / "backups"
    assert copy.name.startswith(f"souffleur-{datetime.now(UTC):%Y%m%dT}")
    assert copy.stat().st_mode & 0o777 == 0o600
    backups.prove(copy)
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]


def test_what_was_added_since_the_backup_is_gone_after_its_restore_and_kept_beside(
    bot: Terminal, place: Path, tmp_path: Path
) -> None:
    copy = _copy(bot, str(tmp_path / "elsewhere" / "copy.db"))
    assert bot("referent", "add", "Lou Bernard", "--email", "l@example.org").code == 0
    done = bot("restore", str(copy))
    assert done.code == 0, done
    assert "Camille Martin" in _names(bot)
    assert "Lou Bernard" not in _names(bot)
    (aside,) = place.parent.glob("souffleur.db.replaced-*")
    assert str(aside) in done.err
    assert bot("restore", str(aside)).code == 0
    assert "Lou Bernard" in _names(bot)


def test_a_backup_replaces_no_file(bot: Terminal, place: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken.db"
    taken.write_text("mine")
    done = bot("backup", str(taken))
    assert (done.code, "is there already" in done.err) == (1, True), done
    assert taken.read_text() == "mine"


def test_without_a_database_there_is_nothing_to_copy(bot: Terminal, tmp_path: Path) -> None:
    done = bot("backup", database_url=f"sqlite:///{tmp_path / 'nothing.db'}")
    assert (done.code, "no database" in done.err) == (1, True), done
    assert not (tmp_path / "nothing.db").exists()


def test_the_newest_copies_are_kept_and_too_old_ones_deleted(bot: Terminal, place: Path) -> None:
    folder = place.parent / "backups"
    folder.mkdir()
    for day in (1, 2, 3):
        (folder / f"souffleur-2026010{day}T030000Z.db").touch()
    (folder / "mine.db").touch()
    ancient = place.with_name("souffleur.db.replaced-20250101T000000Z")
    ancient.touch()
    old = (datetime.now(UTC) - timedelta(days=91)).timestamp()
    os.utime(ancient, (old, old))
    copy = _copy(bot, "--keep", "2")
    left = sorted(path.name for path in folder.iterdir())
    assert left == ["mine.db", "souffleur-20260103T030000Z.db", copy.name]
    assert not ancient.exists()


def _not_a_database(copy: Path) -> None:
    copy.write_bytes(b"no database at all" * 1000)


def _torn(copy: Path) -> None:
    with copy.open("r+b") as file:
        file.seek(20_000)
        file.write(os.urandom(40_000))


def _somebody_elses(copy: Path) -> None:
    copy.unlink()
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("CREATE TABLE x (y)")


def _of_a_later_release(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


def _with_loose_ends(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("INSERT INTO referent_territories VALUES (77, '25')")


@pytest.mark.fault(76)
@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (_not_a_database, "not a database"),
        (_torn, "malformed"),
        (_somebody_elses, "not one of Souffleur's"),
        (_of_a_later_release, "later release"),
        (_with_loose_ends, "referent_territories refer to nothing"),
        (Path.unlink, "no file"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_is_no_whole_backup_of_ours_is_refused_and_nothing_changes(
    bot: Terminal, place: Path, spoil: object, says: str
) -> None:
    copy = _copy(bot)
    assert callable(spoil)
    spoil(copy)
    before = place.read_bytes()
    done = bot("restore", str(copy))
    assert done.code == 1, done
    assert says in done.err
    assert "Nothing was changed" in done.err
    assert place.read_bytes() == before
    assert "Traceback" not in done.err
    assert sorted(path.name for path in place.parent.glob("*souffleur.db*")) == ["souffleur.db"]


def test_a_backup_of_an_earlier_release_is_brought_to_our_schema(bot: Terminal, tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    asyncio.run(migrations.migrate(f"sqlite:///{old}", to="0008"))
    done = bot("restore", str(old))
    assert done.code == 0, done
    assert bot("queue", "status").code == 0
    assert backups.revision_of(tmp_path / "souffleur.db") == migrations.head()
    assert backups.revision_of(old) == "0008", "the backup itself stays as it was"


def test_a_backup_from_before_what_erasures_are_remembered_for_is_refused(bot: Terminal, place: Path) -> None:
    with closing(sqlite3.connect(place)) as connection, connection:
        connection.execute(
            "INSERT INTO inbox (key, lane, status, received_at, due_at, retry_at, lease_until, alone, "
            "suspect, attempts) VALUES ('k', 'l', 'done', '2020-01-01 00:00:00.000000', "
            "'2020-01-01 00:00:00.000000', 0, 0, 0, 0, 0)"
        )
    copy = _copy(bot)
    done = bot("restore", str(copy))
    assert (done.code, "BOT_KEEP_BACKUP_DAYS (90)" in done.err) == (1, True), done
    assert bot("restore", str(copy), keep_backup_days="3650").code == 0


@pytest.fixture
def running(tmp_path: Path) -> Iterator[None]:
    """Somebody holds the data folder, as `run` does."""
    with only_one(load_settings(data_dir=tmp_path)):
        yield


@pytest.mark.usefixtures("running")
def test_nothing_is_restored_under_a_running_house(bot: Terminal, place: Path) -> None:
    copy = _copy(bot)
    done = bot("restore", str(copy))
    assert (done.code, "Another Souffleur is running" in done.err) == (1, True), done


@pytest.mark.parametrize("arguments", [("backup",), ("restore", "x.dump")])
def test_on_postgresql_it_says_what_to_type_and_shows_no_password(
    bot: Terminal, arguments: tuple[str, ...]
) -> None:
    done = bot(*arguments, database_url="postgresql+asyncpg://souffleur:s3cr3t@db.example/souffleur")
    assert done.code == 1, done
    assert "'postgresql://souffleur@db.example/souffleur'" in done.err
    assert ("pg_dump" if arguments == ("backup",) else "restore --reapply-erasures") in done.err
    assert "s3cr3t" not in done.err


@pytest.mark.parametrize("arguments", [(), ("copy.db", "--reapply-erasures")])
def test_a_restore_needs_either_a_file_or_the_erasures_alone(
    bot: Terminal, arguments: tuple[str, ...]
) -> None:
    assert bot("restore", *arguments).code == 2


def test_a_register_that_is_not_there_is_said(bot: Terminal, place: Path) -> None:
    done = bot("restore", str(_copy(bot)), "--register", "/nowhere/erasures.log")
    assert (done.code, "/nowhere/erasures.log" in done.err) == (1, True), done
