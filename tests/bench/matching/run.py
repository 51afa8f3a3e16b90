"""The tables and plots of matching."""

import time
import tracemalloc
from collections.abc import Sequence

from knowledge.entries import KnowledgeBase
from tests.bench.matching import ablation
from tests.bench.matching.datasets import Dataset, datasets, without_far
from tests.bench.matching.measures import SLOW, by_noise, hits, refusals, times
from tests.bench.matching.noise import NOISES
from tests.bench.matching.peers import Peer, peers
from tests.bench.results import Results, percentile

PHRASINGS = (5, 10, 20)
SIZES = (1_000, 10_000)


def measure(base: KnowledgeBase, results: Results) -> None:
    ablation.measure(base, results)
    part, far = without_far(base)
    sets = list(datasets(base, far))
    for data in sets:
        _found(base, data, results)
        _noisy(base, data, results)
        _refused(part, data, results)
    _quick(base, sets[0], results)


def _found(base: KnowledgeBase, data: Dataset, results: Results) -> None:
    rows = []
    for peer in peers(base, data.meanings):
        cells: list[str] = []
        for each in PHRASINGS:
            peer.learn(data.train(each))
            queries = data.queries[:SLOW] if peer.name.startswith("thefuzz") else data.queries
            found = hits(peer, queries)
            cells.append(f"{found.top1:.3f} / {found.top3:.3f}")
        rows.append((peer.name, *cells))
    title = f"{data.name}: top-1 / top-3 ({len(data.phrasings)} entries, {len(data.queries)} queries)"
    results.add(title, ["peer", *(f"{each} phrasings" for each in PHRASINGS)], rows)
    labels = [f"{each} phrasings" for each in PHRASINGS]
    results.plot_bars(
        f"found-{data.name}".replace(" ", "-"),
        f"{data.name}: top-1",
        labels,
        {name: [float(cell.split(" / ")[0]) for cell in cells] for name, *cells in rows},
    )


def _noisy(base: KnowledgeBase, data: Dataset, results: Results) -> None:
    rows = []
    for peer in _quick_peers(base, data):
        peer.learn(data.train(10))
        shares = by_noise(peer, data)
        rows.append((peer.name, *(f"{shares[name]:.3f}" for name in NOISES)))
    results.add(f"{data.name}: top-1 under noise, 10 phrasings", ["peer", *NOISES], rows)


def _refused(base: KnowledgeBase, data: Dataset, results: Results) -> None:
    rows = []
    for peer in _quick_peers(base, data):
        found = refusals(peer, data, 10)
        error = "" if found.error is None else f"{found.error:.3f}"
        rows.append((peer.name, f"{found.far:.3f}", f"{found.near:.3f}", error))
    columns = ["peer", "AUROC far", "AUROC near", "calibration error"]
    results.add(f"{data.name}: telling what has no answer, 10 phrasings", columns, rows)


def _quick(base: KnowledgeBase, data: Dataset, results: Results) -> None:
    for size in SIZES:
        train = data.train(10_000)
        train = [train[n * len(train) // size] for n in range(min(size, len(train)))]
        measured: dict[str, list[float]] = {}
        rows: list[list[str]] = []
        for peer in peers(base):
            tracemalloc.start()
            peer.learn(train)
            memory = tracemalloc.get_traced_memory()[1] / 2**20
            tracemalloc.stop()
            start = time.perf_counter()
            peer.learn(train)
            built = time.perf_counter() - start
            texts = [text for text, _ in data.queries[: SLOW if _is_slow(peer) else None]]
            times(peer, texts[:20])
            measured[peer.name] = times(peer, texts)
            rows.append([peer.name, f"{built:.1f}", f"{memory:.0f}"])
        results.add(
            f"Time to find, {len(train)} phrasings",
            ["peer", "build s", "memory at its height, MiB", "p50 ms", "p99 ms", "p50 beside ours"],
            [(*row, *_timing(measured[row[0]], measured["ours"])) for row in rows],
        )
        results.plot_times(f"finding-{size}", f"Time to find, {len(train)} phrasings", measured)


def _timing(values: Sequence[float], ours: Sequence[float]) -> tuple[str, str, str]:
    middle = percentile(values, 0.5)
    return f"{middle:.2f}", f"{percentile(values, 0.99):.2f}", f"{middle / percentile(ours, 0.5):.1f} ×"


def _is_slow(peer: Peer) -> bool:
    return peer.name.startswith(("thefuzz", "rapidfuzz"))


def _quick_peers(base: KnowledgeBase, data: Dataset) -> list[Peer]:
    return [peer for peer in peers(base, data.meanings) if not peer.name.startswith("thefuzz")]
