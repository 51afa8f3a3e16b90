"""Features as numbers, in the two views that the weights are for.

*plain*: what is there, divided so that evidence does not grow with the length of the message; for
log-ratios, which weigh rarity themselves. *scaled*: tf·idf, words with pairs and letters each of length 1;
for the regression, which must not mistake common for telling.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from knowledge.arrays import Floats, Ints
from knowledge.features import LETTERS, Features

# Measured on phrasings of the shipped content held out of the index (changes of top-1, ±1 point).
PLAIN_PAIR = 0.3
PLAIN_LETTERS = 0.06  # 0: -1 point; 0.12: -1 point
SCALED_PAIR = 0.7
_SHORTEST_PLAIN_RUN = len(LETTERS) + 3
_MOST_TIMES = 50
_TIMES = [0.0, *(1.0 + math.log(count) for count in range(1, _MOST_TIMES + 1))]


@dataclass(frozen=True, slots=True)
class Vector:
    columns: Ints
    plain: Floats
    scaled: Floats


class Space:
    """Which column a feature has, and how rare it is (natural log, 1 for one that is everywhere)."""

    def __init__(self, names: Mapping[str, int], rarity: Floats) -> None:
        self.names = names
        self._rarity = rarity

    def vector(self, features: Features) -> Vector:
        """Features that the space does not know are left out."""
        names = self.names.get
        size = math.sqrt(sum(features.words.values()) + PLAIN_PAIR * sum(features.pairs.values()) or 1.0)
        known = [(c, w, w) for name, w in features.words.items() if (c := names(name)) is not None]
        known += [
            (c, PLAIN_PAIR * w, SCALED_PAIR * w)
            for name, w in features.pairs.items()
            if (c := names(name)) is not None
        ]
        # Hundreds in a message, the others tens.
        letters = [
            (c, PLAIN_LETTERS if len(name) >= _SHORTEST_PLAIN_RUN else 0.0, _TIMES[min(count, _MOST_TIMES)])
            for name, count in features.letters.items()
            if (c := names(name)) is not None
        ]
        numbers = np.array(known + letters, np.float64).reshape(-1, 3)
        columns = numbers[:, 0].astype(np.int32)
        plain = numbers[:, 1].astype(np.float32)
        scaled = numbers[:, 2].astype(np.float32) * self._rarity[columns]
        for group in (scaled[: len(known)], scaled[len(known) :]):
            group /= math.sqrt(float(group @ group)) or 1.0
        return Vector(columns, plain / size, scaled)
