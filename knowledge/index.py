"""What the words of a message say for each entry: the weights that `learning` found, added up."""

from dataclasses import dataclass
from threading import Lock

import numpy as np

from knowledge.arrays import Floats, Ints
from knowledge.features import Features
from knowledge.meanings import unit
from knowledge.vectors import Space


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What each feature says for each owner (entries first, then off-topic subjects, then doors)."""

    owners: tuple[str, ...]
    names: tuple[str, ...]
    """Of the features: first those that several owners share, then the others."""
    rarity: Floats
    """Of each feature."""
    ratio: Floats
    """Shared features × owners, for the plain view."""
    correction: Floats
    """The same for the scaled view."""
    single_owner: Ints
    single_weight: Floats
    """For each of the other features, the one owner that it speaks for, and how much."""
    middle: Floats
    """What the meanings of all lines have in common."""
    meaning: Floats
    """What is left of a meaning × owners."""


class _Rows:
    """Rows that are kept in half precision, turned round at their first use: most messages use the same ones.

    Turned round anew for each message they would take a quarter of the time of deciding. Room for all is
    asked for at once, and filled from its beginning: a system gives it as it is written to.
    """

    def __init__(self, half: Floats) -> None:
        self._half = half
        self._single = np.empty(half.shape, np.float32)
        self._places = np.full(len(half), -1, np.int32)
        self._filled = 0
        self._filling = Lock()

    def __getitem__(self, rows: Ints) -> Floats:
        places = self._places[rows]
        if (places < 0).any():
            self._fill(rows)
            places = self._places[rows]
        found: Floats = self._single[places]
        return found

    def _fill(self, rows: Ints) -> None:
        with self._filling:
            new = np.unique(rows[self._places[rows] < 0])
            first, self._filled = self._filled, self._filled + len(new)
            self._single[first : self._filled] = self._half[new]
            # Last: others look there without waiting.
            self._places[new] = np.arange(first, self._filled)


class Index:
    def __init__(self, weights: Weights) -> None:
        self.owners = weights.owners
        self._rank = {owner: rank for rank, owner in enumerate(weights.owners)}
        self._space = Space(dict(zip(weights.names, range(len(weights.names)), strict=True)), weights.rarity)
        self._rarity, self._rarest = weights.rarity, float(weights.rarity.max(initial=0))
        self._ratio = weights.ratio
        self._correction = weights.correction
        self._ratio_rows, self._correction_rows = _Rows(weights.ratio), _Rows(weights.correction)
        self._first_single = len(weights.ratio)
        self._single_owner = weights.single_owner
        self._single_weight = weights.single_weight.astype(np.float32)
        self._middle, self._meaning = weights.middle, weights.meaning.astype(np.float32)

    def familiar(self, name: str) -> float:
        """How much oftener a feature is written than the rarest, in natural logs, plus 1; 0 for unknown."""
        column = self._space.names.get(name)
        return 0.0 if column is None else self._rarest - float(self._rarity[column]) + 1

    def scores(self, features: Features, meaning: Floats) -> Floats:
        """Evidence for each owner, in log-odds."""
        vector = self._space.vector(features)
        shared = vector.columns < self._first_single
        rows = vector.columns[shared]
        scores = vector.plain[shared] @ self._ratio_rows[rows]
        scores += vector.scaled[shared] @ self._correction_rows[rows]
        single = vector.columns[~shared] - self._first_single
        np.add.at(scores, self._single_owner[single], vector.plain[~shared] * self._single_weight[single])
        if meaning.any():
            scores += unit(meaning - self._middle) @ self._meaning
        return scores

    def contributions(self, owner: str, features: Features) -> list[tuple[str, float]]:
        """The words and pairs that speak for an owner, strongest first: for people who ask why."""
        rank = self._rank[owner]
        names = Features(features.words, features.pairs, (), (), ())
        vector = self._space.vector(names)
        known = [name for name in (*names.words, *names.pairs) if name in self._space.names]
        parts = [
            (name, plain * self._plain(column, rank) + scaled * self._scaled(column, rank))
            for name, column, plain, scaled in zip(
                known, vector.columns.tolist(), vector.plain.tolist(), vector.scaled.tolist(), strict=True
            )
        ]
        return sorted((part for part in parts if part[1] > 0), key=lambda part: -part[1])

    def _plain(self, column: int, rank: int) -> float:
        if column < self._first_single:
            return float(self._ratio[column, rank])
        column -= self._first_single
        return float(self._single_weight[column]) if self._single_owner[column] == rank else 0.0

    def _scaled(self, column: int, rank: int) -> float:
        return float(self._correction[column, rank]) if column < self._first_single else 0.0
