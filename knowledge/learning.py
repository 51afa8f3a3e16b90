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

numpy and scipy; twenty seconds of two cores for 48,000 lines, and the same weights each time.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from knowledge.arrays import Floats, Ints
from knowledge.batches import Batches, Dense, Spelled
from knowledge.corpus import Corpus, Line
from knowledge.index import Weights
from knowledge.meanings import unit
from knowledge.rows import Rows

# Measured on phrasings of the shipped content held out of the index (changes of top-1, ±1 point).
SMOOTHING = 20.0  # 10: -0.7 point, 40: +0.2
ANSWER_COUNT = 2.0  # a word of the answer counts as two phrasings; 1: -0.8 point, none: -4
OTHERS = 0.1  # a line of others counts for rarity; as one: -0.3 point on small sets; docs/matching.md
DOUBT = 1.0  # a word seen once with an owner may be chance: 0.5: -0.8 point
PASSES = 4  # no correction: -5.5 points
STEP = 0.75  # for each line at first, shortening to nothing
STEP_ALONE = 1.9
STEP_MARGINS = 0.55
STEP_MEANING = 1.2
MEANING = 0.8  # how much they count beside the regression alone; half as much: -0.3 point, -1 on mtop_fr
MARGIN = 3.0  # how much the margins count beside the regression alone; half as much: -0.3 point
EVEN = 30  # lines of an entry from which on the log-ratio with its correction counts more; docs/matching.md
BATCH = 64
"""Lines of a step, at least…"""
BATCHES = 24
"""… and steps of a pass, about at most: twice as many find the same and take half as long again; half as many
lose two of a thousand among the first three."""
CORES = 2
"""What does not need one another is learnt side by side: products of scipy hold no lock."""


