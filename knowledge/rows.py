"""The lines of a content as rows of numbers: made once, however many learn from some of the lines."""

from collections.abc import Collection, Iterable, Iterator, Sequence

import numpy as np
from scipy import sparse

from knowledge.arrays import Bools, Floats, Ints
from knowledge.corpus import Corpus
from knowledge.features import LETTERS, Features, Featuriser, runs
from knowledge.meanings import Meanings
from knowledge.vectors import Space, Vector

Words = tuple[str, ...]


class Rows:
    def __init__(self, corpus: Corpus, featuriser: Featuriser, meanings: Meanings) -> None:
        features = {words: featuriser.of(words) for words in _all_words(corpus)}
        self.names = tuple(dict.fromkeys(_names_of(features.values())))
        self._number = {words: number for number, words in enumerate(features)}
        self._letters = np.array([name.startswith(LETTERS) for name in self.names], bool)
        numbers = {name: number for number, name in enumerate(self.names)}
        space = Space(numbers, np.ones(len(numbers), np.float32))
        vectors = [space.vector(one) for one in features.values()]
        self._plain, self._scaled = _matrices(vectors, len(self.names))
        self._meant = np.array([meanings.of((word, 1.0) for word in words) for words in features])

    def counts(self, lines: Iterable[Words], owners: Sequence[int], size: int) -> sparse.csr_matrix:
        """All features × owners: in how many lines of each a feature stands."""
        rows = self.plain(lines)
        there = sparse.csr_matrix((np.ones(rows.nnz, np.float32), rows.indices, rows.indptr), rows.shape)
        number = np.arange(rows.shape[0] + 1)
        whose = sparse.csr_matrix((np.ones(len(owners), np.float32), owners, number), (len(owners), size))
        return (there.T @ whose).tocsr()

    def plain(self, lines: Iterable[Words]) -> sparse.csr_matrix:
        """Lines × all features, in the plain view."""
        return self._plain[[self._number[words] for words in lines]]

    def meant(self, lines: Iterable[Words]) -> Floats:
        """Lines × the numbers of their meaning."""
        found: Floats = self._meant[[self._number[words] for words in lines]]
        return found

    def scaled(self, lines: Iterable[Words], columns: Ints, rarity: Floats) -> sparse.csr_matrix:
        """Lines × these features, of that rarity, in the scaled view."""
        rows = self._scaled[[self._number[words] for words in lines]][:, columns]
        rows.data *= rarity[rows.indices]
        _divide_by_length(rows, self._letters[columns])
        return rows


def _all_words(corpus: Corpus) -> Iterator[Words]:
    for line in (*corpus.lines, *corpus.others, *corpus.negatives):
        yield line.words
    yield from corpus.answers.values()


def _names_of(features: Collection[Features]) -> Iterator[str]:
    for one in features:
        yield from one.words
        yield from one.pairs
        yield from one.ends
        yield from one.slots
    for word in dict.fromkeys(word for one in features for word in one.spelled):
        yield from runs(word)


def _matrices(vectors: Sequence[Vector], size: int) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    starts = np.cumsum([0, *(len(vector.columns) for vector in vectors)])
    columns = np.concatenate([vector.columns for vector in vectors] or [np.zeros(0, np.int32)])

    def matrix(values: Sequence[Floats]) -> sparse.csr_matrix:
        joined = np.concatenate([*values, np.zeros(0, np.float32)])
        return sparse.csr_matrix((joined, columns, starts), shape=(len(vectors), size))

    return matrix([vector.plain for vector in vectors]), matrix([vector.scaled for vector in vectors])


def _divide_by_length(rows: sparse.csr_matrix, letters: Bools) -> None:
    """Makes words with pairs, and letters, each of length 1 in every row."""
    parts = 2 * np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr)) + letters[rows.indices]
    lengths = np.sqrt(np.bincount(parts, rows.data.astype(np.float64) ** 2))
    rows.data /= np.where(lengths > 0, lengths, 1.0)[parts]
