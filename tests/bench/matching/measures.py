"""What is measured of a peer on a question set."""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.reliability import Judged, halves, reliability
from tests.bench.matching.datasets import Asked, Dataset
from tests.bench.matching.noise import NOISES
from tests.bench.matching.peers import Peer

SLOW = 60
"""Queries for a peer that takes milliseconds for each."""


@dataclass(frozen=True, slots=True)
class Hits:
    top1: float
    top3: float


def hits(peer: Peer, queries: Sequence[Asked]) -> Hits:
    found = [(label, peer.find(text)[0]) for text, label in queries]
    return Hits(
        sum(labels[:1] == [label] for label, labels in found) / len(found),
        sum(label in labels for label, labels in found) / len(found),
    )


def by_noise(peer: Peer, data: Dataset) -> dict[str, float]:
    """Top-1 under each kind of noise."""
    shares = {}
    for name, noise in NOISES.items():
        draw = random.Random(1)
        shares[name] = hits(peer, [(noise(text, draw), label) for text, label in data.queries]).top1
    return shares


@dataclass(frozen=True, slots=True)
class Refusals:
    """How well what has no answer is told from what has one: area under the ROC curve."""

    far: float
    near: float
    error: float | None
    """Calibration error with half out of scope; None for a peer whose score is no probability."""


def refusals(peer: Peer, data: Dataset, each: int) -> Refusals:
    """A tenth of the labels is not learnt: their queries are the near ones."""
    labels = sorted(data.phrasings)
    out = frozenset(random.Random(2).sample(labels, max(1, len(labels) // 10)))
    peer.learn([(text, label) for text, label in data.train(each) if label not in out])
    inside = [(label, *peer.find(text)) for text, label in data.queries if label not in out]
    near = [peer.find(text)[1] for text in (*(t for t, label in data.queries if label in out), *data.near)]
    far = [peer.find(text)[1] for text in data.far]
    sure = [score for _, _, score in inside]
    error = None
    if peer.name == "ours":
        ours = [Judged(score, found[:1] == [label]) for label, found, score in inside]
        error = reliability(halves(ours, [Judged(score, False) for score in (*near, *far)])).error
    return Refusals(_auroc(sure, far), _auroc(sure, near), error)


def _auroc(higher: Sequence[float], lower: Sequence[float]) -> float:
    wins = sum((high > low) + 0.5 * (high == low) for high in higher for low in lower)
    return wins / (len(higher) * len(lower)) if higher and lower else float("nan")


def times(peer: Peer, texts: Sequence[str]) -> list[float]:
    """Milliseconds for each."""
    measured = []
    for text in texts:
        start = time.perf_counter()
        peer.find(text)
        measured.append((time.perf_counter() - start) * 1000)
    return measured
