"""What was read and learnt, kept on disk between starts, for each version of the content and of this code.

*index-….npz* holds plain arrays (never pickle; its checksums are verified when it is opened), with all words
as JSON in one of them; *content-….json* the documents that were found good. Written beside and renamed, so
that a reader finds a whole file or none. A file that cannot be read is as good as none; a folder that cannot
be written to only costs time at the next start.
"""

import hashlib
import json
import os
import re
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import IO, Any

import numpy as np

from knowledge import npz
from knowledge.confidence import Confidence, Figures, Judgement, Thresholds
from knowledge.index import Weights
from knowledge.learned import Learned
from knowledge.meanings import Meanings
from knowledge.phrasings import Postings
from knowledge.reliability import Bin

_HERE = Path(__file__).parent
_IMPORTED = re.compile(r"^\s*from knowledge\.(\w+) import", re.MULTILINE)
_LEARNING = "calibrating"
"""The module that learns: `study` is there."""

KEPT = 4
"""Files that stay: those last used."""
_ARRAYS = {
    "weights": ("rarity", "ratio", "correction", "single_owner", "single_weight", "middle", "meaning"),
    "postings": ("weight", "starts", "lines", "mass", "owners"),
    "meanings": ("keys", "rows", "weights", "vectors"),
}


class Shelf:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, lessons: str) -> Path:
        return self.folder / f"index-{lessons}-{_code_hash(_modules_behind(_LEARNING))}.npz"

    def find(self, lessons: str) -> Learned | None:
        path = self.path(lessons)
        try:
            with path.open("rb") as file:
                learned = _learned(npz.read(file))
            os.utime(path)
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
            return None
        return learned

    def keep(self, lessons: str, learned: Learned) -> bool:
        """Whether it could be written."""
        return self._write(self.path(lessons), lambda file: npz.write(file, _arrays(learned)))

    def documents(self, content_hash: str) -> Mapping[str, object] | None:
        """The data of each file of a content that was found good."""
        try:
            data = json.loads(self._content(content_hash).read_bytes())
        except (OSError, ValueError, RecursionError):
            return None
        return data if isinstance(data, dict) else None

    def keep_documents(self, content_hash: str, documents: Mapping[str, object]) -> bool:
        """Whether it could be written."""
        text = json.dumps(documents, ensure_ascii=False).encode()
        return self._write(self._content(content_hash), lambda file: file.write(text))

    def _content(self, content_hash: str) -> Path:
        return self.folder / f"content-{content_hash}-{_code_hash()}.json"

    def _write(self, path: Path, write: Callable[[IO[bytes]], object]) -> bool:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.folder, suffix=".tmp", delete=False) as file:
                try:
                    write(file)
                    file.flush()
                    os.fsync(file.fileno())
                    Path(file.name).replace(path)
                except BaseException:
                    Path(file.name).unlink(missing_ok=True)
                    raise
        except OSError:
            return False
        self._tidy(f"{path.name.partition('-')[0]}-*")
        return True

    def _tidy(self, pattern: str) -> None:
        with suppress(OSError):
            for path in sorted(self.folder.glob(pattern), key=lambda path: -path.stat().st_mtime)[KEPT:]:
                path.unlink(missing_ok=True)


@cache
def _code_hash(modules: frozenset[str] | None = None) -> str:
    """Of these modules beside this one, or of all: what was learnt by other code is another thing."""
    digest = hashlib.sha256()
    for path in sorted(_HERE.glob("*.py")):
        if modules is None or path.stem in modules:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@cache
def _modules_behind(module: str) -> frozenset[str]:
    """A module beside this one and all those that it needs."""
    found: set[str] = set()
    wanted = {module}
    while wanted:
        name = wanted.pop()
        found.add(name)
        wanted |= set(_IMPORTED.findall((_HERE / f"{name}.py").read_text(encoding="utf-8"))) - found
    return frozenset(found)


def _arrays(learned: Learned) -> dict[str, Any]:
    words = {
        "owners": learned.weights.owners,
        "names": learned.weights.names,
        "stems": learned.postings.stems,
        "wordings": learned.postings.wordings,
        "counts": dict(learned.counts),
        "written": dict(learned.written),
        "known": sorted(learned.known),
        "common": sorted(learned.common),
        "longest_stems": dict(learned.longest_stems),
        "confidence": asdict(learned.confidence),
    }
    text = json.dumps(words, ensure_ascii=False).encode()
    arrays = {"words": np.frombuffer(text, np.uint8)}
    for part, names in _ARRAYS.items():
        arrays |= {f"{part}.{name}": getattr(getattr(learned, part), name) for name in names}
    return arrays


def _learned(arrays: dict[str, Any]) -> Learned:
    words = json.loads(arrays["words"].tobytes())
    part = {name: {one: arrays[f"{name}.{one}"] for one in names} for name, names in _ARRAYS.items()}
    return Learned(
        weights=Weights(owners=tuple(words["owners"]), names=tuple(words["names"]), **part["weights"]),
        postings=Postings(stems=tuple(words["stems"]), wordings=tuple(words["wordings"]), **part["postings"]),
        counts=words["counts"],
        written=words["written"],
        known=frozenset(words["known"]),
        common=frozenset(words["common"]),
        longest_stems=words["longest_stems"],
        meanings=Meanings(**part["meanings"]),
        confidence=_confidence(words["confidence"]),
    )


def _confidence(kept: dict[str, Any]) -> Confidence:
    return Confidence(
        sure=_judgement(kept["sure"]),
        about_us=_judgement(kept["about_us"]),
        thresholds=Thresholds(**kept["thresholds"]),
        curve=tuple(Bin(**one) for one in kept["curve"]),
    )


def _judgement(kept: dict[str, Any]) -> Judgement:
    return Judgement(kept["constant"], Figures(**kept["weights"]))
