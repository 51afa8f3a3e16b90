"""What the words of a message say for each entry: evidence learnt from the phrasings.

Each feature (a word stem, a pair of neighbours, a run of letters) weighs for an entry by how much
oftener it stands in the phrasings of that entry than elsewhere (log of a Dirichlet-smoothed ratio).
A passive-aggressive pass over the phrasings then moves the weights where an entry steals a
phrasing of its neighbour. Plain dictionaries: about 2 ms a message at 9,000 phrasings.
"""

import math
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

# Measured on 1,500 phrasings of the shipped content held out of the index (changes of top-1, ±1 point).
SMOOTHING = 20.0  # 5: -1 point, 50: -0.5
ANSWER_COUNT = 1.0  # a word of the answer counts as one phrasing; none: -4 points
DOUBT = 1.0  # a word seen once with an entry may be chance: 0: -3 points
STOP_WEIGHT = 0.5
PAIR_WEIGHT = 0.3
LETTERS_WEIGHT = 0.06  # 0: -1 point; 0.12: -1 point
PASSES = 1  # none: -1 point; a second one adds nothing
STEP = 0.15
MARGIN = 0.6  # 0.3: -1 point

Weighted = Mapping[str, float]
Features = Callable[[Sequence[str]], dict[str, float]]


@dataclass(frozen=True, slots=True)
class Line:
    """One phrasing: its entry and its stems."""

    entry: str
    stems: tuple[str, ...]


class Index:
    """Evidence for entries; the ids are those of the lines, in order of first appearance."""

    def __init__(
        self, lines: Sequence[Line], answers: Mapping[str, Sequence[str]], stop_stems: frozenset[str]
    ) -> None:
        self._stop = stop_stems
        self.ids: tuple[str, ...] = tuple(dict.fromkeys(line.entry for line in lines))
        self._rank = {entry: rank for rank, entry in enumerate(self.ids)}
        self.vocabulary = Counter(stem for line in lines for stem in line.stems)
        self._words = self._learn(lines, answers, self.word_features)
        self._letters = self._weights(*self._count(lines, answers, self._letter_features))

    def _learn(
        self,
        lines: Sequence[Line],
        answers: Mapping[str, Sequence[str]],
        features: Features,
    ) -> dict[str, dict[int, float]]:
        counts, smoothing = self._count(lines, answers, features)
        weights = self._weights(counts, smoothing)
        samples = [(self._rank[line.entry], features(line.stems)) for line in lines]
        order = list(range(len(samples)))
        shuffle = random.Random(0).shuffle  # noqa: S311 (the same order each time, no secret)
        for _ in range(PASSES):
            shuffle(order)
            for number in order:
                right, sample = samples[number]
                _move(weights, right, sample, _own_part(counts, smoothing, right, sample), len(self.ids))
        return weights

    def _count(
        self,
        lines: Sequence[Line],
        answers: Mapping[str, Sequence[str]],
        features: Features,
    ) -> tuple[dict[str, Counter[int]], dict[str, float]]:
        """In how many phrasings of each entry a feature stands, and the smoothing of each feature."""
        counts: dict[str, Counter[int]] = defaultdict(Counter)
        for line in lines:
            rank = self._rank[line.entry]
            for feature in features(line.stems):
                counts[feature][rank] += 1
        for entry, stems in answers.items():
            rank = self._rank[entry]
            for feature in features(stems):
                counts[feature][rank] += ANSWER_COUNT  # type: ignore[assignment]
        total = len(lines) or 1
        smoothing = {
            feature: SMOOTHING * sum(by_entry.values()) / total for feature, by_entry in counts.items()
        }
        return counts, smoothing

    def _weights(
        self, counts: Mapping[str, Counter[int]], smoothing: Mapping[str, float]
    ) -> dict[str, dict[int, float]]:
        return {
            feature: {rank: _weight(count, smoothing[feature]) for rank, count in by_entry.items()}
            for feature, by_entry in counts.items()
        }

    def word_features(self, stems: Sequence[str]) -> dict[str, float]:
        return self.soft_word_features([((stem, 1.0),) for stem in stems])

    def soft_word_features(self, words: Sequence[Sequence[tuple[str, float]]]) -> dict[str, float]:
        """Features of words that may each be read in several ways, with weights."""
        stop = self._stop
        features: dict[str, float] = {}
        before = ""
        for ways in words:
            for stem, weight in ways:
                features[stem] = max(features.get(stem, 0.0), weight * (STOP_WEIGHT if stem in stop else 1.0))
            first = ways[0][0] if ways else ""
            if before and first:
                both_stop = before in stop and first in stop
                features[f"{before} {first}"] = PAIR_WEIGHT * (0.5 if both_stop else 1.0)
            before = first
        return features

    def _letter_features(self, stems: Sequence[str]) -> dict[str, float]:
        features: dict[str, float] = {}
        for stem in stems:
            if stem not in self._stop and stem.isalpha():
                marked = f"<{stem}>"
                for size in (3, 4, 5):
                    for start in range(len(marked) - size + 1):
                        features[marked[start : start + size]] = LETTERS_WEIGHT
        return features

    def known(self, stem: str) -> bool:
        return stem in self._words

    def scores(self, words: Sequence[Sequence[tuple[str, float]]], stems: Sequence[str]) -> list[float]:
        """Evidence for each entry of `ids`, in units that don't grow with the length of the message."""
        features = self.soft_word_features(words)
        scores = [0.0] * len(self.ids)
        _add(scores, self._words, features.items())
        _add(scores, self._letters, self._letter_features(stems).items())
        size = math.sqrt(sum(features.values()) or 1.0)
        return [score / size for score in scores]

    def contributions(self, entry: str, stems: Sequence[str]) -> list[tuple[str, float]]:
        """The words that speak for an entry, strongest first: for people who ask why."""
        rank = self._rank[entry]
        features = self.word_features(stems)
        parts = [(f, x * self._words.get(f, {}).get(rank, 0.0)) for f, x in features.items()]
        return sorted((part for part in parts if part[1] > 0), key=lambda part: -part[1])