@dataclass(frozen=True, slots=True)
class _Lesson:
    """Lines, then negatives, and whose they are."""

    scaled: Spelled
    """Their features in the scaled view, those that owners share."""
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
    counts = (asked + ANSWER_COUNT * answered).tocsr()
    shared, single = _telling(counts, rows.names)
    columns = np.concatenate([shared, single])
    rarity, counts = _rarity(asked, corpus)[columns], counts[columns]
    smoothing = SMOOTHING * np.asarray(counts.sum(1), np.float32).ravel() / max(len(lines), 1)
    ratio = _ratios(counts, smoothing)
    words = [line.words for line in (*lines, *corpus.negatives)]
    lesson = _Lesson(rows.scaled(words, shared, single, rarity), rows.meant(words), *_whose(corpus, rank))
    offsets = _offsets(rows.plain(words)[:, columns], ratio, counts, smoothing, lesson)
    share = _share(corpus.lines)
    correction, middle, meaning = _corrected(lesson, offsets, share, len(corpus.lines), len(corpus.answers))
    ratio, single_ratio = ratio[: len(shared)], ratio[len(shared) :]
    ratio *= share
    return Weights(
        owners=owners,
        names=tuple(rows.names[column] for column in columns.tolist()),
        rarity=rarity,
        # Half precision is what the shelf keeps: the same scores, kept or not.
        ratio=ratio.astype(np.float16),
        correction=correction.astype(np.float16),
        single_owner=single_ratio.argmax(1).astype(np.int16),
        single_weight=single_ratio.max(1, initial=0).astype(np.float16),
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


def _telling(counts: sparse.csr_matrix, names: Sequence[str]) -> tuple[Ints, Ints]:
    """Features that several owners share, and those that one alone has.

    Not pairs and ends that stand in one line alone: half of all features, and nothing is lost without them.
    """
    spread = np.diff(counts.indptr)
    compound = np.fromiter((" " in name for name in names), bool, len(names))
    once = np.asarray(counts.sum(1)).ravel() <= 1
    return np.flatnonzero(spread > 1), np.flatnonzero((spread == 1) & ~(compound & once))


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


def _offsets(
    plain: sparse.csr_matrix, ratio: Floats, counts: sparse.csr_matrix, smoothing: Floats, lesson: _Lesson
) -> Floats:
    """What the log-ratio says of each line for each owner, as if the line had not been counted.

    A negative is not.
    """
    each = np.repeat(smoothing, np.diff(counts.indptr))
    counted = _log_ratio(counts.data, each) - _log_ratio(np.maximum(counts.data - 1, 0), each)
    own_share = sparse.csr_matrix((counted, counts.indices, counts.indptr), counts.shape)
    rows = np.repeat(np.arange(plain.shape[0]), np.diff(plain.indptr))
    # Made whole, features × owners, it would take longer than all that is looked up in it.
    found = np.asarray(own_share[plain.indices, lesson.owners[rows]]).ravel()
    own = np.bincount(rows, plain.data * found, plain.shape[0])
    offsets: Floats = plain @ ratio
    offsets[np.arange(len(own)), lesson.owners] -= own * (1 - lesson.wrong)
    return offsets


def _corrected(
    lesson: _Lesson, offsets: Floats, share: float, count: int, entries: int
) -> tuple[Floats, Floats, Floats]:
    """The correction in the mean, the middle of all meanings, and what these say.

    The first `count` lines are those of `entries`, the first owners.
    """
    owners = offsets.shape[1]
    nothing = np.broadcast_to(np.float32(0), offsets.shape)
    with ThreadPoolExecutor(CORES) as pool:
        corrected = pool.submit(_regression, lesson, offsets, STEP)
        alone = pool.submit(_regression, lesson, nothing, STEP_ALONE)
        margins = pool.submit(_margins, lesson, count, entries)
        meant = pool.submit(_meaning, lesson, owners)
    mean, without = corrected.result(), alone.result()
    # In place: new memory of that size takes longer than the sum.
    without[:, :entries] += margins.result()
    without *= 1 - share
    mean *= share
    mean += without
    return mean, *meant.result()


def _share(lines: Sequence[Line]) -> float:
    """Of the log-ratio with its correction in the mean, by how many lines an entry usually has."""
    usual = float(np.median([*Counter(line.owner for line in lines).values()] or [0]))
    return usual / (usual + EVEN)


def _regression(lesson: _Lesson, offsets: Floats, step: float) -> Floats:
    """Weights (features that owners share × owners) that move the offsets to the right owners.

    Without offsets: what is learnt without the log-ratio, for contents of few lines.
    """

    def miss(lines: Ints, scores: Floats) -> Floats:
        return _miss(offsets[lines] + scores, lesson.owners[lines], lesson.wrong[lines])

    batch = max(BATCH, len(offsets) // BATCHES)
    return _descend(miss, lesson.scaled, len(offsets), offsets.shape[1], step, batch)


def _margins(lesson: _Lesson, count: int, entries: int) -> Floats:
    """Weights (features that owners share × entries) that tell each entry from all the others at once.

    They are added to what is learnt without the log-ratio. Squared hinge: a line speaks for its own entry as
    much as MARGIN, and for no other. Learnt from the first `count` lines, which are those of entries.
    """

    def miss(lines: Ints, scores: Floats) -> Floats:
        own = np.arange(len(lines)), lesson.owners[lines]
        slope = np.maximum(scores, 0)
        slope[own] = np.minimum(scores[own] - MARGIN, 0)
        return slope

    # With still larger steps it would not come to rest.
    batch = max(BATCH, count // (2 * BATCHES))
    return _descend(miss, lesson.scaled, count, entries, STEP_MARGINS, batch)


def _meaning(lesson: _Lesson, owners: int) -> tuple[Floats, Floats]:
    """The middle of the meanings of lines, and weights (its numbers × owners) for what they are beside it."""
    meant = lesson.meant
    known = np.abs(meant).sum(1, keepdims=True) > 0
    middle = (meant.sum(0) / max(known.sum(), 1)).astype(np.float32)
    apart = known * unit(meant - middle)

    def miss(lines: Ints, scores: Floats) -> Floats:
        return _miss(scores, lesson.owners[lines], lesson.wrong[lines])

    return middle, _descend(miss, Dense(apart), len(apart), owners, STEP_MEANING, BATCH)


def _descend(
    miss: Callable[[Ints, Floats], Floats], batches: Batches, count: int, owners: int, step: float, size: int
) -> Floats:
    """Weights (features × owners) by steps that shorten, each of `size` of the first `count` lines.

    `miss` is the slope by score of some lines.
    """
    weights = np.zeros((batches.features, owners), np.float32)
    order = np.random.default_rng(0)
    for done in range(PASSES):
        now = step * (1 - done / PASSES)
        shuffled = order.permutation(count)
        for start in range(0, count, size):
            lines = shuffled[start : start + size]
            batch = batches.batch(lines)
            batch.lower(weights, now * miss(lines, batch.scores(weights)))
    return weights


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
