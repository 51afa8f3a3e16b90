"""Scoring labelled messages: what the bot would do against what was expected of it.

*Right*: answered with an accepted entry first (in each part, where a message holds several questions).
*In scope*: `expect` is `answer`. *Served*: right, or an accepted entry among the first three proposed.
*False answer*: an answer to what is out of scope, or to a hand-over with an entry that isn't accepted.
*Hand-over kept*: a `handoff` line that ends with a human, or with an accepted entry answered or
proposed. *False decline*: a line about us that is declined, or taken for small talk or distress.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from knowledge.documents import Document
from knowledge.errors import Problem
from knowledge.examples import Message
from knowledge.matching import Matcher
from knowledge.outcomes import Found, Match, Unsure
from knowledge.reading import read
from knowledge.reliability import Judged, Reliability, halves, reliability
from knowledge.schema import validated

WORST = 20
CONFUSIONS = 20
MAX_FILE_BYTES = 20 * 1024 * 1024
_OUTCOME_OF = {"chitchat": "smalltalk"}
_ABOUT_US = ("answer", "handoff")
_DECLINES = ("out_of_scope", "smalltalk", "distress")


@dataclass(frozen=True, slots=True)
class Share:
    k: int
    n: int

    @property
    def value(self) -> float | None:
        return self.k / self.n if self.n else None

    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval."""
        if not self.n:
            return None
        p, z2 = self.k / self.n, 1.96**2
        middle = p + z2 / (2 * self.n)
        spread = 1.96 * ((p * (1 - p) + z2 / (4 * self.n)) / self.n) ** 0.5
        whole = 1 + z2 / self.n
        return max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole)

    def __str__(self) -> str:
        interval = self.interval()
        if interval is None:
            return "0/0"
        low, high = interval
        return f"{self.k}/{self.n} = {100 * self.k / self.n:.1f} % ({100 * low:.0f}-{100 * high:.0f})"


@dataclass(frozen=True, slots=True)
class Scored:
    """One message, what it became, and whether that is what was wanted."""

    message: Message
    match: Match
    good: bool
    wrong: bool
    """Not only missed: something false was said or done."""


