"""The lines of a content as rows of numbers: made once, however many learn from some of the lines."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain

import numpy as np
from scipy import sparse

from knowledge.arrays import Floats, Ints
from knowledge.batches import Spelled
from knowledge.corpus import Corpus
from knowledge.features import Features, Featuriser, runs
from knowledge.meanings import Meanings, unit
from knowledge.vectors import PLAIN_LETTERS, Space, length

Words = tuple[str, ...]


class Rows:
    def __init__(self, corpus: Corpus, featuriser: Featuriser, meanings: Meanings) -> None:
        features = {words: featuriser.of(words) for words in _all_words(corpus)}
        self._number = {words: number for number, words in enumerate(features)}
        said = _numbered(chain.from_iterable(map(_said_of, features.values())))
        spelled = _numbered(chain.from_iterable(one.spelled for one in features.values()))
        letters = _numbered(chain.from_iterable(map(runs, spelled)))
        self.names = (*said, *letters)
        self._first_letters = len(said)
        self._words = _counts((one.spelled for one in features.values()), spelled)
        self._runs = _counts(map(runs, spelled), letters)
        plain, self._said = _said(features.values(), said)
        lengths = np.array([length(one) for one in features.values()], np.float32)
        self._plain = _divided(sparse.hstack([plain, self._plain_letters()], "csr"), lengths)
        self._meant = _meant(features, meanings)

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

    def scaled(self, lines: Iterable[Words], shared: Ints, single: Ints, rarity: Floats) -> Spelled:
        """Lines × the `shared` features, in the scaled view; `single` ones count for their length alone.

        `rarity` is of all these features, in that order.
        """
        numbers = [self._number[words] for words in lines]
        columns, first = np.concatenate([shared, single]), self._first_letters
        letters, kept = columns >= first, int((shared < first).sum())
        said = _weighed(self._said[numbers][:, columns[~letters]], rarity[~letters])
        words = self._words[numbers]
        by_word = _weighed(self._runs[:, columns[letters] - first], rarity[letters])
        return Spelled(
            _divided(said, _lengths(said))[:, :kept],
            _divided(words, _lengths(words @ by_word)),
            by_word[:, : len(shared) - kept],
        )

    def _plain_letters(self) -> sparse.csr_matrix:
        """Each run of letters once, however often it stands in a line."""
        there = self._words @ self._runs
        there.data[:] = PLAIN_LETTERS
        return there


def _all_words(corpus: Corpus) -> Iterator[Words]:
    for line in (*corpus.lines, *corpus.others, *corpus.negatives):
        yield line.words
    yield from corpus.answers.values()


def _said_of(one: Features) -> Iterator[str]:
    return chain(one.words, one.pairs, one.ends, one.slots)


def _numbered(names: Iterable[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(dict.fromkeys(names))}


def _counts(lines: Iterable[Iterable[str]], numbers: Mapping[str, int]) -> sparse.csr_matrix:
    """Lines × what stands in them: how often."""
    rows = list(map(tuple, lines))
    columns = _joined(map(numbers.__getitem__, names) for names in rows)
    values = np.ones(len(columns), np.float32)
    counts = sparse.csr_matrix((values, columns, _starts(rows)), (len(rows), len(numbers)))
    counts.sum_duplicates()
    return counts


def _said(
    features: Collection[Features], numbers: Mapping[str, int]
) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """Lines × all but letters in both views, before any is divided."""
    space = Space(numbers, np.ones(len(numbers), np.float32))
    known = [space.said(one) for one in features]
    columns, plain, scaled = map(np.concatenate, zip(*known, strict=True))
    shape, starts = (len(known), len(numbers)), _starts([one for one, *_ in known])
    return tuple(sparse.csr_matrix((values, columns, starts), shape) for values in (plain, scaled))


def _meant(lines: Collection[Words], meanings: Meanings) -> Floats:
    """Lines × the numbers of their meaning: as `Meanings.of` finds it, for all at once."""
    known = ((word, meanings.word(word)) for word in dict.fromkeys(chain.from_iterable(lines)))
    vectors = {word: vector for word, vector in known if vector is not None}
    numbers = _numbered(vectors)
    counts = _counts(([word for word in words if word in numbers] for words in lines), numbers)
    return unit(counts @ np.array(list(vectors.values()), np.float32).reshape(-1, meanings.size))


def _joined(columns: Iterable[Iterable[int]]) -> Ints:
    return np.fromiter(chain.from_iterable(columns), np.int32)


def _starts(rows: Iterable[Collection[object]]) -> Ints:
    return np.cumsum([0, *map(len, rows)], dtype=np.int32)


def _weighed(rows: sparse.csr_matrix, weights: Floats) -> sparse.csr_matrix:
    rows.data *= weights[rows.indices]
    return rows


def _lengths(rows: sparse.csr_matrix) -> Floats:
    squares = rows.multiply(rows).sum(1)
    lengths: Floats = np.sqrt(np.asarray(squares, np.float32).ravel())
    return lengths


def _divided(rows: sparse.csr_matrix, by: Floats) -> sparse.csr_matrix:
    """Every row by its number; one without length has nothing to divide."""
    rows.data /= np.repeat(np.where(by > 0, by, 1), np.diff(rows.indptr))
    return rows
