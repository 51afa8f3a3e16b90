"""What lines teach: whose they are, what they are not, and the same each time."""

import math

import numpy as np

from knowledge.corpus import Corpus, Line
from knowledge.features import COMMON, Featuriser, common_stems
from knowledge.index import Index
from knowledge.learning import learn
from knowledge.meanings import NO_MEANINGS
from knowledge.normalising import stem
from knowledge.rows import Rows

STOP = frozenset({"le", "la", "de"})


def line(owner: str, text: str) -> Line:
    return Line(owner, tuple(text.split()), text)


def corpus(*lines: Line, negatives: tuple[Line, ...] = (), others: tuple[Line, ...] = ()) -> Corpus:
    answers = {one.owner: () for one in lines}
    return Corpus(lines=lines, others=others, negatives=negatives, answers=answers, counts={})


LINES = (
    line("cinema", "prix de la seance"),
    line("cinema", "place de cinema"),
    line("cinema", "film complet"),
    line("livre", "prix de le livre"),
    line("livre", "livre abime"),
    line("livre", "librairie fermee"),
)


def scores(of: Corpus, text: str) -> dict[str, float]:
    featuriser = Featuriser(STOP)
    index = Index(learn(of, Rows(of, featuriser, NO_MEANINGS)))
    scores = index.scores(featuriser.of(text.split()), NO_MEANINGS.of(()))
    return dict(zip(index.owners, scores.tolist(), strict=True))


def test_a_message_finds_those_who_say_it() -> None:
    found = scores(corpus(*LINES), "livre fermee")
    assert found["livre"] > found["cinema"]


def test_a_word_that_all_say_decides_nothing() -> None:
    things = {"cinema": "film", "livre": "livre", "musee": "visite", "concert": "festival"}
    of = corpus(
        *(
            line(owner, text)
            for owner, thing in things.items()
            for text in (
                *(f"prix de {thing}", f"prix {thing}", f"{thing} complet"),
                *(f"le {thing}", f"la {thing}", f"de {thing}", owner),
            )
        )
    )
    common, telling = sorted(scores(of, "prix").values()), sorted(scores(of, "festival").values())
    assert common[-1] - common[-2] < math.log(2), "not even twice as probable"
    assert telling[-1] - telling[-2] > math.log(4)


def test_letters_bring_words_together_that_nobody_wrote() -> None:
    found = scores(corpus(*LINES), "libraires")
    assert found["livre"] > found["cinema"]


def test_endings_tell_words_of_one_stem_apart() -> None:
    assert stem("reserver") == stem("reserves")
    lines = (
        *(line("demander", text) for text in ("reserver deux places", "reserver une seance")),
        *(line("stock", text) for text in ("les reserves vides", "nos reserves du musee")),
    )
    found = scores(corpus(*lines), "reserver")
    assert found["demander"] > found["stock"]


def test_a_message_that_begins_as_others_do_is_more_like_them() -> None:
    lines = (
        *(line("acheter", f"acheter {what} livre") for what in ("mon", "son", "ton")),
        *(line("livre", f"{what} livre acheter") for what in ("mon", "son", "ton")),
    )
    found = scores(corpus(*lines), "acheter film livre")
    assert found["acheter"] > found["livre"]


def test_a_negative_pushes_its_owner_down() -> None:
    negative = line("cinema", "remboursement de la seance")
    before = scores(corpus(*LINES), "remboursement de la seance")
    after = scores(corpus(*LINES, negatives=(negative,)), "remboursement de la seance")
    assert after["cinema"] - after["livre"] < before["cinema"] - before["livre"]


def test_what_is_not_ours_has_owners_of_its_own() -> None:
    weather = (line("!meteo", "il pleut demain"), line("!meteo", "grand soleil"))
    found = scores(corpus(*LINES, others=weather), "soleil demain")
    assert max(found, key=lambda owner: found[owner]) == "!meteo"


def test_the_same_is_learnt_each_time() -> None:
    of = corpus(*LINES)
    one, other = (
        learn(of, Rows(of, Featuriser(STOP), NO_MEANINGS)),
        learn(of, Rows(of, Featuriser(STOP), NO_MEANINGS)),
    )
    assert one.names == other.names
    assert np.array_equal(one.ratio, other.ratio)
    assert np.array_equal(one.correction, other.correction)


def test_a_part_teaches_the_same_whatever_the_rows_were_made_for() -> None:
    part, whole = corpus(*LINES), corpus(*LINES, line("musee", "prix du musee"), line("livre", "beau livre"))
    one, other = (
        learn(part, Rows(part, Featuriser(STOP), NO_MEANINGS)),
        learn(part, Rows(whole, Featuriser(STOP), NO_MEANINGS)),
    )
    assert one.owners == other.owners
    assert sorted(one.names) == sorted(other.names)
    order, same = np.argsort(one.names), np.argsort(other.names)
    assert np.allclose(one.rarity[order], other.rarity[same])
    for text in ("livre du cinema", "prix du musee"):
        said = Featuriser(STOP).of(text.split()), NO_MEANINGS.of(())
        assert np.allclose(Index(one).scores(*said), Index(other).scores(*said), atol=1e-2)


def test_an_empty_message_says_nothing() -> None:
    assert set(scores(corpus(*LINES), "").values()) == {0.0}


def test_what_is_said_around_names_and_numbers_is_heeded_whatever_they_are() -> None:
    common = frozenset({"appel", "dan", "minut", "chez"})
    featuriser = Featuriser(STOP, common)
    assert featuriser.of(["appelle", "dupont", "dans", "20", "minutes"]).slots == (
        "appel ?",
        "? dan",
        "dan 0-9",
        "0-9 minut",
    )
    assert featuriser.of(["appelle", "chez"]).slots == ()
    assert Featuriser(STOP).of(["appelle", "dupont"]).slots == (), "no word is common: none is rare"


def test_common_words_stand_in_many_lines() -> None:
    lines = [("le", "film"), ("le", "livre", "livre"), *[("le",)] * COMMON]
    assert common_stems(lines) == {"le"}


def test_a_pair_that_stands_in_one_line_alone_is_not_kept() -> None:
    of = corpus(*LINES)
    names = learn(of, Rows(of, Featuriser(STOP), NO_MEANINGS)).names
    assert "prix de" in names
    assert "film complet" not in names
    assert stem("complet") in names
