"""What each feature says for each owner, learnt from the lines of the corpus.

1. *Log-ratio*: how much oftener a feature stands in the lines of an owner than elsewhere (log of a
   Dirichlet-smoothed ratio), discounted where it was seen once or twice.
2. *Correction*: softmax regression on top of it, by stochastic gradient steps that shorten,
   few enough of them that no line is learnt by heart. Each line is scored as if it had not been counted
   in the log-ratio of its own owner: without that a line would find itself and nothing would be learnt.
   A negative of an owner pushes that owner down, and nobody up.
3. *Alone*: the same regression without the log-ratio. The first two together are the better the more
   lines an entry has, this one where it has ten; what is kept is their mean, weighted by that number.

numpy and scipy; some seconds for 15,000 lines, and the same weights each time.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from knowledge.arrays import Floats, Ints
from knowledge.corpus import Corpus, Line
from knowledge.features import Features, Featuriser
from knowledge.index import Weights
from knowledge.vectors import Space, Vector

# Measured on phrasings of the shipped content held out of the index (changes of top-1, ±1 point).
SMOOTHING = 20.0  # 10: -0.7 point, 40: +0.2
ANSWER_COUNT = 2.0  # a word of the answer counts as two phrasings; 1: -0.8 point, none: -4
DOUBT = 1.0  # a word seen once with an owner may be chance: 0.5: -0.8 point
PASSES = 5  # no correction: -5.5 points
STEP = 0.64  # for each line at first, shortening to nothing
STEP_ALONE = 1.6
EVEN = 30  # lines of an entry from which on the log-ratio with its correction counts more; docs/matching.md
BATCH = 64


@dataclass(frozen=True, slots=True)
class _Lesson:
    """Lines as rows of feature values in both views, and whose they are."""

    plain: sparse.csr_matrix
    scaled: sparse.csr_matrix
    owners: Ints
    wrong: Ints
    """1 where the line is a negative of its owner."""


def learn(corpus: Corpus, featuriser: Featuriser) -> Weights:
    """Weights of every feature of the corpus."""
    lines = [*corpus.lines, *corpus.others]
    owners = tuple(dict.fromkeys([*corpus.answers, *(line.owner for line in lines)]))
    rank = {owner: n for n, owner in enumerate(owners)}
    features = [featuriser.of(line.words) for line in lines]
    answers = {rank[owner]: featuriser.of(words) for owner, words in corpus.answers.items()}
    counts, asked, names = _counts(features, [rank[line.owner] for line in lines], answers, len(owners))
    rarity = _rarity(asked, len(lines))
    smoothing = SMOOTHING * counts.sum(1, keepdims=True) / max(len(lines), 1)
    ratio = _log_ratio(counts, smoothing)
    shared = int(((counts > 0).sum(1) > 1).sum())

    space = Space(names, rarity)
    own = _lesson(lines, [space.vector(one) for one in features], len(names), rank)
    negatives = [space.vector(featuriser.of(line.words)) for line in corpus.negatives]
    against = _lesson(corpus.negatives, negatives, len(names), rank, wrong=True)
    offsets = np.concatenate([own.plain @ ratio - _own_part(own, counts, smoothing), against.plain @ ratio])
    share = _share(corpus.lines)
    correction = _correction(_both(own, against), offsets, shared, share)
    single = ratio[shared:].argmax(1) if shared < len(ratio) else np.zeros(0, np.int64)
    return Weights(
        owners=owners,
        names=tuple(names),
        rarity=rarity,
        # Half precision is what the shelf keeps: the same scores, kept or not.
        ratio=(share * ratio[:shared]).astype(np.float16),
        correction=correction.astype(np.float16),
        single_owner=single.astype(np.int16),
        single_weight=ratio[np.arange(shared, len(ratio)), single].astype(np.float16),
    )


def _names_of(features: Features) -> Iterator[str]:
    yield from features.words
    yield from features.pairs
    yield from features.letters


def _counts(
    features: Sequence[Features], owners: Sequence[int], answers: Mapping[int, Features], size: int
) -> tuple[Floats, Floats, dict[str, int]]:
    """In how many lines of each owner a feature stands (with its answers, and without) and its row.

    Features that several owners share come first.
    """
    numbers: dict[str, int] = {}

    def matrix(some: Iterable[tuple[int, Features]]) -> sparse.csr_matrix:
        rows: list[int] = []
        columns: list[int] = []
        for owner, one in some:
            found = [numbers.setdefault(name, len(numbers)) for name in _names_of(one)]
            rows += found
            columns += [owner] * len(found)
        return sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), (len(numbers), size))

    asked = matrix(zip(owners, features, strict=True))
    answered = matrix(answers.items())
    asked.resize(answered.shape)
    counts = (asked + ANSWER_COUNT * answered).toarray()
    order = np.argsort((counts > 0).sum(1) == 1, kind="stable")
    names = list(numbers)
    return counts[order], asked.toarray()[order], {names[row]: n for n, row in enumerate(order.tolist())}


def _rarity(asked: Floats, lines: int) -> Floats:
    rare: Floats = np.log((1 + lines) / (1 + asked.sum(1))) + 1
    return rare.astype(np.float32)


def _log_ratio(counts: Floats, smoothing: Floats) -> Floats:
    weights: Floats = np.log1p(counts / np.maximum(smoothing, 1e-9)) * counts / (counts + DOUBT)
    return weights


def _lesson(
    lines: Sequence[Line],
    vectors: Sequence[Vector],
    size: int,
    rank: Mapping[str, int],
    *,
    wrong: bool = False,
) -> _Lesson:
    starts = np.cumsum([0, *(len(vector.columns) for vector in vectors)])
    columns = np.concatenate([vector.columns for vector in vectors]) if vectors else np.zeros(0, np.int32)

    def matrix(values: list[Floats]) -> sparse.csr_matrix:
        joined = np.concatenate(values) if values else np.zeros(0, np.float32)
        return sparse.csr_matrix((joined, columns, starts), shape=(len(lines), size))

    return _Lesson(
        matrix([vector.plain for vector in vectors]),
        matrix([vector.scaled for vector in vectors]),
        np.array([rank[line.owner] for line in lines], np.int64),
        np.full(len(lines), int(wrong), np.int64),
    )


def _both(one: _Lesson, other: _Lesson) -> _Lesson:
    return _Lesson(
        sparse.vstack([one.plain, other.plain]).tocsr(),
        sparse.vstack([one.scaled, other.scaled]).tocsr(),
        np.concatenate([one.owners, other.owners]),
        np.concatenate([one.wrong, other.wrong]),
    )


def _own_part(lesson: _Lesson, counts: Floats, smoothing: Floats) -> Floats:
    """What each line adds to the score of its owner by being counted there."""
    values = lesson.plain
    size, columns = values.shape[0], values.indices
    rows = np.repeat(np.arange(size), np.diff(values.indptr))
    counted, base = counts[columns, lesson.owners[rows]], smoothing[columns, 0]
    added = _log_ratio(counted, base) - _log_ratio(np.maximum(counted - 1, 0), base)
    parts = np.zeros((size, counts.shape[1]), np.float32)
    parts[np.arange(size), lesson.owners] = np.bincount(rows, added * values.data, size)
    return parts


def _share(lines: Sequence[Line]) -> float:
    """Of the log-ratio with its correction in the mean, by how many lines an entry usually has."""
    usual = float(np.median([*Counter(line.owner for line in lines).values()] or [0]))
    return usual / (usual + EVEN)


def _correction(lesson: _Lesson, offsets: Floats, shared: int, share: float) -> Floats:
    """Weights (features that owners share × owners) that move their share of the offsets to the right owners.

    Both regressions are done side by side: they read the same lines.
    """
    values = lesson.scaled[:, :shared].tocsr()
    size = offsets.shape[1]
    weights = np.zeros((shared, 2 * size), np.float32)
    order = np.random.default_rng(0)
    for done in range(PASSES):
        step = 1 - done / PASSES
        shuffled = order.permutation(len(offsets))
        for start in range(0, len(shuffled), BATCH):
            rows = shuffled[start : start + BATCH]
            batch, owners, wrong = values[rows], lesson.owners[rows], lesson.wrong[rows]
            scores = batch @ weights
            beside = _miss(offsets[rows] + scores[:, :size], owners, wrong)
            alone = _miss(scores[:, size:], owners, wrong)
            columns, place = np.unique(batch.indices, return_inverse=True)
            few = sparse.csr_matrix((batch.data, place, batch.indptr), (len(rows), len(columns)))
            weights[columns] -= few.T @ np.hstack([step * STEP * beside, step * STEP_ALONE * alone])
    return share * weights[:, :size] + (1 - share) * weights[:, size:]


def _miss(scores: Floats, owners: Ints, wrong: Ints) -> Floats:
    """Slope of the loss by score: -log p(owner), or -log(1 - p(owner)) where the owner is wrong."""
    scores = np.exp(scores - scores.max(1, keepdims=True))
    chance: Floats = scores / scores.sum(1, keepdims=True)
    lines = np.arange(len(owners))
    own = chance[lines, owners]
    factor = np.where(wrong, -own / np.maximum(1 - own, 1e-3), 1.0).astype(np.float32)
    miss = chance * factor[:, None]
    miss[lines, owners] = np.where(wrong, own, own - 1.0)
    return miss
