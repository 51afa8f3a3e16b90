"""Lines some at a time, as the steps of learning take them: what they score, and what is to be taken off.

Letters are kept by word. Thousands of lines have the same words: what the letters of a word say is added up
once for all lines of a step, not for each.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy import sparse
from scipy.sparse import _sparsetools

from knowledge.arrays import Floats, Ints


class Batch(Protocol):
    def scores(self, weights: Floats) -> Floats:
        """Lines × owners, by the weights (features × owners)."""

    def lower(self, weights: Floats, slopes: Floats) -> None:
        """Takes slopes (lines × owners) off the weights of the features that stand in these lines."""


class Batches(Protocol):
    @property
    def features(self) -> int: ...

    def batch(self, lines: Ints) -> Batch: ...


@dataclass(frozen=True, slots=True)
class Dense:
    """Lines × features, all of which stand in every line."""

    values: Floats

    @property
    def features(self) -> int:
        return int(self.values.shape[1])

    def batch(self, lines: Ints) -> "Dense":
        return Dense(self.values[lines])

    def scores(self, weights: Floats) -> Floats:
        scores: Floats = self.values @ weights
        return scores

    def lower(self, weights: Floats, slopes: Floats) -> None:
        weights -= self.values.T @ slopes


@dataclass(frozen=True, slots=True)
class Spelled:
    """Lines × features of which most stand in few lines: those that are said, then runs of letters."""

    said: sparse.csr_matrix
    words: sparse.csr_matrix
    """Lines × words whose letters count."""
    runs: sparse.csr_matrix
    """Words × runs of letters."""

    @property
    def features(self) -> int:
        return int(self.said.shape[1] + self.runs.shape[1])

    def batch(self, lines: Ints) -> "Spelled":
        words = self.words[lines]
        there = _there(words)
        return Spelled(self.said[lines], words[:, there], self.runs[there])

    def scores(self, weights: Floats) -> Floats:
        first = self.said.shape[1]
        scores: Floats = self.said @ weights[:first] + self.words @ (self.runs @ weights[first:])
        return scores

    def lower(self, weights: Floats, slopes: Floats) -> None:
        first = self.said.shape[1]
        _lower(weights[:first], self.said, slopes)
        _lower(weights[first:], self.runs, self.words.T @ slopes)


def _there(values: sparse.csr_matrix) -> Ints:
    """The columns in which there is something."""
    return np.flatnonzero(np.bincount(values.indices, minlength=values.shape[1]))


def _lower(weights: Floats, values: sparse.csr_matrix, slopes: Floats) -> None:
    """`weights -= values.T @ slopes`, where there are values.

    What scipy calls for that product adds it to what is there: taking the rows that change out of the weights
    and putting them back takes longer than all the rest of learning.
    """
    turned = values.T.tocsr()  # row by row of the weights, each fetched once
    _sparsetools.csr_matvecs(
        *turned.shape,
        slopes.shape[1],
        turned.indptr,
        turned.indices,
        turned.data,
        np.negative(slopes).ravel(),
        weights.reshape(-1, copy=False),
    )
