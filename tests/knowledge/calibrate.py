"""Fit the coefficients of `knowledge/confidence.py` on the shipped content and print them.

Takes some minutes; run it when the content or the ranking has changed much:
`python -m tests.knowledge.calibrate`.
"""

import math
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, fields, replace

from knowledge.confidence import Figures, figures
from knowledge.entries import Audience, Entry, KnowledgeBase
from knowledge.loading import load_knowledge
from knowledge.ranking import Ranker

FOLDS = 5
ENTRIES_OUT = 0.1
STEPS = 800
NAMES = tuple(field.name for field in fields(Figures))
Sample = tuple[tuple[float, ...], bool, float]
"""Figures, whether the judgement should have been yes, and the weight of the sample."""


def folds(kb: KnowledgeBase) -> Iterator[tuple[KnowledgeBase, list[tuple[str, Entry | None]], set[str]]]:
    """A knowledge base, messages that it has not seen with their entries, and the entries it lacks."""
    draw = random.Random(7)
    ids = list(kb.entries)
    draw.shuffle(ids)
    for fold in range(FOLDS):
        out = set(ids[fold :: int(1 / ENTRIES_OUT)])
        messages: list[tuple[str, Entry | None]] = []
        kept: dict[str, Entry] = {}
        for entry in kb.entries.values():
            seen = [text for text in entry.phrasings if draw.random() > 1 / FOLDS]
            held = [text for text in entry.phrasings if text not in seen]
            messages += [(text, entry) for text in held]
            if entry.id not in out and seen:
                kept[entry.id] = entry.model_copy(update={"phrasings": tuple(seen)})
        off_topic: dict[str, tuple[str, ...]] = {}
        for subject, lines in kb.language.off_topic.items():
            held = [line for line in lines if draw.random() < 2 / FOLDS]
            off_topic[subject] = tuple(line for line in lines if line not in held)
            messages += [(line, None) for line in held]
        language = kb.language.model_copy(update={"off_topic": off_topic})
        yield replace(kb, entries=kept, language=language), messages, out


def samples(kb: KnowledgeBase) -> tuple[list[Sample], list[Sample]]:
    draw = random.Random(11)
    sure: list[Sample] = []
    scope: list[Sample] = []
    for part, messages, out in folds(kb):
        ranker = Ranker(part)
        for text, entry in messages:
            ranking = ranker.rank(ranker.reader.read(text), _audience(entry, draw))
            values = astuple(figures(ranking))
            lacking = entry is None or entry.id in out
            right = entry is not None and ranking.entries[0].entry_id == entry.id
            # Off-topic lines are few in the content and many in life: together a third of the mass.
            weight = 6.0 if entry is None else 1.0
            sure.append((values, right, weight))
            scope.append((values, not lacking, weight))
    return sure, scope


def _audience(entry: Entry | None, draw: random.Random) -> Audience | None:
    known = [a for a in Audience if entry is None or a in entry.audiences]
    return draw.choice(known) if known and draw.random() < 0.6 else None


def fit(data: Sequence[Sample]) -> tuple[float, dict[str, float]]:
    """Logistic regression with weights that may not be negative, by gradient steps."""
    size = len(NAMES)
    total = sum(weight for _, _, weight in data)
    means = [sum(x[n] * w for x, _, w in data) / total for n in range(size)]
    spread = [
        math.sqrt(sum(w * (x[n] - means[n]) ** 2 for x, _, w in data) / total) or 1.0 for n in range(size)
    ]
    scaled = [([(x[n] - means[n]) / spread[n] for n in range(size)], float(y), w) for x, y, w in data]
    constant, weights = 0.0, [0.0] * size
    for _ in range(STEPS):
        slope, slopes = 0.0, [0.0] * size
        for x, y, w in scaled:
            miss = w * (y - 1 / (1 + math.exp(-constant - sum(map(_times, weights, x)))))
            slope += miss
            for n in range(size):
                slopes[n] += miss * x[n]
        constant += 1.5 * slope / total
        weights = [max(0.0, now + 1.5 * step / total) for now, step in zip(weights, slopes, strict=True)]
    plain = {name: weights[n] / spread[n] for n, name in enumerate(NAMES)}
    return constant - sum(plain[name] * means[n] for n, name in enumerate(NAMES)), plain


def _times(left: float, right: float) -> float:
    return left * right


def report(name: str, data: Sequence[Sample]) -> None:
    constant, weights = fit(data)
    print = sys.stdout.write
    print(f"{name} = Judgement({constant:.2f}, Figures({_figures(weights)}))\n")
    judged = sorted(
        (1 / (1 + math.exp(-constant - sum(weights[k] * v for k, v in zip(NAMES, x, strict=True)))), y, w)
        for x, y, w in data
    )
    for low in range(10):
        inside = [(p, y, w) for p, y, w in judged if low <= p * 10 < low + 1]
        if inside:
            mass = sum(w for _, _, w in inside)
            said = sum(p * w for p, _, w in inside) / mass
            right = sum(w for _, y, w in inside if y) / mass
            print(f"  {low / 10:.1f}  said {said:.2f}  was {right:.2f}  n {len(inside)}\n")
    ours = [p for p, _, w in judged if w == 1.0]
    for share in (0.01, 0.03, 0.05):
        print(f"  {share:.0%} of unseen phrasings are under {ours[int(share * len(ours))]:.3f}\n")


def _figures(weights: Mapping[str, float]) -> str:
    return ", ".join(f"{weights[name]:.2f}" for name in NAMES)


def main() -> None:
    sure, scope = samples(load_knowledge())
    report("SURE", sure)
    report("IN_SCOPE", scope)


if __name__ == "__main__":
    main()
