"""A misspelt word is what is like it and stands well between its neighbours."""

import pytest

from knowledge.readings import Readings
from knowledge.spelling import MOST_REPAIRED, Speller

COUNTS = {
    "nuit": 30, "unite": 30, "travail": 60, "de": 90, "compte": 40, "conte": 40, "bloque": 20, "cdd": 30,
    "cd": 5, "fin": 20, "solde": 9,
}  # fmt: skip
PAIRS = {
    "^ travail": 3.0,
    "travail de": 3.0,
    "de nuit": 4.0,
    "fin de": 3.0,
    "de cdd": 4.0,
    "cdd $": 4.0,
    "compt bloqu": 5.0,
}
OTHERS = {"cd", "conte"}


def readings() -> Readings:
    speller = Speller(COUNTS, ours=lambda word: word not in OTHERS)
    return Readings(speller, lambda name: PAIRS.get(name, 0.0), {"solde"})


def read(text: str) -> list[str]:
    return [ways[0][0] if ways else "?" for ways in readings().of(text.split())]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("unit", "unite"),  # alone it is the likelier
        ("travail de unit", "travail de nuit"),
        ("comte", "compte"),
        ("comtes bloque", "compte bloque"),
        ("cd", "cd"),  # a word of others, and of nobody else
        ("fin de cd", "fin de cdd"),
        ("zzz de nuit", "? de nuit"),
        ("", ""),
    ],
)
def test_neighbours_say_what_was_meant(written: str, meant: str) -> None:
    assert read(written) == meant.split()


def test_a_word_that_is_one_has_no_other_reading() -> None:
    ((meant, sure),) = readings().of(["fin", "de", "cd"])[2]
    assert meant == "cdd"
    assert 0.5 < sure < 1, "a guess"
    assert readings().of(["cd", "bloque"])[0] == (("cd", 1.0),)


def test_none_is_surer_than_a_word_that_is_known() -> None:
    ways = Readings(Speller({"inscription": 10**6}), lambda _: 9.0).of(["inscripton"])
    assert ways == ((("inscription", 1.0),),)


@pytest.mark.parametrize(("written", "mended"), [("soldee", "solde"), ("solde", "solde"), ("fni", "fni")])
def test_words_that_others_are_read_for_are_mended_first(written: str, mended: str) -> None:
    assert readings().mended(written) == mended


def test_a_message_has_so_many_repairs_and_the_next_as_many() -> None:
    nonsense = ["z" * n for n in range(4, 4 + MOST_REPAIRED)]
    for _ in range(2):
        (*_, last) = readings().of_one_message().of([*nonsense[1:], "comte"])
        assert last[0][0] == "compte"
        (*_, last) = readings().of_one_message().of([*nonsense, "comte"])
        assert last == ()
