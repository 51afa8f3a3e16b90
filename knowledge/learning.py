"""What each feature says for each owner, learnt from the lines of the corpus.

1. *Log-ratio*: how much oftener a feature stands in the lines of an owner than elsewhere (log of a
   Dirichlet-smoothed ratio), discounted where it was seen once or twice.
2. *Correction*: softmax regression on top of it, by stochastic gradient steps that shorten,
   few enough of them that no line is learnt by heart. Each line is scored as if it had not been counted
   in the log-ratio of its own owner: without that a line would find itself and nothing would be learnt.
   A negative of an owner pushes that owner down, and nobody up.
3. *Alone*: the same regression without the log-ratio, and *margins*, which tell each entry from all the
   others at once.
4. *Meaning*: the same regression from where the words of a line stand in French at large (`meanings`).
   The first two together are the better the more lines an entry has, these where it has ten; what is kept
   is their mean, weighted by that number.

numpy and scipy; half a minute of two cores for 48,000 lines, and the same weights each time.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from knowledge.arrays import Bools, Floats, Ints
from knowledge.corpus import Corpus, Line
from knowledge.index import Weights
from knowledge.meanings import unit
from knowledge.rows import Rows

# Measured on phrasings of the shipped content held out of the index (changes of top-1, ±1 point).
SMOOTHING = 20.0  # 10: -0.7 point, 40: +0.2
ANSWER_COUNT = 2.0  # a word of the answer counts as two phrasings; 1: -0.8 point, none: -4
OTHERS = 0.1  # a line of others counts for rarity; as one: -0.3 point on small sets; docs/matching.md
DOUBT = 1.0  # a word seen once with an owner may be chance: 0.5: -0.8 point
PASSES = 5  # no correction: -5.5 points
STEP = 0.64  # for each line at first, shortening to nothing
STEP_ALONE = 1.6
STEP_MARGINS = 0.5
STEP_MEANING = 1.0
MEANING = 0.8  # how much they count beside the regression alone; half as much: -0.3 point, -1 on mtop_fr
MARGIN = 3.0  # how much the margins count beside the regression alone; half as much: -0.3 point
EVEN = 30  # lines of an entry from which on the log-ratio with its correction counts more; docs/matching.md
BATCH = 64
"""Lines of a step, at least…"""
CORES = 2
"""What does not need one another is learnt side by side: products of scipy hold no lock."""
BATCHES = 48
"""… and steps of a pass, about at most: eight times as many find the same and take half as long again."""


@dataclass(frozen=True, slots=True)
class _Lesson:
    """Lines, then negatives, as rows of feature values in both views, and whose they are."""

    plain: sparse.csr_matrix
    """Of all features."""
    scaled: sparse.csr_matrix
    """Of those that owners share."""
    meant: Floats
    """Lines × the numbers of their meaning."""
    owners: Ints
    wrong: Ints
    """1 where the line is a negative of its owner."""


def learn(corpus: Corpus, rows: Rows) -> Weights:
    """Weights of every feature of a corpus whose lines are among the `rows`."""
    lines = [*corpus.lines, *corpus.others]
    owners = tuple(dict.fromkeys([*corpus.answers, *(line.owner for line in lines)]))
    rank = {owner: n for n, owner in enumerate(owners)}
    asked = rows.counts([line.words for line in lines], [rank[line.owner] for line in lines], len(owners))
    answered = rows.counts(corpus.answers.values(), [rank[owner] for owner in corpus.answers], len(owners))
    counts = asked + ANSWER_COUNT * answered
    smoothing = SMOOTHING * np.asarray(counts.sum(1)).ravel() / max(len(lines), 1)
    ratio = _ratios(counts, smoothing)
    spread = np.diff(counts.indptr)
    shared, single = np.flatnonzero(spread > 1), np.flatnonzero((spread == 1) & ~_passing(counts, rows))
    columns = np.concatenate([shared, single])
    rarity = _rarity(asked, corpus)[columns]
    words = [line.words for line in (*lines, *corpus.negatives)]
    scaled = rows.scaled(words, columns, rarity)[:, : len(shared)]
    lesson = _Lesson(rows.plain(words), scaled, rows.meant(words), *_whose(corpus, rank))
    offsets = lesson.plain @ ratio - _own_part(lesson, counts.toarray(), smoothing)
    share = _share(corpus.lines)
    with ThreadPoolExecutor(CORES) as pool:
        corrected = pool.submit(_regression, lesson, offsets, STEP)
        alone = pool.submit(_alone, lesson, len(owners), len(corpus.lines), len(corpus.answers))
        meant = pool.submit(_meaning, lesson, len(owners))
    correction = share * corrected.result() + (1 - share) * alone.result()
    middle, meaning = meant.result()
    speaks_for = ratio[single].argmax(1)
    return Weights(
        owners=owners,
        names=tuple(rows.names[column] for column in columns.tolist()),
        rarity=rarity,
        # Half precision is what the shelf keeps: the same scores, kept or not.
        ratio=(share * ratio[shared]).astype(np.float16),
        correction=correction.astype(np.float16),
        single_owner=speaks_for.astype(np.int16),
        single_weight=ratio[single, speaks_for].astype(np.float16),
        middle=middle,
        meaning=(MEANING * (1 - share) * meaning).astype(np.float16),
    )


def _whose(corpus: Corpus, rank: Mapping[str, int]) -> tuple[Ints, Ints]:
    """The owner of each line, negatives last, and whether it is wrong for it."""
    said = [*corpus.lines, *corpus.others, *corpus.negatives]
    right = len(said) - len(corpus.negatives)
    return np.array([rank[line.owner] for line in said], np.int64), np.repeat(
        [0, 1], [right, len(said) - right]
    )


def _passing(counts: sparse.csr_matrix, rows: Rows) -> Bools:
    """Pairs and ends that stand in one line alone: half of all features, and nothing is lost without them."""
    compound = np.fromiter((" " in name for name in rows.names), bool, len(rows.names))
    once = np.asarray(counts.sum(1)).ravel() <= 1
    passing: Bools = compound & once
    return passing


def _rarity(asked: sparse.csr_matrix, corpus: Corpus) -> Floats:
    """How rare each feature is, in lines of entries above all: `asked` has their owners first."""
    ours = len(corpus.answers)
    weights = np.repeat([1.0, OTHERS], [ours, asked.shape[1] - ours])
    lines = len(corpus.lines) + OTHERS * len(corpus.others)
    rare: Floats = np.log((1 + lines) / (1 + asked @ weights)) + 1
    return rare.astype(np.float32)


def _ratios(counts: sparse.csr_matrix, smoothing: Floats) -> Floats:
    """Of all features × owners; most counts are none."""
    each = np.repeat(smoothing, np.diff(counts.indptr))
    values = _log_ratio(counts.data, each), counts.indices, counts.indptr
    dense: Floats = sparse.csr_matrix(values, counts.shape).toarray()
    return dense


def _log_ratio(counts: Floats, smoothing: Floats) -> Floats:
    weights: Floats = np.log1p(counts / np.maximum(smoothing, 1e-9)) * counts / (counts + DOUBT)
    return weights


def _own_part(lesson: _Lesson, counts: Floats, smoothing: Floats) -> Floats:
    """What each line adds to the score of its owner by being counted there; a negative is not."""
    values = lesson.plain
    size, columns = values.shape[0], values.indices
    rows = np.repeat(np.arange(size), np.diff(values.indptr))
    counted, base = counts[columns, lesson.owners[rows]], smoothing[columns]
    added = _log_ratio(counted, base) - _log_ratio(np.maximum(counted - 1, 0), base)
    parts = np.zeros((size, counts.shape[1]), np.float32)
    own = np.bincount(rows, added * values.data, size) * (1 - lesson.wrong)
    parts[np.arange(size), lesson.owners] = own
    return parts


def _share(lines: Sequence[Line]) -> float:
    """Of the log-ratio with its correction in the mean, by how many lines an entry usually has."""
    usual = float(np.median([*Counter(line.owner for line in lines).values()] or [0]))
    return usual / (usual + EVEN)


def _regression(lesson: _Lesson, offsets: Floats, step: float) -> Floats:
    """Weights (features that owners share × owners) that move the offsets to the right owners."""

    def miss(lines: Ints, scores: Floats) -> Floats:
        return _miss(offsets[lines] + scores, lesson.owners[lines], lesson.wrong[lines])

    return _descend(miss, lesson.scaled, offsets.shape[1], step, max(BATCH, len(offsets) // BATCHES))


def _alone(lesson: _Lesson, owners: int, count: int, entries: int) -> Floats:
    """What the regression says without the log-ratio, and the margins: for contents of few lines."""
    offsets = np.zeros((lesson.plain.shape[0], owners), np.float32)
    weights = _regression(lesson, offsets, STEP_ALONE)
    weights[:, :entries] += _margins(lesson, count, entries)
    return weights


def _margins(lesson: _Lesson, count: int, entries: int) -> Floats:
    """Weights (features that owners share × entries) that tell each entry from all the others at once.

    Squared hinge: a line speaks for its own entry as much as MARGIN, and for no other. Learnt from the first
    `count` lines, which are those of entries.
    """

    def miss(lines: Ints, scores: Floats) -> Floats:
        own = np.arange(len(lines)), lesson.owners[lines]
        slope = np.maximum(scores, 0)
        slope[own] = np.minimum(scores[own] - MARGIN, 0)
        return slope

    # With still larger steps it would not come to rest.
    batch = max(BATCH, count // (2 * BATCHES))
    return _descend(miss, lesson.scaled[:count], entries, STEP_MARGINS, batch)


def _meaning(lesson: _Lesson, owners: int) -> tuple[Floats, Floats]:
    """The middle of the meanings of lines, and weights (its numbers × owners) for what they are beside it."""
    meant = lesson.meant
    known = np.abs(meant).sum(1, keepdims=True) > 0
    middle = (meant.sum(0) / max(known.sum(), 1)).astype(np.float32)
    apart = known * unit(meant - middle)

    def miss(lines: Ints, scores: Floats) -> Floats:
        return _miss(scores, lesson.owners[lines], lesson.wrong[lines])

    return middle, _descend(miss, apart, owners, STEP_MEANING, BATCH)


def _descend(
    miss: Callable[[Ints, Floats], Floats],
    scaled: sparse.csr_matrix | Floats,
    owners: int,
    step: float,
    batch: int,
) -> Floats:
    """Weights (features × owners) by steps that shorten; `miss` is the slope by score of some lines."""
    weights = np.zeros((scaled.shape[1], owners), np.float32)
    order = np.random.default_rng(0)
    for done in range(PASSES):
        now = step * (1 - done / PASSES)
        shuffled = order.permutation(scaled.shape[0])
        for start in range(0, len(shuffled), batch):
            lines = shuffled[start : start + batch]
            values = scaled[lines]
            columns = _there(values)
            values, some = values[:, columns], weights[columns]
            weights[columns] = some - values.T @ (now * miss(lines, values @ some))
    return weights


def _there(values: sparse.csr_matrix | Floats) -> Ints | slice:
    """The columns of some lines in which there is something."""
    if isinstance(values, np.ndarray):
        return slice(None)
    return np.flatnonzero(np.bincount(values.indices, minlength=values.shape[1]))


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
