"""What was learnt is written into the content's files, and nothing else of them changes."""

import difflib
from datetime import date
from pathlib import Path

import pytest

from knowledge import exporting
from knowledge.entries import KnowledgeBase
from knowledge.exporting import Draft
from knowledge.loading import CONTENT, examine
from knowledge.overlay import Addition

ON = date(2026, 11, 28)


def _takes_more(path: Path) -> bool:
    """Whether a wording may be added: then the test of all additions shows that nothing else changes."""
    return path.parent.name == "entries" or "\noff_topic:" in path.read_text(encoding="utf-8")


OTHERS = sorted(path for path in CONTENT.rglob("*.yaml") if not _takes_more(path))


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.relative_to(CONTENT).as_posix())
def test_a_file_in_which_nothing_changes_stays_byte_for_byte(path: Path) -> None:
    raw = path.read_bytes()
    assert exporting.rewritten(raw.decode("utf-8")).encode("utf-8") == raw


def _changes(before: str, after: str) -> list[str]:
    """Lines with their ends: what shows no change but those is the same, byte for byte."""
    pairs = before.splitlines(keepends=True), after.splitlines(keepends=True)
    lines = [line.removesuffix("\n") for line in difflib.unified_diff(*pairs, n=0)]
    return [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]


def test_every_entry_takes_a_wording_as_its_last_phrasing(kb: KnowledgeBase, tmp_path: Path) -> None:
    """All at once, over all files: each change is one new line, at its place."""
    additions = [
        Addition(kind="phrasing", target=entry_id, text=f"zorglub {number} ne marche pas")
        for number, entry_id in enumerate(kb.entries)
    ]
    subjects = [*kb.language.off_topic, "autre"]
    additions += [Addition(kind="off_topic", target=one, text=f"bulgroz de {one}") for one in subjects]
    written = exporting.write(CONTENT, additions, [], ON)
    assert written.homeless == []
    for name, text in written.changed().items():
        before, there = written.before[name], tmp_path / name
        assert all(change.startswith("+") for change in _changes(before, text)), name
        there.parent.mkdir(parents=True, exist_ok=True)
        there.write_text(text, encoding="utf-8")
    again = exporting.write(tmp_path, additions, [], ON)
    assert again.changed() == {}, "what stands there is not written again"
    (tmp_path / "examples.yaml").write_bytes((CONTENT / "examples.yaml").read_bytes())
    for path in CONTENT.glob("language/*.yaml"):
        if not (tmp_path / "language" / path.name).exists():
            (tmp_path / "language" / path.name).write_bytes(path.read_bytes())
    base, problems = examine(tmp_path)
    assert base is not None, problems
    for number, (entry_id, entry) in enumerate(kb.entries.items()):
        found = base.entries[entry_id].phrasings
        assert found == (*entry.phrasings, f"zorglub {number} ne marche pas")
    for subject in subjects:
        known = kb.language.off_topic.get(subject, ())
        assert base.language.off_topic[subject] == (*known, f"bulgroz de {subject}")


SMALL = """\
theme: essai
title: Essai
entries:
# Une remarque.
- id: essai-guichet
  audiences: [general]
  title: Où se trouve le guichet ?
  phrasings:   # comme on le dit
  - où est le guichet   # le plus court
  # en deux mots

  - "le guichet : où ?"

  # La réponse.
  answer: |
    Au premier étage.
  handoff: always
# La fin.
"""
ODD = [
    "non",
    "2026",
    "- un tiret",
    "dit : « oui »",
    'il a dit "oui"',
    "a # b",
    "l’été\\n",
    "été: 3",
    "@moi",
    "null",
]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    (tmp_path / "entries").mkdir()
    (tmp_path / "entries" / "essai.yaml").write_text(SMALL, encoding="utf-8")
    return tmp_path


def test_odd_words_are_read_back_as_they_were(small: Path) -> None:
    additions = [Addition(kind="phrasing", target="essai-guichet", text=text) for text in ODD]
    after = exporting.write(small, additions, [], ON).after["entries/essai.yaml"]
    added = _changes(SMALL, after)
    assert len(added) == len(ODD)
    assert all(after.index(line[1:]) < after.index("# La réponse.") for line in added)
    (small / "entries" / "essai.yaml").write_text(after, encoding="utf-8")
    base, problems = examine(small)
    assert base is not None, problems
    assert base.entries["essai-guichet"].phrasings[-len(ODD) :] == tuple(ODD)


def test_a_draft_is_begun_at_the_end_of_its_theme(small: Path) -> None:
    draft = Draft(
        id="essai-heures",
        title="Quelles sont : les heures ?",
        theme="essai",
        audience="jeune",
        phrasings=("quand ouvrez-vous", "- à quelle heure"),
        answer="De 9 h à 17 h.\n\nSauf le lundi # férié : non.",
    )
    written = exporting.write(small, [], [draft], ON)
    after = written.after["entries/essai.yaml"]
    assert after.startswith(SMALL)
    (small / "entries" / "essai.yaml").write_text(after, encoding="utf-8")
    assert exporting.write(small, [], [draft], ON).changed() == {}
    base, problems = examine(small)
    assert base is not None, problems
    entry = base.entries["essai-heures"]
    assert (entry.title, entry.phrasings) == (draft.title, draft.phrasings)
    assert entry.answer.strip() == draft.answer
    assert not entry.in_force(ON), "it is not said before somebody finished it"


def test_what_has_no_place_is_said(small: Path) -> None:
    additions = [
        Addition(kind="phrasing", target="partie", text="où est-elle"),
        Addition(kind="off_topic", target="autre", text="quel temps fait-il"),
    ]
    draft = Draft(id="x", title="Titre", theme="absent", audience="jeune", phrasings=("x",), answer="")
    written = exporting.write(small, additions, [draft], ON)
    assert written.changed() == {}
    assert written.homeless == ["où est-elle", "quel temps fait-il", "Titre"]
