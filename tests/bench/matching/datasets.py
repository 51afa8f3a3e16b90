"""Question sets: ours, and public ones in the folder that `BENCH_DATA` names."""

import json
import os
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from knowledge.entries import KnowledgeBase
from knowledge.meanings import Meanings
from tests.bench.matching.english import english

Asked = tuple[str, str]
"""A message and its label."""
MOST_QUERIES = 300
MOST_FAR = 150
HELD_SHARE = 0.3
HELD_MOST = 10


@dataclass(frozen=True, slots=True)
class Dataset:
    name: str
    phrasings: Mapping[str, tuple[str, ...]]
    """By label, in random order: the first so many are learnt from."""
    queries: tuple[Asked, ...]
    far: tuple[str, ...]
    """Messages about something else; none of them is learnt from."""
    near: tuple[str, ...] = ()
    """What the set itself calls out of scope and like its own."""

    @property
    def meanings(self) -> Meanings | None:
        """Of the words of its language, where that is not French."""
        if not self.name.endswith("_en"):
            return None
        texts = (text for texts in self.phrasings.values() for text in texts)
        return english([*texts, *(text for text, _ in self.queries)])

    def train(self, each: int) -> list[Asked]:
        return [(text, label) for label, texts in self.phrasings.items() for text in texts[:each]]


def without_far(base: KnowledgeBase, seed: int = 0) -> tuple[KnowledgeBase, tuple[str, ...]]:
    """The content without some of its off-topic lines, which are to be asked then, and these."""
    off_topic = base.language.off_topic
    lines = sorted(line for lines in off_topic.values() for line in lines)
    far = random.Random(seed).sample(lines, min(MOST_FAR, len(lines)))
    kept = {name: tuple(line for line in lines if line not in set(far)) for name, lines in off_topic.items()}
    return replace(base, language=base.language.model_copy(update={"off_topic": kept})), tuple(far)


def datasets(base: KnowledgeBase, far: tuple[str, ...], seed: int = 0) -> Iterator[Dataset]:
    """Ours, asked `far` too, and the public ones: see `_far`."""
    ours = {entry.id: list(entry.phrasings) for entry in base.entries.values()}
    yield _held_out("our content", ours, far, random.Random(seed))
    folder = os.environ.get("BENCH_DATA")
    paths = sorted(Path(folder).glob("*.json")) if folder else ()
    public = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    for data in public:
        found = _public(data, _far(data, public, random.Random(seed)) or far, random.Random(seed))
        yield replace(found, near=_own(data, "near"))


def _far(data: dict[str, Any], public: Sequence[dict[str, Any]], draw: random.Random) -> tuple[str, ...]:
    """What people asked of a set that has no answer there, or else what the others of its language ask."""
    own = _own(data, "collected")
    others = [
        item["text"]
        for other in public
        if other["lang"] == data["lang"] and other["name"] != data["name"]
        for item in other.get("test") or other["pool"]
    ]
    lines = own or others
    return tuple(draw.sample(lines, min(MOST_FAR, len(lines))))


def _own(data: dict[str, Any], kind: str) -> tuple[str, ...]:
    return tuple(item["text"] for item in data.get("oos", ()) if item["kind"] == kind)


def _public(data: dict[str, Any], far: tuple[str, ...], draw: random.Random) -> Dataset:
    by_label: dict[str, list[str]] = {}
    for item in data.get("pool") or data["train"]:
        by_label.setdefault(item["label"], []).append(item["text"])
    if "pool" in data:
        return _held_out(data["name"], by_label, far, draw)
    queries = [(item["text"], item["label"]) for item in data["test"]]
    return Dataset(data["name"], _shuffled(by_label, draw), _some(queries, draw), far)


def _held_out(
    name: str, by_label: Mapping[str, list[str]], far: tuple[str, ...], draw: random.Random
) -> Dataset:
    queries: list[Asked] = []
    kept: dict[str, tuple[str, ...]] = {}
    for label, texts in _shuffled(by_label, draw).items():
        held = min(HELD_MOST, int(HELD_SHARE * len(texts)))
        queries += [(text, label) for text in texts[:held]]
        kept[label] = texts[held:]
    return Dataset(name, kept, _some(queries, draw), far)


def _shuffled(by_label: Mapping[str, list[str]], draw: random.Random) -> dict[str, tuple[str, ...]]:
    return {
        label: tuple(draw.sample(texts, len(texts)))
        for label, texts in ((label, sorted(set(texts))) for label, texts in by_label.items())
    }


def _some(queries: list[Asked], draw: random.Random) -> tuple[Asked, ...]:
    return tuple(draw.sample(queries, min(MOST_QUERIES, len(queries))))