def _add(
    scores: list[float], weights: Mapping[str, dict[int, float]], features: Iterable[tuple[str, float]]
) -> None:
    for feature, value in features:
        by_entry = weights.get(feature)
        if by_entry:
            for rank, weight in by_entry.items():
                scores[rank] += value * weight


def _weight(count: float, base: float) -> float:
    return math.log1p(count / base) * count / (count + DOUBT) if count else 0.0


def _own_part(
    counts: Mapping[str, Counter[int]], smoothing: Mapping[str, float], right: int, sample: Weighted
) -> float:
    """What a phrasing adds to its own score by being counted: left out when it is its own test."""
    own = 0.0
    for feature, value in sample.items():
        count, base = counts[feature][right], smoothing[feature]
        own += value * (_weight(count, base) - _weight(max(count - 1, 0), base))
    return own


def _move(
    weights: dict[str, dict[int, float]], right: int, sample: Weighted, own: float, entries: int
) -> None:
    """One passive-aggressive step: the right entry must lead the best other one by a margin."""
    scores = [0.0] * entries
    _add(scores, weights, sample.items())
    lead = scores[right] - own
    scores[right] = -math.inf
    best_other = max(scores)
    loss = MARGIN * sum(sample.values()) - (lead - best_other)
    if loss <= 0 or entries < 2:
        return
    other = scores.index(best_other)
    step = min(STEP, loss / (2 * sum(value * value for value in sample.values())))
    for feature, value in sample.items():
        by_entry = weights[feature]
        by_entry[right] = by_entry.get(right, 0.0) + step * value
        by_entry[other] = by_entry.get(other, 0.0) - step * value
