"""Wordings that are asked for again and again are folded once."""

from knowledge.entries import KnowledgeBase
from knowledge.overlay import KEPT


def test_the_lines_of_two_versions_of_the_content_are_remembered(kb: KnowledgeBase) -> None:
    lines = sum(1 + len(entry.phrasings) for entry in kb.entries.values())
    lines += sum(map(len, kb.language.off_topic.values()))
    assert 2 * lines <= KEPT
