"""How alike two texts are, for a referent who looks for what was written before. It decides nothing."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from rapidfuzz import fuzz

from knowledge.language import Language
from knowledge.normalising import cut, split_words, stem

K = TypeVar("K")


class Nearness:
    """Compares texts by the stems of their telling words."""

    def __init__(self, language: Language) -> None:
        self._stop = frozenset(word for line in language.stop_words for word in split_words(line))

    def nearest(
        self, text: str, others: Mapping[K, Iterable[str]], *, least: float, limit: int
    ) -> list[tuple[K, float]]:
        """Keys of the nearest with their score, 0-100, best first; each is as near as its nearest text."""
        told = self._told(text)
        if not told:
            return []
        scores = {
            key: max((self._alike(told, one) for one in texts), default=0.0) for key, texts in others.items()
        }
        near = sorted((one for one in scores.items() if one[1] >= least), key=lambda one: -one[1])
        return near[:limit]

    def _told(self, text: str) -> str:
        return " ".join(stem(word) for word in split_words(cut(text)) if word not in self._stop)

    def _alike(self, told: str, other: str) -> float:
        """Words in common, and how much else each says: one alone calls a word like a story."""
        words = self._told(other)
        return (fuzz.token_set_ratio(told, words) + fuzz.token_sort_ratio(told, words)) / 2
