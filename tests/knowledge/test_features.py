"""Features of the content are those that a message of the same words has."""

from hypothesis import given
from hypothesis import strategies as st

from knowledge.features import END, NUMBER, RARE, Featuriser, pair
from knowledge.normalising import stem

WORDS = ("le", "de", "film", "films", "2", "2024", "bibliotheque", "xyzzy")
FEATURISER = Featuriser(frozenset({"le", "de"}), frozenset({"le", "de", "film", "2"}))


@given(st.lists(st.sampled_from(WORDS), max_size=8))
def test_words_that_are_sure_are_weighed_as_those_of_the_content(words: list[str]) -> None:
    assert FEATURISER.soft([((stem(word), 1.0),) for word in words], words) == FEATURISER.of(words)


def test_an_unknown_word_parts_its_neighbours() -> None:
    found = FEATURISER.soft([(("film", 1.0),), (), (("le", 1.0),)], ["film", "qsdf", "le"])
    assert not found.pairs
    assert found.slots == (pair("film", RARE), pair(RARE, "le"))
    assert found.ends[1:] == (pair("le", END),)


def test_a_number_is_any_number_however_common() -> None:
    assert (
        FEATURISER.of(["film", "2"]).slots == FEATURISER.of(["film", "2024"]).slots == (pair("film", NUMBER),)
    )
