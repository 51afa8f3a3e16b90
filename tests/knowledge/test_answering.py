"""How an entry is said."""

from datetime import date

from knowledge.answering import answer_text
from knowledge.entries import KnowledgeBase


def test_information_of_more_than_a_year_ago_is_said_to_be_so_in_a_sentence_of_its_own(
    kb: KnowledgeBase,
) -> None:
    entry = next(entry for entry in kb.entries.values() if entry.sources)
    assert entry.as_of is not None
    later = date(int(entry.as_of[:4]) + 3, 1, 1)
    assert "). Cette information a plus d" in answer_text(kb, entry, audience=None, on=later)
    at_once = date(int(entry.as_of[:4]), 12, 31)
    assert ").\n\nRéponse automatique." in answer_text(kb, entry, audience=None, on=at_once)
