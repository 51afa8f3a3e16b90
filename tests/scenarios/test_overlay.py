"""What was accepted joins the index of a running house, and outlives it; the files take it over at last."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from bot.library import Library, watch
from handlers.turn import Turn
from knowledge.loading import load_knowledge
from knowledge.overlay import Addition, Overlay, merged, wording
from knowledge.shelf import Shelf
from storage import proposals
from tests.actors import WebCitizen, texts
from tests.cli.program import bot
from tests.knowledge.contents import medium
from tests.stage import PATIENCE, Stage, open_stage

WORDS = "le tournevis cruciforme est introuvable"
NEARLY = "bonjour, un tournevis cruciforme introuvable"
ENTRY = "thing-3"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return medium(tmp_path / "content")


@asynccontextmanager
async def _watched(folder: Path, content: Path) -> AsyncIterator[Stage]:
    library, stop = Library(content, Shelf(folder / "cache")), asyncio.Event()
    library.find("", None, None)
    async with open_stage(f"sqlite:///{folder / 'souffleur.db'}", folder, library) as stage:
        watching = asyncio.create_task(watch(library, stop, stage.house.taught, every=0.03))
        yield stage
        stop.set()
        await watching


async def _until_changed(library: Library, before: str) -> None:
    end = time.monotonic() + 4 * PATIENCE
    while library.base.hash == before:
        assert time.monotonic() < end
        await asyncio.sleep(0.02)


def _accepted(words: str = WORDS, entry: str = ENTRY) -> "Overlay":
    return Overlay((Addition(kind="phrasing", target=entry, text=words),))


async def _accept(stage: Stage) -> int:
    def accept(turn: Turn) -> int:
        made = proposals.add(
            turn.session,
            kind="phrasing",
            target=ENTRY,
            words=WORDS,
            wording=wording(WORDS),
            referent_id=None,
            now=turn.now,
        )
        assert proposals.decide(turn.session, made.id, to="accepted", now=turn.now)
        return made.id

    return await stage.turn(accept)


async def test_an_accepted_wording_joins_the_index_of_a_running_house(tmp_path: Path, content: Path) -> None:
    async with _watched(tmp_path, content) as stage:
        library = stage.house.library
        assert ENTRY not in [c.entry_id for c in library.find(NEARLY, None, None).candidates[:1]]
        before = library.base.hash
        await _accept(stage)
        await _until_changed(library, before)
        assert library.base.hash.startswith(f"{before}-")
        assert library.find(NEARLY, None, None).candidates[0].entry_id == ENTRY
        assert "Voici la réponse" in texts(await WebCitizen(stage).says(WORDS))
    again = Library(content, Shelf(tmp_path / "cache"))
    again.teach(_accepted())
    again.learn_if_known()
    assert again.learnt, "the next start finds it on the shelf"
    assert again.find(NEARLY, None, None).candidates[0].entry_id == ENTRY


async def test_when_the_files_say_it_the_overlay_is_over(tmp_path: Path, content: Path) -> None:
    """Accepted, learnt, exported beside the running house, read by it: from then on the content says it."""
    async with _watched(tmp_path, content) as stage:
        library = stage.house.library
        before = library.base.hash
        number = await _accept(stage)
        await _until_changed(library, before)
        overlaid = library.base.hash
        done = await asyncio.to_thread(
            partial(bot, "content", "export", folder=tmp_path, knowledge_dir=str(content))
        )
        assert done.code == 0, done
        assert f'+  - "{WORDS}"' in done.out
        await _until_changed(library, overlaid)

        def joined(turn: Turn) -> bool:
            proposal = proposals.get(turn.session, number)
            return proposal is not None and proposal.joined_at is not None

        end = time.monotonic() + PATIENCE
        while not await stage.turn(joined):
            assert time.monotonic() < end
            await asyncio.sleep(0.02)
        assert library.base.hash == library.content.hash
        assert library.find(NEARLY, None, None).candidates[0].entry_id == ENTRY


def test_what_the_content_says_already_changes_nothing(content: Path) -> None:
    base = load_knowledge(content)
    known = base.entries[ENTRY].phrasings[0]
    assert merged(base, _accepted(known.upper())) is base
    assert merged(base, _accepted()).hash != base.hash
    gone = merged(base, _accepted(entry="gone"))
    assert gone.entries == base.entries
    assert _accepted(entry="gone").exact(base, WORDS) is None


def test_it_is_the_same_words_and_nothing_else(content: Path) -> None:
    base, accepted = load_knowledge(content), _accepted()
    found = accepted.exact(base, "  Le TOURNEVIS, cruciforme : est introuvable !! ")
    assert found is not None
    assert found.outcome == "handoff", "its entry always hands over"
    assert accepted.exact(base, f"{WORDS} ici") is None
    assert accepted.exact(base, "cruciforme le tournevis est introuvable") is None
    assert wording("mot " * 400) == wording("…") == ""
    assert Overlay.from_json(accepted.to_json()) == accepted
