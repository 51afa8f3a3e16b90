"""Misspelt words are read as words of ours, and those that others use are left alone."""

import pytest

from knowledge.spelling import Attempts, Speller

COUNTS = {
    "cpf": 9, "sms": 2, "offre": 40, "offrir": 2, "livre": 60, "lire": 30, "adoption": 1, "solde": 2,
    "isole": 1,
}  # fmt: skip


def meant(word: str) -> list[str]:
    return [other for other, _ in Speller(COUNTS, known={"livret", "bpf"}).candidates(word)]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("offre", ["offre"]),
        ("ofrre", ["offre"]),
        ("cfp", ["cpf"]),  # three letters: one slip, of a word that stands there often
        ("smz", []),
        ("cp", []),
        ("adoptiln", ["adoption"]),  # long enough to be meant, though it stands there once
        ("sole", ["solde", "isole"]),  # both may be meant
        ("livret", []),  # a word of others
        ("bpf", []),
        ("4x4", []),
        ("zzzzzz", []),
    ],
)
def test_what_a_word_is_read_as(written: str, read: list[str]) -> None:
    assert meant(written) == read


def test_a_word_that_others_alone_use_may_be_a_slip_for_one_of_ours() -> None:
    speller = Speller(COUNTS | {"cpa": 5, "livra": 3}, known={"livra"}, ours=lambda word: word in COUNTS)
    (written, likely), (meant, less) = speller.candidates("cpa")
    assert (written, meant) == ("cpa", "cpf")
    assert likely > less
    assert speller.candidates("livra") == (("livra", 1.0),), "one that is known is what it is"
    assert speller.candidates("cpf") == (("cpf", 1.0),), "and one of ours"


def test_of_two_as_near_the_commoner_is_the_likelier() -> None:
    ways = Speller({"carte": 50, "parte": 2}).candidates("darte")
    assert [word for word, _ in ways] == ["carte", "parte"]
    assert 1 >= ways[0][1] > ways[1][1] > 0.5


def test_words_after_many_misspelt_ones_stay_as_they_are() -> None:
    words = Attempts(Speller(COUNTS, known={"livret"}), most=2)
    assert words.candidates("ofrre"), "the first"
    assert words.candidates("zzzzzz") == (), "the second"
    assert words.candidates("adoptiln") == (), "one too many"
    assert words.candidates("ofrre"), "one that was read before"
    assert words.candidates("livre") == (("livre", 1.0),), "words that are right"
    assert words.candidates("livret") == ()


def test_a_word_of_others_that_comes_too_late_is_what_is_written() -> None:
    words = Attempts(Speller(COUNTS | {"cpa": 5}, ours=lambda word: word in COUNTS), most=1)
    assert words.candidates("zzzzzz") == ()
    assert words.candidates("cpa") == (("cpa", 1.0),)
