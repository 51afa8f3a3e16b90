"""Phrasings left out are truly unseen, and entries that attract each other are named."""

from knowledge import crossfit
from knowledge.entries import KnowledgeBase
from knowledge.learned import learn_from
from knowledge.ranking import Ranker
from tests.knowledge.contents import entry, small


def test_a_phrasing_that_is_like_no_other_is_not_found_when_left_out(kb: KnowledgeBase) -> None:
    base = small(
        kb,
        entry(
            "remboursement",
            "être remboursé du concert",
            "remboursé pour un concert annulé",
            "concert remboursé",
        ),
        entry("bibliotheque", "un livre abîmé", "le concert au xylophone", "livre abîmé à la librairie"),
    )
    found = {result.text: result for result in crossfit.leave_out(base)}
    assert len(found) == crossfit.size(base) == 6
    assert found["concert remboursé"].found[0] == "remboursement"
    tried = crossfit.summarise(base, list(found.values()))
    assert 4 <= tried.first.k < tried.first.n == tried.among_first.k == 6


def test_entries_that_attract_each_other_are_named_and_their_link_is_seen(kb: KnowledgeBase) -> None:
    one = entry("cinema-young", "place de cinéma", "horaire de la séance", "prix du film")
    other = entry(
        "cinema-pro", "horaire de séance", "place au cinéma", "prix d'un film", also=("cinema-young",)
    )
    base = small(kb, one, other)
    pairs = crossfit.summarise(base, list(crossfit.leave_out(base))).pairs
    assert [(pair.one, pair.other, pair.declared) for pair in pairs] == [("cinema-pro", "cinema-young", True)]
    assert pairs[0].count >= 3
    assert crossfit.neighbours(Ranker(base, learn_from(base)), one) == [("cinema-pro", 3)]
