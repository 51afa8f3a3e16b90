"""Two evaluations of the same messages: which shares moved, and which lines were gained and lost."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from knowledge.errors import KnowledgeError, Problem
from knowledge.evaluation import Report, Scored, Share, line_of

Change = Literal["gained", "lost", "moved"]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Line(_Model):
    """What one message became, in a report that was kept."""

    text: str
    audience: str | None = None
    prev: str | None = None
    expect: str
    outcome: str
    first: str | None = None
    right: bool
    good: bool
    wrong: bool

    @property
    def key(self) -> tuple[str, str | None, str | None]:
        return self.text, self.audience, self.prev

    @property
    def worth(self) -> int:
        """Something false is worse than nothing, and a right answer better than one that is proposed."""
        return 3 if self.right else 2 if self.good else 0 if self.wrong else 1


class _Count(_Model):
    k: int
    n: int


class Kept(_Model):
    """A report as `evaluate --json` wrote it."""

    messages: int
    shares: Mapping[str, _Count]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    change: Change
    before: Line
    after: Line


@dataclass(frozen=True, slots=True)
class Comparison:
    shares: Mapping[str, tuple[Share | None, Share]]
    """Before (None when it was not counted then) and after."""
    moved: tuple[Moved, ...]
    """Lost first, then gained, then those that only became something else."""
    added: int
    gone: int
    """Messages that only one of the two reports holds."""

    def to_dict(self) -> dict[str, Any]:
        return {
            "shares": {
                name: {"before": before and [before.k, before.n], "after": [after.k, after.n]}
                for name, (before, after) in self.shares.items()
            },
            "lines": [
                {"change": m.change, "before": m.before.model_dump(), "after": m.after.model_dump()}
                for m in self.moved
            ],
            "added": self.added,
            "gone": self.gone,
        }


def read_kept(path: Path) -> Kept:
    """Raises KnowledgeError when the file is no report."""
    try:
        return Kept.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise KnowledgeError([Problem(path.name, None, f"fichier illisible ({error.strerror})")]) from None
    except (ValidationError, ValueError, RecursionError):
        message = "ce n'est pas un rapport écrit par `evaluate --json`"
        raise KnowledgeError([Problem(path.name, None, message)]) from None


def compare(kept: Kept, report: Report) -> Comparison:
    before = {line.key: line for line in kept.lines}
    after = {line.key: line for line in _lines(report.lines)}
    both = [(before[key], line) for key, line in after.items() if key in before]
    moved = [found for pair in both if (found := _moved(*pair)) is not None]
    order = ("lost", "gained", "moved")
    return Comparison(
        shares={name: (_share(kept.shares.get(name)), share) for name, share in report.shares.items()},
        moved=tuple(sorted(moved, key=lambda m: (order.index(m.change), m.after.worth - m.before.worth))),
        added=len(after) - len(both),
        gone=len(before) - len(both),
    )


def _lines(lines: Iterable[Scored]) -> Iterable[Line]:
    return (Line.model_validate(line_of(line)) for line in lines)


def _moved(before: Line, after: Line) -> Moved | None:
    if before.worth != after.worth:
        return Moved("gained" if after.worth > before.worth else "lost", before, after)
    if (before.outcome, before.first) != (after.outcome, after.first):
        return Moved("moved", before, after)
    return None


def _share(count: _Count | None) -> Share | None:
    return None if count is None else Share(count.k, count.n)
