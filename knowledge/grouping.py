"""Questions that say much the same, put together: what is missing most is at the top.

Each wording is a vector of its words, pairs and letters, as for the index, weighed by how rare they are among
the questions themselves. Groups grow around the wordings with the most neighbours; each other wording then
goes to the centre it is most like. The same questions give the same groups, in whatever order they come.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from knowledge.arrays import Floats
from knowledge.features import Features, Featuriser
from knowledge.language import Language
from knowledge.normalising import Normaliser, cut, stop_stems
from knowledge.vectors import Space

LIKE = 0.38
"""Likeness from 0 to 1 from which two wordings stand in one group."""
MOST = 5_000
_ROWS = 256


@dataclass(frozen=True, slots=True)
class Group:
    """Numbers of the texts, by the likeness to the centre; the first is the most central."""

    members: tuple[int, ...]


def grouped(texts: Sequence[str], language: Language) -> tuple[Group, ...]:
    """The groups, the largest first; at most `MOST` texts. Takes seconds for thousands."""
    normaliser = Normaliser(language)
    featuriser = Featuriser(stop_stems(normaliser))
    by_words: dict[tuple[str, ...], list[int]] = {}
    for number, text in enumerate(texts[:MOST]):
        by_words.setdefault(tuple(normaliser.words(cut(text))), []).append(number)
    wordings = sorted(by_words)
    if not wordings:
        return ()
    rows = _rows([featuriser.of(words) for words in wordings])
    counts = np.array([len(by_words[words]) for words in wordings], np.float32)
    groups: dict[int, list[tuple[float, int]]] = {}
    for row, (centre, likeness) in enumerate(_nearest_centres(rows, counts)):
        groups.setdefault(centre, []).append((-likeness, row))
    found = [
        Group(tuple(number for _, row in sorted(members) for number in by_words[wordings[row]]))
        for members in groups.values()
    ]
    return tuple(sorted(found, key=lambda group: (-len(group.members), group.members[0])))


def _rows(features: Sequence[Features]) -> sparse.csr_matrix:
    """One row of length 1 for each wording."""
    names: dict[str, int] = {}
    seen: list[int] = []
    for one in features:
        seen += [
            names.setdefault(name, len(names))
            for group in (one.words, one.pairs, one.letters)
            for name in group
        ]
    asked = np.bincount(np.array(seen, np.int64), minlength=len(names))
    rarity = (np.log((1 + len(features)) / (1 + asked)) + 1).astype(np.float32)
    space = Space(names, rarity)
    vectors = [space.vector(one) for one in features]
    starts = np.cumsum([0, *(len(vector.columns) for vector in vectors)])
    columns = np.concatenate([vector.columns for vector in vectors])
    values = np.concatenate([vector.scaled for vector in vectors])
    rows = sparse.csr_matrix((values, columns, starts), shape=(len(features), max(len(names), 1)))
    length = np.sqrt(rows.multiply(rows).sum(1)).A1
    return sparse.diags(1 / np.maximum(length, 1e-9)).dot(rows).tocsr()


def _nearest_centres(rows: sparse.csr_matrix, counts: Floats) -> list[tuple[int, float]]:
    """For each row the centre of its group, and how like it is."""
    size, turned = rows.shape[0], rows.T.tocsr()
    neighbours = np.zeros(size, np.float32)
    for start in range(0, size, _ROWS):
        near = (rows[start : start + _ROWS] @ turned).toarray()
        neighbours[start : start + _ROWS] = (near >= LIKE) @ counts
    nearest, best = np.arange(size), np.where(neighbours > 0, 0.0, 1.0)
    free = np.ones(size, bool)
    # The order of the rows, which are sorted, decides between equals.
    for row in np.argsort(-neighbours, kind="stable").tolist():
        if not free[row]:
            continue
        near = (rows[row] @ turned).toarray()[0]
        near[row] = 1.0
        closer = (near >= LIKE) & (near > best)
        nearest[closer], best[closer] = row, near[closer]
        free[near >= LIKE] = False
        free[row] = False
    return list(zip(nearest.tolist(), best.tolist(), strict=True))
