"""Lines are learnt from in the same numbers in which messages are weighed, some at a time as all at once."""

import numpy as np
import pytest

from knowledge.arrays import Floats
from knowledge.batches import Dense, Spelled
from knowledge.corpus import Corpus, Line
from knowledge.features import Featuriser
from knowledge.meanings import NO_MEANINGS
from knowledge.rows import Rows
from knowledge.vectors import Space

TEXTS = ("prix de la seance", "place de cinema de la seance", "film", "le 20 films complets", "")
FEATURISER = Featuriser(frozenset({"le", "la", "de"}), frozenset({"film"}))
WORDS = [tuple(text.split()) for text in TEXTS]


@pytest.fixture
def rows() -> Rows:
    lines = tuple(Line("cinema", words, " ".join(words)) for words in WORDS)
    return Rows(Corpus(lines=lines, others=(), negatives=(), answers={}, counts={}), FEATURISER, NO_MEANINGS)


@pytest.fixture
def rarity(rows: Rows) -> Floats:
    return np.random.default_rng(1).uniform(1, 5, len(rows.names)).astype(np.float32)


@pytest.fixture
def spelled(rows: Rows, rarity: Floats) -> Spelled:
    return rows.scaled(WORDS, np.arange(len(rows.names)), np.arange(0), rarity)


def _dense(of: Spelled) -> Floats:
    dense: Floats = np.hstack([of.said.toarray(), (of.words @ of.runs).toarray()])
    return dense


def test_a_line_is_learnt_from_as_a_message_is_weighed(rows: Rows, rarity: Floats, spelled: Spelled) -> None:
    space = Space({name: number for number, name in enumerate(rows.names)}, rarity)
    plain, scaled = np.zeros((2, len(WORDS), len(rows.names)), np.float32)
    for number, words in enumerate(WORDS):
        vector = space.vector(FEATURISER.of(words))
        plain[number, vector.columns] = vector.plain
        scaled[number, vector.columns] = vector.scaled
    assert np.allclose(rows.plain(WORDS).toarray(), plain, atol=1e-6)
    assert np.allclose(_dense(spelled), scaled, atol=1e-6)


def test_features_that_one_owner_has_count_for_the_length_alone(
    rows: Rows, rarity: Floats, spelled: Spelled
) -> None:
    columns = np.arange(len(rows.names))
    shared, single = columns[::2], columns[1::2]
    some = rows.scaled(WORDS, shared, single, np.concatenate([rarity[::2], rarity[1::2]]))
    assert np.allclose(_dense(some), _dense(spelled)[:, ::2], atol=1e-6)


def test_a_batch_scores_and_lowers_as_all_lines_would(spelled: Spelled) -> None:
    lines, draw = np.array([3, 0, 1]), np.random.default_rng(2)
    weights = draw.normal(size=(spelled.features, 4)).astype(np.float32)
    slopes = draw.normal(size=(len(lines), 4)).astype(np.float32)
    apart, together = weights.copy(), weights.copy()
    batch, dense = spelled.batch(lines), Dense(_dense(spelled)).batch(lines)
    assert np.allclose(batch.scores(apart), dense.scores(together), atol=1e-4)
    batch.lower(apart, slopes)
    dense.lower(together, slopes)
    assert np.allclose(apart, together, atol=1e-4)
    assert not np.allclose(apart, weights)
