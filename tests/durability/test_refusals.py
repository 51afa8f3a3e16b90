"""What cannot work is said at the start: by variable name, with what to do, without a trace or a secret."""

import asyncio
import sqlite3
import sys
from pathlib import Path

import pytest

from tests.durability.crew import PATIENCE, ROOT, Process, crew, free_port
from tests.durability.subjects import Subjects
from tests.environment import bare
from tests.schema import lay


async def refused(folder: Path, **settings: str) -> tuple[int, str]:
    """The exit code of a `run` that does not start, and what it said."""
    given = bare()
    defaults = {"BOT_DATA_DIR": str(folder), "BOT_WEB_PORT": str(free_port()), "BOT_OPS_PORT": "0"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        cwd=ROOT,
        env=given | defaults | settings,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(PATIENCE):
            said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode is not None
    assert b"Traceback" not in said, said.decode()
    assert "chat: " not in said.decode()
    return process.returncode, said.decode()


@pytest.mark.fault(14)
async def test_a_second_souffleur_on_the_same_folder_or_port_is_refused(
    tmp_path: Path, subjects: Subjects
) -> None:
    ops = free_port()
    knowledge = {"BOT_KNOWLEDGE_DIR": str(subjects.folder)}
    settings = {"BOT_OPS_PORT": str(ops), "BOT_TELEGRAM_TOKEN": ""} | knowledge
    async with crew(tmp_path / "first", "run", **settings) as house:
        await house.start()
        same_folder, same_port, same_ops = await asyncio.gather(
            refused(tmp_path / "first" / "data", **knowledge),
            refused(tmp_path / "second", BOT_WEB_PORT=str(house.port), **knowledge),
            refused(tmp_path / "third", BOT_OPS_PORT=str(ops), **knowledge),
        )
        assert same_folder[0] == 1
        assert "Another Souffleur is running" in same_folder[1]
        assert same_port[0] == 1
        assert f"BOT_WEB_PORT: cannot listen on 127.0.0.1:{house.port}" in same_port[1]
        assert same_ops[0] == 1
        assert f"BOT_OPS_PORT: cannot listen on 127.0.0.1:{ops}" in same_ops[1]
        ((code, _),) = await house.stop()
        assert code == 0


@pytest.mark.fault(76)
async def test_a_place_that_cannot_be_written_is_named_by_its_variable(
    tmp_path: Path, subjects: Subjects
) -> None:
    knowledge = {"BOT_KNOWLEDGE_DIR": str(subjects.folder)}
    # Under a file: root, too, can make no folder there.
    (tmp_path / "file").touch()
    inside = tmp_path / "file" / "data"
    folder, database = await asyncio.gather(
        refused(inside, **knowledge),
        refused(tmp_path / "data", BOT_DATABASE_URL=f"sqlite:///{inside / 'souffleur.db'}", **knowledge),
    )
    assert folder[0] == 1
    assert "BOT_DATA_DIR" in folder[1]
    assert database[0] == 1
    assert "BOT_DATABASE_URL" in database[1]


@pytest.mark.fault(76)
async def test_a_file_that_is_no_database_or_of_a_later_release_is_left_alone(
    tmp_path: Path, subjects: Subjects
) -> None:
    knowledge = {"BOT_KNOWLEDGE_DIR": str(subjects.folder)}
    later, rubbish = tmp_path / "later.db", tmp_path / "rubbish.db"
    rubbish.write_text("Ceci n'est pas une base de données. " * 200, encoding="utf-8")
    await lay(f"sqlite:///{later}")
    with sqlite3.connect(later) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = rubbish.read_bytes()
    newer, broken = await asyncio.gather(
        refused(tmp_path / "a", BOT_DATABASE_URL=f"sqlite:///{later}", **knowledge),
        refused(tmp_path / "b", BOT_DATABASE_URL=f"sqlite:///{rubbish}", **knowledge),
    )
    assert newer[0] == 1
    assert "schema 9999, which a later release made" in newer[1]
    assert broken[0] == 1
    assert "BOT_DATABASE_URL" in broken[1]
    assert rubbish.read_bytes() == before


async def test_an_early_sigterm_is_a_clean_stop(tmp_path: Path, subjects: Subjects) -> None:
    settings = {
        "BOT_DATA_DIR": str(tmp_path),
        "BOT_WEB_PORT": str(free_port()),
        "BOT_OPS_PORT": "0",
        "BOT_KNOWLEDGE_DIR": str(subjects.folder),
    }
    process = await Process.start("run", settings, tmp_path / "run.log")
    try:
        await process.said("chat: ")
        assert (await process.stop())[0] == 0
    finally:
        await process.kill()
