"""`evaluate`: a report that is kept, and what changed since."""

import json
from pathlib import Path

from knowledge.calibrating import study
from knowledge.loading import load_knowledge
from knowledge.shelf import Shelf
from tests.cli.conftest import Terminal
from tests.cli.test_content import ENTRIES
from tests.knowledge.contents import with_few_words

MESSAGES = [
    {"text": "jai perdu mon mot de passe", "expect": "answer", "entries": ["forgotten-password"]},
    {"text": "je veux parler à un humain", "expect": "human"},
    {"text": "nouvelle adresse mail", "expect": "answer", "entries": ["change-email"], "audience": "jeune"},
]


def test_a_report_is_compared_with_the_one_before(bot: Terminal, tmp_path: Path) -> None:
    folder, messages, old = tmp_path / "content", tmp_path / "messages.jsonl", tmp_path / "old.json"
    (with_few_words(folder) / "entries").mkdir()
    entries, settings = folder / "entries/essai.yaml", {"knowledge_dir": str(folder)}
    settings["cache_dir"] = str(tmp_path / "cache")
    entries.write_text(ENTRIES, encoding="utf-8")
    _learn(folder, tmp_path / "cache")
    messages.write_text("\n".join(json.dumps(message) for message in MESSAGES), encoding="utf-8")
    kept = bot("evaluate", str(messages), "--json", **settings)
    old.write_text(kept.out, encoding="utf-8")
    assert len(json.loads(kept.out)["lines"]) == 3

    same = bot("evaluate", str(messages), "--compare", str(old), **settings)
    assert same.code == 0, same
    assert "Lost: 0" in same.out
    assert "Gained: 0" in same.out

    entries.write_text(ENTRIES.replace("forgotten-password", "other-id"), encoding="utf-8")
    _learn(folder, tmp_path / "cache")
    changed = bot("evaluate", str(messages), "--compare", str(old), "--json", **settings)
    comparison = json.loads(changed.out)["comparison"]
    lost = [line["after"]["text"] for line in comparison["lines"] if line["change"] == "lost"]
    assert lost == ["jai perdu mon mot de passe"]
    assert comparison["shares"]["top1"] == {"before": [2, 2], "after": [1, 2]}
    shown = bot("evaluate", str(messages), "--compare", str(old), **settings)
    assert "Lost: 1" in shown.out
    assert "-50.0" in shown.out


def _learn(folder: Path, cache: Path) -> None:
    """So little is learnt anew by each command, unless it lies on the shelf."""
    base = load_knowledge(folder)
    Shelf(cache).keep(base.lessons, study(base))


def test_what_is_no_report_is_refused(bot: Terminal, tmp_path: Path) -> None:
    messages, old = tmp_path / "messages.jsonl", tmp_path / "old.json"
    messages.write_text(json.dumps(MESSAGES[1]), encoding="utf-8")
    for text in ("[]", "{", '{"messages": 1}'):
        old.write_text(text, encoding="utf-8")
        done = bot("evaluate", str(messages), "--compare", str(old))
        assert done.code == 1
        assert "old.json" in done.err
        assert "Traceback" not in done.err
    assert bot("evaluate", str(messages), "--compare", str(tmp_path / "none")).code == 1
