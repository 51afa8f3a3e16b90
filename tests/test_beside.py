"""Texts are matched by a process beside; whatever befalls it, each learns what its own text is, or that it
failed."""

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import beside, loops
from bot.beside import Beside
from bot.library import Library
from bot.matching import READY, MatchingFailed, answered, asked
from knowledge.entries import Audience
from knowledge.shelf import Shelf
from tests.knowledge.contents import medium
from tests.processes import matching_for
from tests.shelf import SHELF

ASKED = "où réserver cinéma"


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a content and with what was learnt of it."""
    folder = tmp_path_factory.mktemp("known")
    assert Library(medium(folder / "content"), Shelf(folder / "cache")).share()
    return folder


@pytest.fixture
def here(known: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(known, tmp_path / "known"))


@pytest.fixture
def library(here: Path) -> Library:
    return Library(here / "content", Shelf(here / "cache"))


@pytest.fixture
async def asking(library: Library) -> AsyncIterator[Beside]:
    there = Beside(library)
    await there.begin()
    yield there
    await there.aclose()


def its_process() -> int:
    return matching_for(os.getpid())[-1]


async def test_it_finds_what_the_matcher_finds() -> None:
    library = Library(None, SHELF)
    there = Beside(library)
    await there.begin()
    assert library.edition.matcher is None
    texts = [example.text for example in library.base.examples[::9]]
    texts += ["", "bonjour", "\ud800", "deux\nlignes", "a" * 100_000]
    found = await asyncio.gather(*(there(text, Audience.JEUNE, "le pass") for text in texts))
    await there.aclose()
    matcher = library.matcher
    assert found == [matcher.match(text, audience=Audience.JEUNE, previous="le pass") for text in texts]
    assert len({type(match) for match in found}) == 7


async def test_who_waits_when_it_is_killed_is_told_and_the_next_is_answered(asking: Beside) -> None:
    its = its_process()
    os.kill(its, signal.SIGSTOP)
    waiting = [asyncio.create_task(asking(text, None, None)) for text in ("un", "deux")]
    await asyncio.sleep(0)
    os.kill(its, signal.SIGKILL)
    assert [type(error) for error in await asyncio.gather(*waiting, return_exceptions=True)] == [
        MatchingFailed,
        MatchingFailed,
    ]
    assert (await asking(ASKED, None, None)).candidates[0].entry_id == "thing-0"
    assert its_process() != its


def test_who_asks_while_its_end_is_being_noticed_is_told_too(library: Library) -> None:
    """The loop of the program closes the pipe first, and refuses to write to it until all is closed."""

    async def ask() -> None:
        there = Beside(library)
        await there.begin()
        assert there._process is not None
        its = its_process()
        os.kill(its, signal.SIGSTOP)
        there._process._questions.abort()
        await asyncio.sleep(0.01)
        try:
            with pytest.raises(MatchingFailed):
                await there(ASKED, None, None)
        finally:
            os.kill(its, signal.SIGCONT)
        await there.aclose()

    loops.run(ask())


async def test_one_that_does_not_answer_is_ended(asking: Beside, monkeypatch: pytest.MonkeyPatch) -> None:
    os.kill(its_process(), signal.SIGSTOP)
    monkeypatch.setattr(beside, "LONGEST", 0.2)
    with pytest.raises(MatchingFailed):
        await asking(ASKED, None, None)
    monkeypatch.undo()
    assert (await asking(ASKED, None, None)).candidates[0].entry_id == "thing-0"


async def test_a_new_version_has_its_own_process_and_those_who_wait_are_answered(
    asking: Beside, library: Library, here: Path
) -> None:
    its = its_process()
    waiting = asyncio.create_task(asking(ASKED, None, None))
    await asyncio.sleep(0)
    file = here / "content" / "entries" / "essai.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("cinéma", "karaoké"), encoding="utf-8")
    for _ in range(2):
        await asyncio.to_thread(library.look)
    assert library.edition.matcher is None
    assert (await asking("où réserver karaoké", None, None)).candidates[0].entry_id == "thing-0"
    assert (await waiting).candidates[0].entry_id == "thing-0"
    assert its_process() != its


async def test_content_that_changed_behind_us_is_matched_here(here: Path, library: Library) -> None:
    file = here / "content" / "entries" / "essai.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("cinéma", "karaoké"), encoding="utf-8")
    there = Beside(library)
    await there.begin()
    assert (await there(ASKED, None, None)).candidates[0].entry_id == "thing-0"
    assert not matching_for(os.getpid())
    await there.aclose()


async def test_where_nothing_can_be_kept_it_is_matched_here(here: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    there = Beside(Library(here / "content", Shelf(tmp_path / "file" / "cache")))
    await there.begin()
    assert (await there(ASKED, None, None)).candidates[0].entry_id == "thing-0"
    assert not matching_for(os.getpid())
    await there.aclose()


async def test_on_one_core_it_is_matched_here(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    there = Beside(library)
    await there.begin()
    assert (await there(ASKED, None, None)).candidates[0].entry_id == "thing-0"
    assert not matching_for(os.getpid())
    await there.aclose()


async def test_it_ends_with_whoever_started_it_and_not_before(library: Library) -> None:
    """Ctrl-C and the stop of a service reach it too, while what is in hand still needs it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.matching", *library.places, library.base.hash),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(library.edition.added.to_json().encode() + b"\n")
    assert await process.stdout.readline() == READY + b"\n"
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGTERM)
    process.stdin.write(asked(ASKED, None, None))
    found = answered(await process.stdout.readline())
    assert found.candidates[0].entry_id == "thing-0"
    process.stdin.close()
    assert await process.wait() == 0
