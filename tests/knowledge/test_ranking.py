"""In which order entries come, and why."""

from dataclasses import replace

import pytest

from knowledge.entries import Entry, KnowledgeBase
from knowledge.learned import learn_from
from knowledge.ranking import Ranker

OFTEN = ("remboursement du concert", "place au parterre", "salle complète", "date du spectacle")
SELDOM = ("remboursement du livre",)


def entry(entry_id: str, *phrasings: str) -> Entry:
    return Entry.model_validate(
        {
            "id": entry_id,
            "theme": "essai",
            "audiences": ["jeune"],
            "title": f"Titre {entry_id}",
            "phrasings": phrasings,
            "answer": "Voici la réponse.",
            "handoff": "always",
        }
    )


@pytest.fixture
def ranker(kb: KnowledgeBase) -> Ranker:
    language = kb.language.model_copy(update={"off_topic": {}, "said": {}, "said_not": {}})
    entries = (entry("often", *OFTEN), entry("seldom", *SELDOM))
    base = replace(kb, entries={one.id: one for one in entries}, language=language)
    return Ranker(base, learn_from(base))


def lead(ranker: Ranker, text: str) -> float:
    """Of the entry that is asked for often."""
    evidence = {one.entry_id: one.evidence for one in ranker.rank(ranker.reader.read(text)).entries}
    return evidence["often"] - evidence["seldom"]


def test_what_is_hardly_legible_is_likelier_what_is_often_asked(ranker: Ranker) -> None:
    assert lead(ranker, "rembousrment") > lead(ranker, "remboursement") + 0.5
