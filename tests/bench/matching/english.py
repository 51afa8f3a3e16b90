"""Meanings of English words, for the one public set that is not French: those of WordLlama.

A table of the words of the set itself: no other has a line to be near to.
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import wordllama
from wordllama import WordLlama

from knowledge.meanings import Meanings, key
from knowledge.normalising import split_words


def english(texts: Iterable[str]) -> Meanings:
    words = sorted({word for text in texts for word in split_words(text) if len(word) > 1}, key=key)
    # It looks for its tokeniser beside itself in a folder of another name than the one it comes in.
    beside = Path(wordllama.__file__).parent
    vectors = WordLlama.load(cache_dir=beside, disable_download=True).embed(words)
    return Meanings(
        keys=np.array([key(word) for word in words], np.uint64),
        rows=np.arange(len(words), dtype=np.uint32),
        weights=np.ones(len(words), np.float16),  # its vectors are the longer, the more a word says
        vectors=np.asarray(vectors, np.float16),
    )