@dataclass(frozen=True, slots=True)
class Report:
    messages: int
    outcomes: dict[str, dict[str, int]]
    """By what was expected: how often each outcome came."""
    shares: dict[str, Share]
    confusions: tuple[tuple[str, str, int], ...]
    """Wanted entry, entry ranked first instead, how often."""
    worst: tuple[Scored, ...]
    lines: tuple[Scored, ...]
    reliability: Reliability
    """Of the scores, on what is in scope and what is not, each half of the mass."""

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON, with all that a later comparison needs."""
        return {
            "messages": self.messages,
            "outcomes": self.outcomes,
            "shares": {
                name: {"k": share.k, "n": share.n, "share": share.value, "interval": share.interval()}
                for name, share in self.shares.items()
            },
            "calibration": asdict(self.reliability),
            "confusions": [list(pair) for pair in self.confusions],
            "worst": [
                {
                    "text": line.message.text,
                    "expect": line.message.expect,
                    "entries": list(line.message.entries),
                    "outcome": line.match.outcome,
                    "candidates": [asdict(candidate) for candidate in line.match.candidates],
                }
                for line in self.worst
            ],
            "lines": [line_of(line) for line in self.lines],
        }


def line_of(line: Scored) -> dict[str, Any]:
    """One message and what it became, in short."""
    message, match = line.message, line.match
    return {
        "text": message.text,
        "audience": message.audience,
        "prev": message.prev,
        "expect": message.expect,
        "outcome": match.outcome,
        "first": match.candidates[0].entry_id if match.candidates else None,
        "right": is_right(message, match) if message.expect == "answer" else line.good,
        "good": line.good,
        "wrong": line.wrong,
    }


def read_messages(path: Path) -> tuple[tuple[Message, ...], tuple[Problem, ...]]:
    """The messages of a YAML list or of JSON lines, and every line that is none."""
    if path.suffix in (".yaml", ".yml"):
        return _read_yaml(path)
    messages: list[Message] = []
    problems: list[Problem] = []
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            return (), (Problem(path.name, None, "fichier de plus de 20 Mio"),)
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        return (), (Problem(path.name, None, f"fichier illisible ({error})"),)
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            messages.append(Message.model_validate(json.loads(line)))
        except ValidationError as error:
            fields = ", ".join(".".join(map(str, detail["loc"])) or "ligne" for detail in error.errors())
            problems.append(Problem(path.name, number, f"message mal formé : {fields}"))
        except (ValueError, RecursionError):
            problems.append(Problem(path.name, number, "JSON illisible"))
    return tuple(messages), tuple(problems)


def _read_yaml(path: Path) -> tuple[tuple[Message, ...], tuple[Problem, ...]]:
    document: Document = read(path, path.name)
    items = document.data.get("messages") if isinstance(document.data, dict) else document.data
    if not isinstance(items, list):
        if not document.problems:
            document.report((), "une liste de messages est attendue")
        return (), tuple(document.problems)
    under = ("messages",) if isinstance(document.data, dict) else ()
    messages = [validated(Message, item, document, (*under, n)) for n, item in enumerate(items)]
    return tuple(m for m in messages if m is not None), tuple(document.problems)


def evaluate(matcher: Matcher, messages: Iterable[Message]) -> Report:
    return summarise([score(message, decide(matcher, message)) for message in messages])


def decide(matcher: Matcher, message: Message) -> Match:
    return matcher.match(message.text, audience=message.audience, previous=message.prev)


def score(message: Message, match: Match) -> Scored:
    right = is_right(message, match)
    answered = match.outcome == "answer"
    if message.expect == "answer":
        return Scored(message, match, is_served(message, match), answered and not right)
    if message.expect == "handoff":
        kept = match.outcome in ("handoff", "human") or is_served(message, match)
        return Scored(message, match, kept, not kept and match.outcome != "propose")
    good = match.outcome == _OUTCOME_OF.get(message.expect, message.expect)
    return Scored(message, match, good, not good and (answered or message.expect == "distress"))


def is_right(message: Message, match: Match) -> bool:
    if not isinstance(match, Found):
        return False
    if message.all:
        given = set(match.entry_ids)
        return all(given.intersection(accepted) for accepted in message.all)
    return match.entry_ids[0] in message.entries


def has_parts(message: Message, match: Match) -> bool:
    """Whether each question of a message that holds several was found, answered or proposed."""
    found = [set(part[:1]) for part in match.parts] or [{c.entry_id} for c in match.candidates[:1]]
    return all(any(part.intersection(accepted) for part in found) for accepted in message.all)


def is_served(message: Message, match: Match) -> bool:
    if is_right(message, match):
        return True
    return isinstance(match, Unsure) and bool(_first(match, 3).intersection(message.entries))


def _first(match: Match, count: int) -> set[str]:
    return {candidate.entry_id for candidate in match.candidates[:count]}


def summarise(lines: Sequence[Scored]) -> Report:
    outcomes: dict[str, Counter[str]] = {}
    for line in lines:
        outcomes.setdefault(line.message.expect, Counter())[line.match.outcome] += 1
    wrong = sorted(
        (line for line in lines if not line.good),
        key=lambda line: (not line.wrong, -line.match.candidates[0].score if line.match.candidates else 0.0),
    )
    return Report(
        messages=len(lines),
        outcomes={expect: dict(counts) for expect, counts in outcomes.items()},
        shares=_shares(lines),
        confusions=_confusions(lines),
        worst=tuple(wrong[:WORST]),
        lines=tuple(lines),
        reliability=reliability(_judged(lines)),
    )


def _judged(lines: Sequence[Scored]) -> list[Judged]:
    def judged(line: Scored) -> Judged:
        first = line.match.candidates[:1]
        right = line.message.expect == "answer" and bool(_first(line.match, 1) & set(line.message.entries))
        return Judged(first[0].score / 100 if first else 0.0, right)

    ours = [judged(line) for line in lines if line.message.expect == "answer"]
    others = [judged(line) for line in lines if line.message.expect == "out_of_scope"]
    return halves(ours, others)


def _shares(lines: Sequence[Scored]) -> dict[str, Share]:
    in_scope = [line for line in lines if line.message.expect == "answer"]
    handoff = [line for line in lines if line.message.expect == "handoff"]
    far = [line for line in lines if line.message.expect == "out_of_scope" and not line.message.near]
    near = [line for line in lines if line.message.expect == "out_of_scope" and line.message.near]
    about_us = [line for line in lines if line.message.expect in _ABOUT_US]
    double = [line for line in lines if line.message.all]
    quiet = [line for line in lines if line.message.expect != "distress"]
    return {
        "top1": _share(in_scope, lambda line: bool(_first(line.match, 1).intersection(line.message.entries))),
        "top3": _share(in_scope, lambda line: bool(_first(line.match, 3).intersection(line.message.entries))),
        "right": _share(in_scope, lambda line: is_right(line.message, line.match)),
        "served": _share(in_scope, lambda line: is_served(line.message, line.match)),
        "wrong_answers": _share(in_scope, lambda line: line.wrong),
        "double_found": _share(double, lambda line: has_parts(line.message, line.match)),
        "double_right": _share(double, lambda line: is_right(line.message, line.match)),
        "false_answers_far": _share(far, lambda line: line.match.outcome == "answer"),
        "false_answers_near": _share(near, lambda line: line.match.outcome == "answer"),
        "proposed_far": _share(far, lambda line: line.match.outcome == "propose"),
        "proposed_near": _share(near, lambda line: line.match.outcome == "propose"),
        "handoff_kept": _share(handoff, lambda line: line.good),
        "handoff_false_answers": _share(
            handoff, lambda line: line.match.outcome == "answer" and not line.good
        ),
        "false_declines": _share(about_us, lambda line: line.match.outcome in _DECLINES),
        "human_recognised": _of(lines, "human"),
        "smalltalk_recognised": _of(lines, "chitchat"),
        "distress_recognised": _of(lines, "distress"),
        "false_distress": _share(quiet, lambda line: line.match.outcome == "distress"),
    }


def _of(lines: Sequence[Scored], expect: str) -> Share:
    return _share([line for line in lines if line.message.expect == expect], lambda line: line.good)


def _share(lines: Sequence[Scored], holds: Callable[[Scored], bool]) -> Share:
    return Share(sum(map(holds, lines)), len(lines))


def _confusions(lines: Sequence[Scored]) -> tuple[tuple[str, str, int], ...]:
    pairs = Counter(
        (line.message.entries[0], line.match.candidates[0].entry_id)
        for line in lines
        if line.message.expect == "answer"
        and line.message.entries
        and line.match.candidates
        and line.match.candidates[0].entry_id not in line.message.entries
    )
    return tuple((wanted, got, count) for (wanted, got), count in pairs.most_common(CONFUSIONS))
