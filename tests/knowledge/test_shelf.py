"""What was learnt is found again whole, or not at all."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.calibrating import study
from knowledge.entries import KnowledgeBase
from knowledge.learned import Learned
from knowledge.loading import CONTENT, load_knowledge
from knowledge.matching import Matcher
from knowledge.shelf import KEPT, Shelf, _modules_behind
from tests.knowledge.contents import medium


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    return load_knowledge(medium(tmp_path_factory.mktemp("content")))


@pytest.fixture(scope="module")
def learned(kb: KnowledgeBase) -> Learned:
    return study(kb)


def test_what_was_kept_decides_the_same(kb: KnowledgeBase, learned: Learned, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf")
    assert shelf.find(kb.lessons) is None
    assert shelf.keep(kb.lessons, learned)
    found = shelf.find(kb.lessons)
    assert found is not None
    assert found.confidence == learned.confidence
    assert found.confidence.curve
    assert found.longest_stems == learned.longest_stems
    fresh, kept = Matcher(kb, learned), Matcher(kb, found)
    for text in ("prix du cinéma", "jai perdu mon biyet pour le concert", "recette de crêpes", ""):
        assert kept.match(text) == fresh.match(text)


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "something else"])
def test_a_damaged_file_is_as_good_as_none(
    kb: KnowledgeBase, learned: Learned, tmp_path: Path, damage: str
) -> None:
    shelf = Shelf(tmp_path)
    shelf.keep(kb.lessons, learned)
    path = shelf.path(kb.lessons)
    raw = bytearray(path.read_bytes())
    if damage == "flipped":
        raw[len(raw) // 2] ^= 0xFF
    written = {
        "cut": raw[: len(raw) // 2],
        "flipped": raw,
        "empty": b"",
        "something else": b"PK\x03\x04",
    }
    path.write_bytes(bytes(written[damage]))
    assert shelf.find(kb.lessons) is None
    assert shelf.keep(kb.lessons, learned)
    assert shelf.find(kb.lessons) is not None


def test_another_version_of_the_content_finds_nothing(
    kb: KnowledgeBase, learned: Learned, tmp_path: Path
) -> None:
    shelf = Shelf(tmp_path)
    shelf.keep(kb.lessons, learned)
    assert shelf.find("0123456789abcdef") is None


def test_a_folder_that_cannot_be_made_is_no_shelf_and_no_error(
    kb: KnowledgeBase, learned: Learned, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    shelf = Shelf(tmp_path / "file" / "shelf")
    assert not shelf.keep(kb.lessons, learned)
    assert not shelf.keep_documents(kb.hash, {})
    assert shelf.find(kb.lessons) is None
    assert shelf.documents(kb.hash) is None


def test_only_the_last_used_stay(learned: Learned, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    names = [f"{number:016x}" for number in range(KEPT + 2)]
    for age, name in enumerate(names):
        shelf.keep(name, learned)
        if shelf.path(name).exists():
            os.utime(shelf.path(name), (1000 + age, 1000 + age))
    assert [shelf.find(name) is not None for name in names].count(True) == KEPT
    assert shelf.find(names[-1]) is not None
    assert not list(tmp_path.glob("*.tmp"))


def test_a_content_found_good_is_not_read_as_yaml_again(
    folder: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, shelf = folder(), Shelf(tmp_path / "shelf")
    first = load_knowledge(content, shelf)
    assert shelf.documents(first.hash) is not None
    again = load_knowledge(content, shelf)
    plain = load_knowledge(content)
    for base in (again, plain):
        assert (base.hash, base.entries, base.language) == (first.hash, first.entries, first.language)

    path = content / "entries" / "essai.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("perdu", "égaré"), encoding="utf-8")
    changed = load_knowledge(content, shelf)
    assert changed.hash != first.hash
    assert "jai égaré mon mdp" in changed.entries["forgotten-password"].phrasings


def test_another_sentence_of_the_robot_s_own_is_nothing_new_to_learn(folder: Callable[..., Path]) -> None:
    content = folder()
    first = load_knowledge(content)
    shutil.copytree(CONTENT / "texts", content / "texts", dirs_exist_ok=True)
    with (content / "texts" / "fr.yaml").open("a", encoding="utf-8") as texts:
        texts.write("# relu\n")
    changed = load_knowledge(content)
    assert changed.hash != first.hash
    assert changed.lessons == first.lessons

    path = content / "entries" / "essai.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("perdu", "égaré"), encoding="utf-8")
    assert load_knowledge(content).lessons != first.lessons


def test_only_the_code_that_learns_makes_what_was_learnt_another_thing() -> None:
    behind = _modules_behind("calibrating")
    assert {"calibrating", "learning", "normalising", "zones"} <= behind
    assert not {"advice", "scaffold", "loading"} & behind
