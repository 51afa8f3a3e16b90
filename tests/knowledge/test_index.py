"""What the weights say of a message, whoever asks beside it."""

import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from knowledge.arrays import Floats
from knowledge.entries import KnowledgeBase
from knowledge.features import Featuriser
from knowledge.index import Index
from knowledge.learned import Learned, learn_from
from tests.knowledge.contents import entry, small

WORDS = ["remboursement", "place", "concert", "livre", "seance", "cinema", "date", "salle", "retard", "film"]


@pytest.fixture
def learned(kb: KnowledgeBase) -> Learned:
    said = [f"{one} {other}" for one in WORDS for other in WORDS if one != other]
    return learn_from(small(kb, entry("first", *said[::2]), entry("second", *said[1::2])))


def test_many_who_ask_at_once_hear_what_one_would(learned: Learned) -> None:
    asked = [[*WORDS[n:], *WORDS[:n]][: n % 4 + 2] for n in range(len(WORDS))] * 3

    def ask(index: Index, words: list[str]) -> Floats:
        return index.scores(Featuriser(frozenset()).of(words), np.zeros(1, np.float32))

    alone = Index(learned.weights)
    wanted = [ask(alone, words) for words in asked]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(10):
            index = Index(learned.weights)
            with ThreadPoolExecutor(8) as pool:
                found = list(pool.map(lambda words, index=index: ask(index, words), asked))
            assert np.array_equal(found, wanted)
    finally:
        sys.setswitchinterval(interval)
