"""In which order entries come, and why."""

import pytest

from knowledge.entries import KnowledgeBase
from knowledge.learned import learn_from
from knowledge.ranking import Ranker
from knowledge.spelling import MOST_REPAIRED
from tests.knowledge.contents import entry, small

OFTEN = ("remboursement du concert", "place au parterre", "salle complète", "date du spectacle")
SELDOM = ("remboursement du livre",)


@pytest.fixture
def ranker(kb: KnowledgeBase) -> Ranker:
    base = small(kb, entry("often", *OFTEN), entry("seldom", *SELDOM))
    return Ranker(base, learn_from(base))


def lead(ranker: Ranker, text: str) -> float:
    """Of the entry that is asked for often."""
    evidence = {one.entry_id: one.evidence for one in ranker.rank(ranker.reader.read(text)).entries}
    return evidence["often"] - evidence["seldom"]


def test_what_is_hardly_legible_is_likelier_what_is_often_asked(ranker: Ranker) -> None:
    assert lead(ranker, "rembousrment") > lead(ranker, "remboursement") + 0.5


def test_a_message_of_nothing_but_misspelt_words_is_repaired_so_far(ranker: Ranker) -> None:
    def last(before: int) -> str:
        nonsense = [f"zq{chr(97 + n // 26)}x{chr(97 + n % 26)}k" for n in range(before)]
        return ranker.reader.read(" ".join([*nonsense, "parterer"])).whole.words[-1]

    assert last(MOST_REPAIRED - 1) == "parterre"
    assert last(MOST_REPAIRED) == "parterer"
