import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from knowledge.language import Language
from knowledge.normalising import MAX_LENGTH, Normaliser, cut, fold, split_words, stem

LANGUAGE = Language.model_validate(
    {
        "sms": {"jai": "j ai", "cb": "combien", "pk": "pourquoi"},
        "sms_unsure": {"g": "j ai", "c": "c est"},
        "stop_words": ["je j ai est c de"],
        "synonyms": {"argent": ["thune", "thunes"], "mot de passe": ["mdp"]},
    }
)
BEGINNINGS = ("rembours", "réserv", "activ", "annul", "inscri", "consult", "présent", "valid")
ENDINGS = ("ement", "ations", "eraient", "issions", "euses", "ables", "ives", "antes")
READER = Normaliser(LANGUAGE, {"inscription": 5, "avoir": 9, "peux": 9, "annuler": 4})


@given(st.text())
def test_folding_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_every_apostrophe_is_one() -> None:
    assert {fold(f"l{one}an") for one in "'’ʼ‘`´′ʹ＇"} == {"l'an"}


@given(st.text())
def test_words_are_lower_case_without_accents(text: str) -> None:
    for word in split_words(text):
        assert word == fold(word)
        assert unicodedata.normalize("NFD", word).isascii()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("J’AI créé MON cœur", "j ai cree mon coeur"),
        ("l´offre d`été", "l offre d ete"),
        ("créée", "creee".replace("eee", "ee")),
        ("tropppp", "trop"),
        ("150€ à 17ans", "150 euro a 17 ans"),
        ("20 000 €", "20000 euro"),
        ("écris à x@y.fr ou https://a.fr/b", "ecris a ou"),
        ("voir www.a.fr/b ou 06 12 34 56 78", "voir ou"),
    ],
)
def test_splitting(text: str, words: str) -> None:
    assert split_words(text) == words.split()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("jai perdu", "j ai perdu"),
        ("cb de thunes", "combien de argent"),
        ("mon mdp", "mon mot de passe"),
        ("g plus dinscription", "j ai plus d inscription"),
        ("jpeux lavoir", "je peux l avoir"),
        ("g", "g"),
    ],
)
def test_full_spelling(text: str, words: str) -> None:
    assert READER.words(text) == words.split()


@given(st.text())
@example("¼00")
def test_splitting_is_idempotent(text: str) -> None:
    words = split_words(text)
    assert split_words("; ".join(words)) == words  # a space would make one number of two


@given(st.text())
def test_the_cut_bounds_any_text(text: str) -> None:
    assert len(cut(text * 50)) <= MAX_LENGTH


def test_a_long_story_keeps_its_beginning_and_its_end() -> None:
    kept = cut("début " + "x" * 1_000_000 + " fin")
    assert kept.startswith("début")
    assert kept.endswith("fin")


def test_stems_join_forms_without_mixing_words() -> None:
    assert stem("remboursement") == stem("rembourser") == stem("remboursé".replace("é", "e"))
    assert stem("passe") != stem("pass")
    assert stem("ami") == "ami"


def test_two_who_read_at_once_do_not_mix_up_their_words() -> None:
    words = [f"{beginning}{end}" for beginning in BEGINNINGS for end in ENDINGS]
    stem.cache_clear()
    alone = [stem(word) for word in words]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(10):
            stem.cache_clear()
            with ThreadPoolExecutor(4) as readers:
                at_once = readers.map(lambda shift: [stem(word) for word in words[shift:]], range(4))
                assert [*at_once] == [alone[shift:] for shift in range(4)]
    finally:
        sys.setswitchinterval(interval)
