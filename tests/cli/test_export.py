"""`content export`: accepted proposals become lines of the content's files, to be reviewed."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy.orm import Session

from knowledge.loading import load_knowledge
from knowledge.overlay import wording
from storage import proposals
from storage.database import open_database
from tests.cli.conftest import Terminal
from tests.knowledge.contents import medium
from tests.schema import lay

T = TypeVar("T")
WORDS = "le tournevis cruciforme est introuvable"
NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
DRAFT = {
    "id": "tournevis-perdu",
    "title": "Où est le tournevis ?",
    "theme": "essai",
    "audience": "jeune",
    "phrasings": ["ou est le tournevis"],
    "answer": "Dans le tiroir.",
}


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return medium(tmp_path / "content")


def _with_database(folder: Path, work: Callable[[Session], T]) -> T:
    async def go() -> T:
        url = f"sqlite:///{folder / 'souffleur.db'}"
        await lay(url)
        database = open_database(url)
        try:
            return await database.write(work)
        finally:
            await database.close()

    return asyncio.run(go())


def _accept(folder: Path, kind: proposals.Kind, target: str, words: str, draft: object = None) -> int:
    def work(session: Session) -> int:
        made = proposals.add(
            session,
            kind=kind,
            target=target,
            words=words,
            wording=wording(words),
            draft=draft if isinstance(draft, dict) else None,
            referent_id=None,
            now=NOW,
        )
        assert proposals.decide(session, made.id, to="accepted", now=NOW)
        return made.id

    return _with_database(folder, work)


def _states(folder: Path) -> list[str]:
    def work(session: Session) -> list[str]:
        found = (proposals.get(session, number) for number in range(1, 10))
        return [proposal.state for proposal in found if proposal is not None]

    return _with_database(folder, work)


def test_what_was_accepted_is_written_once_as_a_change_to_review(
    bot: Terminal, content: Path, tmp_path: Path
) -> None:
    files = {path: path.read_bytes() for path in content.rglob("*.yaml")}
    _accept(tmp_path, "phrasing", "thing-3", WORDS)
    _accept(tmp_path, "off_topic", "cuisine", "cuisson du potiron")
    _accept(tmp_path, "entry", "essai", "ou est le tournevis", DRAFT)
    there = {"knowledge_dir": str(content)}
    shown = bot("content", "export", "--dry-run", **there)
    assert shown.code == 0, shown
    assert f'+  - "{WORDS}"\n' in shown.out
    assert "+++ b/entries/essai.yaml" in shown.out
    assert "cuisson du potiron" in shown.out
    assert {path: path.read_bytes() for path in content.rglob("*.yaml")} == files
    assert _states(tmp_path) == ["accepted"] * 3
    done = bot("content", "export", **there)
    assert done.code == 0, done
    assert done.out == shown.out
    assert "3 proposal(s) exported, 2 file(s) changed" in done.err
    assert _states(tmp_path) == ["exported"] * 3
    base = load_knowledge(content)
    assert base.entries["thing-3"].phrasings[-1] == WORDS
    assert base.language.off_topic["cuisine"][-1] == "cuisson du potiron"
    assert base.entries["tournevis-perdu"].title == DRAFT["title"]
    assert sorted(content.rglob("*.part")) == []
    again = bot("content", "export", **there)
    assert (again.code, again.out) == (0, "")


def test_an_export_that_was_cut_short_is_finished_by_the_next(
    bot: Terminal, content: Path, tmp_path: Path
) -> None:
    """Killed between the files and the note: they are not written twice, and noted then."""
    _accept(tmp_path, "phrasing", "thing-3", WORDS)
    assert bot("content", "export", knowledge_dir=str(content)).code == 0
    _with_database(tmp_path, lambda session: setattr(proposals.get(session, 1), "state", "accepted"))
    before = (content / "entries" / "essai.yaml").read_bytes()
    again = bot("content", "export", knowledge_dir=str(content))
    assert (again.code, again.out) == (0, "")
    assert (content / "entries" / "essai.yaml").read_bytes() == before
    assert _states(tmp_path) == ["exported"]


def test_a_change_that_would_break_the_content_is_not_written(
    bot: Terminal, content: Path, tmp_path: Path
) -> None:
    _accept(tmp_path, "entry", "essai", "ou est le tournevis", {**DRAFT, "title": "T"})
    before = (content / "entries" / "essai.yaml").read_bytes()
    done = bot("content", "export", knowledge_dir=str(content))
    assert done.code == 1
    assert "rien n'est écrit" in done.err
    assert (content / "entries" / "essai.yaml").read_bytes() == before
    assert _states(tmp_path) == ["accepted"]


def test_what_has_no_place_waits(bot: Terminal, content: Path, tmp_path: Path) -> None:
    _accept(tmp_path, "phrasing", "thing-99", WORDS)
    done = bot("content", "export", knowledge_dir=str(content))
    assert done.code == 0
    assert "no place in these files" in done.err
    assert _states(tmp_path) == ["accepted"]
