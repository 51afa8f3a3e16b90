"""Ways to find the label of a message: ours, and those that others use."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol

import bm25s
import numpy as np
from rapidfuzz import fuzz, process, utils
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_union
from sklearn.svm import LinearSVC
from thefuzz import fuzz as thefuzz_fuzz
from thefuzz import process as thefuzz_process

from knowledge.calibrating import study
from knowledge.entries import Entry, KnowledgeBase
from knowledge.judging import Judge
from knowledge.meanings import Meanings
from tests.bench.matching.datasets import Asked

Found = tuple[list[str], float]
"""The nearest three labels, best first, and how sure (in units of its own)."""
_NEAR = 30


class Peer(Protocol):
    name: str

    def learn(self, train: Sequence[Asked]) -> None: ...

    def find(self, text: str) -> Found: ...


class Ours:
    name = "ours"

    def __init__(self, base: KnowledgeBase, meanings: Meanings | None = None) -> None:
        self._base, self._meanings = base, meanings

    def learn(self, train: Sequence[Asked]) -> None:
        labels = list(dict.fromkeys(label for _, label in train))
        self._labels = {f"e{n}": label for n, label in enumerate(labels)}
        texts: dict[str, list[str]] = {label: [] for label in labels}
        for text, label in train:
            texts[label].append(text[:500])
        entries = {name: self._entry(name, texts[label]) for name, label in self._labels.items()}
        base = replace(self._base, entries=entries, guides={}, complements=(), examples=())
        self._judge = Judge(base, study(base, self._meanings))

    def _entry(self, name: str, phrasings: list[str]) -> Entry:
        return Entry.model_validate(
            {
                "id": name,
                "theme": "bench",
                "audiences": ["general"],
                "title": "...",
                "answer": "...",
                "phrasings": phrasings,
                "handoff": "always",
            }
        )

    def find(self, text: str) -> Found:
        judged = self._judge.judge(text)
        return [self._labels[one.entry_id] for one in judged.ranking.entries[:3]], judged.sure


class Extract:
    """The nearest phrasings by one scorer of rapidfuzz."""

    def __init__(self, name: str, scorer: Callable[..., float]) -> None:
        self.name = f"rapidfuzz {name}"
        self._scorer = scorer

    def learn(self, train: Sequence[Asked]) -> None:
        self._texts = [utils.default_process(text) for text, _ in train]
        self._labels = [label for _, label in train]

    def find(self, text: str) -> Found:
        near = process.extract(utils.default_process(text), self._texts, scorer=self._scorer, limit=_NEAR)
        labels = list(dict.fromkeys(self._labels[number] for _, _, number in near))
        return labels[:3], near[0][1] if near else 0.0


class TheFuzz(Extract):
    def __init__(self) -> None:
        self.name = "thefuzz WRatio"

    def find(self, text: str) -> Found:
        near = thefuzz_process.extract(
            text, dict(enumerate(self._texts)), scorer=thefuzz_fuzz.WRatio, limit=_NEAR
        )
        labels = list(dict.fromkeys(self._labels[number] for _, _, number in near))
        return labels[:3], float(near[0][1]) if near else 0.0


class Bm25:
    """BM25 over entries: all phrasings of one are one document."""

    name = "BM25 (bm25s)"

    def learn(self, train: Sequence[Asked]) -> None:
        self._labels = list(dict.fromkeys(label for _, label in train))
        documents = [
            " ".join(text for text, label in train if label == wanted).lower() for wanted in self._labels
        ]
        self._index = bm25s.BM25()
        self._index.index(bm25s.tokenize(documents, stopwords=None, show_progress=False), show_progress=False)

    def find(self, text: str) -> Found:
        tokens = bm25s.tokenize([text.lower()], stopwords=None, show_progress=False)
        numbers, scores = self._index.retrieve(tokens, k=min(3, len(self._labels)), show_progress=False)
        return [self._labels[number] for number in numbers[0]], float(scores[0][0])


class Svc:
    """scikit-learn: a linear classifier on tf·idf of words, pairs and runs of letters."""

    name = "LinearSVC (scikit-learn)"

    def learn(self, train: Sequence[Asked]) -> None:
        words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, strip_accents="unicode")
        letters = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, strip_accents="unicode"
        )
        self._features: Any = make_union(words, letters)
        self._classifier: Any = LinearSVC()
        values = self._features.fit_transform([text for text, _ in train])
        self._classifier.fit(values, [label for _, label in train])

    def find(self, text: str) -> Found:
        scores = self._classifier.decision_function(self._features.transform([text]))[0]
        first = np.argsort(-scores)[:3]
        return [str(self._classifier.classes_[n]) for n in first], float(scores[first[0]])


def peers(base: KnowledgeBase, meanings: Meanings | None = None) -> list[Peer]:
    return [
        Ours(base, meanings),
        Extract("WRatio", fuzz.WRatio),
        Extract("token_set_ratio", fuzz.token_set_ratio),
        Extract("ratio", fuzz.ratio),
        TheFuzz(),
        Bm25(),
        Svc(),
    ]
