"""The content changes while the house runs: what is right comes in by itself, what is broken stays out."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.library import Library, watch
from handlers import login
from handlers.turn import Turn
from storage import directory
from tests.actors import WebCitizen, texts
from tests.knowledge.contents import with_few_words
from tests.shelf import SHELF
from tests.stage import PATIENCE, Stage, open_stage

ENTRY = """\
theme: essai
title: Essai
entries:
  - id: essai-guichet
    audiences: [general]
    title: Où se trouve le guichet ?
    phrasings: [où se trouve le guichet]
    answer: Le guichet est au premier étage.
    sources: [{title: Essai, url: "https://exemple.fr"}]
    as_of: "2026"
"""


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A small content folder; the rest is the shipped one's."""
    (tmp_path / "content" / "entries").mkdir(parents=True)
    (tmp_path / "content" / "entries" / "essai.yaml").write_text(ENTRY)
    return tmp_path / "content"


@asynccontextmanager
async def _watched(folder: Path, content: Path) -> AsyncIterator[Stage]:
    library, stop = Library(content, SHELF), asyncio.Event()
    async with open_stage(f"sqlite:///{folder / 'souffleur.db'}", folder, library) as stage:
        watching = asyncio.create_task(watch(library, stop, every=0.03))
        yield stage
        stop.set()
        await watching


async def _until(stage: Stage, *, changed_from: str | None = None, problems: bool = False) -> None:
    end = time.monotonic() + PATIENCE
    library = stage.house.library
    while library.base.hash == changed_from or bool(library.problems) is not problems:
        assert time.monotonic() < end, library.problems
        await asyncio.sleep(0.01)


async def _fiches(stage: Stage) -> str:
    """What the console shows to an administrator."""

    def link(turn: Turn) -> str:
        who = directory.by_name(turn.session, "Diane") or directory.add(
            turn.session, name="Diane", role="admin", national=True, email=None, now=turn.now
        )
        return login.link(turn, who).rsplit("/", 1)[1]

    headers = {"Sec-Fetch-Site": "same-origin"}
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(stage.url, cookie_jar=jar, headers=headers) as client:
        await client.post(f"/console/login/{await stage.turn(link)}")
        return await (await client.get("/console/fiches")).text()


@pytest.mark.fault(77)
async def test_an_edited_answer_is_said_without_a_restart(tmp_path: Path, content: Path) -> None:
    async with _watched(tmp_path, content) as stage:
        nadia, before = WebCitizen(stage), stage.house.library.base.hash
        assert "premier étage" in texts(await nadia.says("/start essai-guichet"))
        (content / "entries" / "essai.yaml").write_text(ENTRY.replace("premier", "second"))
        await _until(stage, changed_from=before)
        assert "second étage" in texts(await nadia.says("/start essai-guichet"))
        page = await _fiches(stage)
        assert stage.house.library.base.hash in page
        assert before not in page


@pytest.mark.fault(77)
async def test_a_broken_change_stays_out_and_the_console_says_why(tmp_path: Path, content: Path) -> None:
    async with _watched(tmp_path, content) as stage:
        nadia, file = WebCitizen(stage), content / "entries" / "essai.yaml"
        file.write_text(ENTRY.replace("second", "tiers").replace("    answer:", "    reponse:"))
        await _until(stage, problems=True)
        assert "premier étage" in texts(await nadia.says("/start essai-guichet"))
        page = await _fiches(stage)
        assert "est refusé" in page
        assert "entries/essai.yaml:" in page
        file.write_text(ENTRY)
        await _until(stage)
        assert "est refusé" not in await _fiches(stage)
        shutil.rmtree(content / "entries")
        await _until(stage, problems=True)
        assert "premier étage" in texts(await nadia.says("/start essai-guichet"))


@pytest.mark.fault(77)
def test_what_is_still_being_written_waits_for_the_next_look(content: Path) -> None:
    library, file = Library(content, SHELF), content / "entries" / "essai.yaml"
    whole = ENTRY.replace("premier", "second")
    for end in (60, 150, len(whole)):
        file.write_text(whole[:end])
        library.look()
        assert library.problems == ()
        assert "premier" in library.base.entries["essai-guichet"].answer
    library.look()
    assert library.problems == ()
    assert "second" in library.base.entries["essai-guichet"].answer


@pytest.mark.fault(77)
def test_base_and_matcher_change_together(content: Path) -> None:
    library = Library(with_few_words(content), SHELF)
    assert library.find("où se trouve le guichet", None, None).candidates
    (content / "entries" / "essai.yaml").write_text(ENTRY.replace("essai-guichet", "essai-accueil"))
    library.look()
    library.look()
    found = library.find("où se trouve le guichet", None, None).candidates
    assert [candidate.entry_id for candidate in found] == ["essai-accueil"]
