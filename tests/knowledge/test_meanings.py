"""Words that nobody wrote here are understood by where they stand in French at large."""

import numpy as np
import pytest

from knowledge.entries import KnowledgeBase
from knowledge.learned import learn_from
from knowledge.loading import load_knowledge
from knowledge.meanings import NO_MEANINGS, Meanings, key, keys
from knowledge.ranking import Ranker
from knowledge.wordvectors import SIZE, WORDS, french, murmur
from tests.knowledge.contents import entry, medium, small


def near(one: str, other: str) -> float:
    return float(french().of([(one, 1.0)]) @ french().of([(other, 1.0)]))


@pytest.mark.parametrize(
    ("word", "like", "unlike"),
    [
        ("bouquin", "livre", "voiture"),
        ("inscrire", "inscription", "concert"),
        ("violon", "piano", "livre"),
        ("cine", "cinema", "ordinateur"),
    ],
)
def test_words_of_one_meaning_stand_near_one_another(word: str, like: str, unlike: str) -> None:
    assert near(word, like) > near(word, unlike) + 0.3


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    return load_knowledge(medium(tmp_path_factory.mktemp("content")))


@pytest.fixture(scope="module")
def ranker(base: KnowledgeBase) -> Ranker:
    return Ranker(base, learn_from(base))


@pytest.mark.parametrize(("word", "thing"), [("violon", "piano"), ("statue", "sculpture")])
def test_a_message_is_heard_in_words_that_no_entry_has(
    base: KnowledgeBase, ranker: Ranker, word: str, thing: str
) -> None:
    assert not any(word in phrasing for entry in base.entries.values() for phrasing in entry.phrasings)
    first = ranker.rank(ranker.reader.read(f"une remise sur le {word}")).entries[:3]
    assert any(base.entries[one.entry_id].title.endswith(thing) for one in first)


def test_only_words_of_two_letters_and_more_are_known() -> None:
    assert not french().of([("d", 1.0), ("l", 1.0)]).any()
    assert french().of([("de", 1.0)]).any()


def test_accents_do_not_matter() -> None:
    meanings = french()
    assert len(meanings.keys) < WORDS, "« eleve » and « élève » are one"
    assert meanings.vectors.shape[1] == SIZE


def test_rare_words_say_more_than_common_ones() -> None:
    said = french().of([("le", 1.0), ("theatre", 1.0)])
    assert said @ french().of([("theatre", 1.0)]) > 0.95


def test_a_word_that_is_unsure_counts_less() -> None:
    sure, unsure = (french().of([("livre", 1.0), ("voiture", share)]) for share in (1.0, 0.2))
    car = french().of([("voiture", 1.0)])
    assert unsure @ car < sure @ car


def test_what_nobody_knows_says_nothing() -> None:
    assert not french().of([("xqzwvk", 1.0)]).any()
    assert not NO_MEANINGS.of([("livre", 1.0)]).any()


def test_a_word_is_found_by_its_own_key() -> None:
    words = ["film", "livre", "musee"]
    order = np.argsort(keys(words))
    table = Meanings(
        keys=keys(words)[order],
        rows=order.astype(np.uint32),
        weights=np.ones(3, np.float16),
        vectors=np.eye(3, dtype=np.float16),
    )
    assert keys(words).tolist() == [key(word) for word in words]
    for place, word in enumerate(words):
        assert table.of([(word, 0.5)]) == pytest.approx(np.eye(3)[place])
    assert not table.of([("fille", 1.0)]).any()


def test_the_hash_is_the_one_of_the_package() -> None:
    """What spaCy's string store says of words of almost every length modulo eight."""
    hashes = {
        "de": 11144093025662894627,
        "coffee": 3197928453018144401,
        "cinéma": 6191870180849870719,
        "librairie": 11739632892489546365,
        "identifiants": 9319658021827547557,
        "bibliothèques": 4449571226346937177,
        "théâtre": 16903247904877284755,
    }
    assert dict(zip(hashes, murmur(list(hashes)).tolist(), strict=True)) == hashes


def test_a_content_of_few_lines_is_learnt_without(base: KnowledgeBase) -> None:
    few = small(base, entry("prix", "prix de la place"), entry("retard", "séance en retard"))
    assert not learn_from(few).meanings.of([("livre", 1.0)]).any()
    assert learn_from(base).meanings.of([("livre", 1.0)]).any()
