"""The content is learnt once, apart, and kept; whatever happens to who learns it or to what was kept."""

import asyncio
import fcntl
import json
import sys
from pathlib import Path

import pytest

from bot.library import Library
from bot.studying import Study, StudyStopped
from knowledge.loading import load_knowledge
from knowledge.shelf import Shelf
from tests.cli.conftest import Terminal
from tests.cli.program import ROOT
from tests.environment import bare
from tests.knowledge.contents import medium

ASKED = "où réserver cinéma"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return medium(tmp_path / "content")


def test_changed_content_is_learnt_anew(content: Path, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "cache")
    library = Library(content, shelf)
    assert not library.learnt
    library.find(ASKED, None, None)
    assert library.learnt
    path = content / "entries" / "essai.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("cinéma", "karaoké"), encoding="utf-8")
    changed = Library(content, shelf)
    assert not changed.learnt
    assert changed.find("où réserver karaoké", None, None).candidates[0].entry_id == "thing-0"


def test_where_nothing_can_be_written_it_is_learnt_all_the_same(content: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    base = load_knowledge(content)
    found = Study().learned(base, content, Shelf(tmp_path / "file" / "cache"))
    assert found.confidence.curve


def test_when_the_other_process_fails_it_is_learnt_here(content: Path, tmp_path: Path) -> None:
    base = load_knowledge(content)
    # The other process finds another content than the one that was read here.
    path = content / "entries" / "essai.yaml"
    path.write_text("theme: [", encoding="utf-8")
    shelf = Shelf(tmp_path / "cache")
    assert Study().learned(base, content, shelf).confidence.curve
    assert shelf.find(base.lessons) is not None


async def test_two_who_start_at_once_learn_it_once_and_the_next_does_not(
    content: Path, tmp_path: Path, bot: Terminal
) -> None:
    settings = {"knowledge_dir": str(content), "cache_dir": str(tmp_path / "cache")}
    environment = bare() | {f"BOT_{name.upper()}": value for name, value in settings.items()}
    both = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "ask", "--json", ASKED),
            cwd=ROOT,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        for _ in range(2)
    ]
    said = [await process.communicate() for process in both]
    first, second = (json.loads(out) for out, _ in said)
    assert first["entries"][0]["id"] == "thing-0"
    assert second | {"ms": 0} == first | {"ms": 0}
    assert sum(err.count(b"content_learning") for _, err in said) == 1
    assert sum(err.count(b"content_learnt") for _, err in said) == 1
    assert len(list((tmp_path / "cache").glob("index-*.npz"))) == 1
    again = await asyncio.to_thread(bot, "ask", "--json", ASKED, **settings)
    assert "learn" not in again.err
    assert json.loads(again.out) | {"ms": 0} == first | {"ms": 0}


async def test_killed_while_learning_it_starts_again(content: Path, tmp_path: Path) -> None:
    environment = bare() | {"BOT_KNOWLEDGE_DIR": str(content), "BOT_CACHE_DIR": str(tmp_path / "cache")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.studying", str(content), str(tmp_path / "cache")),
        cwd=ROOT,
        env=environment,
    )
    try:
        await asyncio.wait_for(process.wait(), 0.8)
    except TimeoutError:
        process.kill()
        await process.wait()
    library = Library(content, Shelf(tmp_path / "cache"))
    assert library.find(ASKED, None, None).candidates[0].entry_id == "thing-0"


async def test_who_is_stopped_while_learning_ends_at_once(content: Path, tmp_path: Path) -> None:
    study, base = Study(), load_knowledge(content)
    learning = asyncio.create_task(asyncio.to_thread(study.learned, base, content, Shelf(tmp_path / "cache")))
    await asyncio.sleep(0.2)
    study.stop()
    with pytest.raises(StudyStopped):
        await asyncio.wait_for(learning, 30)
    assert not list((tmp_path / "cache").glob("*.npz"))


async def test_who_is_stopped_while_another_learns_does_not_wait_for_it(
    content: Path, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    study, base = Study(), load_knowledge(content)
    with (cache / "index.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # as another process that learns
        waiting = asyncio.create_task(asyncio.to_thread(study.learned, base, content, Shelf(cache)))
        study.stop()
        with pytest.raises(StudyStopped):
            await asyncio.wait_for(waiting, 30)
    assert not list(cache.glob("*.npz"))
