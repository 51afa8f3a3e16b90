"""Who may be like a word: nobody is left out, and few are looked at for nothing."""

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA, JaroWinkler

from knowledge.lookalikes import Lookalikes

LEAST = 0.84
WORDS = st.text("abcdeé", min_size=1, max_size=12)


@given(words=st.lists(WORDS, max_size=20), word=WORDS)
def test_nobody_is_left_out(words: list[str], word: str) -> None:
    near = Lookalikes(words, LEAST).of(word)
    alike = [other for other in words if JaroWinkler.normalized_similarity(word, other) >= LEAST]
    assert set(alike) <= set(near)
    assert near == [other for other in words if other in near], "in their order"


@given(words=st.lists(WORDS, max_size=20), word=WORDS)
def test_nobody_who_differs_by_one_slip_is_left_out(words: list[str], word: str) -> None:
    near = Lookalikes(words, LEAST).one_off(word)
    assert {other for other in words if OSA.distance(word, other) <= 1} <= set(near)
    assert near == [other for other in words if other in near], "in their order"


def test_words_of_other_letters_are() -> None:
    assert Lookalikes(["cinema", "livre", "cinemas"], LEAST).of("cniema") == ["cinema", "cinemas"]
    assert Lookalikes(["cinema", "livre", "cinemas", "amicale"], LEAST).one_off("cniema") == [
        "cinema",
        "cinemas",
    ]
