"""The process that matches for another one: a text a line comes in, what it is goes out, in order.

`python -m bot.matching CONTENT SHELF HASH`; an empty CONTENT is the shipped one. First comes what was
accepted beside the content, then texts; first goes out `READY`, unless the content has another hash by now
or was not learnt, which ends the process. It ends with its input, and by nothing else that asks a program to
end: whoever started it may still need it then.
"""

import json
import os
import signal
import sys
from dataclasses import astuple
from functools import lru_cache, partial
from pathlib import Path
from typing import IO, Any, get_args

from bot.memory import keep_what_is_there
from knowledge.entries import Audience
from knowledge.loading import load_knowledge
from knowledge.matching import Matcher
from knowledge.outcomes import Candidate, Match
from knowledge.overlay import Overlay, merged
from knowledge.shelf import Shelf

READY = b"ready"
LATELY = 1_024
"""Texts whose match is remembered, in memory alone: those of the seconds that a thought may last."""
_OUTCOMES = {kind.__name__: kind for kind in get_args(Match)}
_FAILED = "failed"


class MatchingFailed(Exception):
    """The text could not be matched, or whoever did it ended meanwhile."""


def asked(text: str, audience: Audience | None, previous: str | None) -> bytes:
    """A line that asks."""
    return json.dumps([text, audience, previous]).encode() + b"\n"


def answered(line: bytes) -> Match:
    """What a line answers; raises MatchingFailed."""
    kind, fields = json.loads(line)
    if kind == _FAILED:
        raise MatchingFailed(fields)
    fields["candidates"] = tuple(Candidate(*one) for one in fields["candidates"])
    fields["parts"] = tuple(map(tuple, fields["parts"]))
    match: Match = _OUTCOMES[kind](**fields)
    return match


def main() -> None:
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.SIG_IGN)
    with os.fdopen(os.dup(1), "wb", buffering=0) as answers:
        os.dup2(2, 1)  # whatever prints must not be taken for an answer
        _match(*sys.argv[1:], questions=sys.stdin.buffer, answers=answers)


def _match(content: str, shelf: str, content_hash: str, *, questions: IO[bytes], answers: IO[bytes]) -> None:
    there = Shelf(Path(shelf))
    accepted = Overlay.from_json(questions.readline().decode())
    base = merged(load_knowledge(Path(content) if content else None, there), accepted)
    learned = there.find(base.lessons)
    if base.hash != content_hash or learned is None:
        sys.exit(f"{base.hash}: not the content that was asked for, or not learnt")
    matcher = Matcher(base, learned)
    keep_what_is_there()
    answers.write(READY + b"\n")
    answer = lru_cache(LATELY)(partial(_answer, matcher))
    for line in questions:
        answers.write(answer(line))


def _answer(matcher: Matcher, line: bytes) -> bytes:
    text, audience, previous = json.loads(line)
    try:
        match = matcher.match(text, audience=Audience(audience) if audience else None, previous=previous)
    except Exception as error:  # the border: told to whoever asked, and the next one is matched
        return json.dumps([_FAILED, type(error).__name__]).encode() + b"\n"
    fields: dict[str, Any] = {name: getattr(match, name) for name in match.__slots__}
    return json.dumps([type(match).__name__, fields], default=astuple).encode() + b"\n"


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:  # nobody listens any more
        os._exit(0)
