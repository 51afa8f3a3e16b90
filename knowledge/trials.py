"""Messages that an index had not seen, and how it ranked them.

In each fold a part of the phrasings, of the entries, of the off-topic lines and of what is said at the
doors is left out, the rest is learnt from, and the part is judged. Phrasings of entries left out are about
us and have no answer. The labelled examples of the content are never learnt from: they are judged by all
that was learnt.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from knowledge.entries import Audience, Entry, KnowledgeBase
from knowledge.judging import Judge, Judged
from knowledge.learned import Learned, learn_from

FOLDS = 2
HELD_OUT = 0.2
"""Share of the phrasings that a fold leaves out…"""
ENTRIES_OUT = 0.1
"""… and of the entries…"""
LINES_OUT = 0.4
"""… and of each list of other lines."""
AUDIENCE_KNOWN = 0.65


@dataclass(frozen=True, slots=True)
class Trial:
    figures: tuple[float, ...]
    about_us: bool
    answerable: bool
    """Whether an entry that was there to be found answers it."""
    right: bool
    """Whether that entry came first…"""
    among_first: bool
    """… or among the first three."""
    door: str | None
    """Which door it was written for, "" when it only looks like that; None for all that asks something."""
    allowed: frozenset[str]
    """Doors that it may go through without harm."""
    doors: Mapping[str, float]
    """By how much each door led."""
    example: bool = False


_NO_DOOR = ""
_Asked = tuple[str, Entry | str | None]
"""A message, and its entry, its door (_NO_DOOR: it only looks like one), or None for an off-topic line."""


def trials(kb: KnowledgeBase) -> Iterator[Trial]:
    draw = random.Random(7)  # noqa: S311 (the same split each time, no secret)
    ids = list(kb.entries)
    draw.shuffle(ids)
    for fold in range(FOLDS):
        out = frozenset(ids[fold :: int(1 / ENTRIES_OUT)])
        part, messages = _split(kb, out, draw)
        judge = Judge(part, learn_from(part))
        for text, of in messages:
            entry = of if isinstance(of, Entry) else None
            judged = judge.judge(text, _audience(entry, draw))
            yield _trial(kb, judged, of, lacking=entry is not None and entry.id in out)


def examples(kb: KnowledgeBase, learned: Learned) -> Iterator[Trial]:
    judge = Judge(kb, learned)
    for message in kb.examples:
        if message.expect not in ("answer", "handoff", "out_of_scope"):
            continue
        judged = judge.judge(message.text, message.audience, message.prev)
        first = [ranked.entry_id for ranked in judged.ranking.entries[:3]]
        answerable = message.expect == "answer"
        yield Trial(
            judged.figures.values(),
            about_us=message.expect != "out_of_scope",
            answerable=answerable,
            right=message.expect != "out_of_scope" and first[0] in message.entries,
            among_first=not set(first).isdisjoint(message.entries),
            door=None,
            allowed=frozenset(("casework", "human") if message.expect == "handoff" else ()),
            doors=judged.ranking.doors,
            example=True,
        )


def _trial(kb: KnowledgeBase, judged: Judged, of: Entry | str | None, *, lacking: bool) -> Trial:
    entry = of if isinstance(of, Entry) else None
    first = [ranked.entry_id for ranked in judged.ranking.entries[:3]]
    same = {entry.id, *entry.also} if entry is not None else set()
    doors = kb.language.door_entries.items()
    return Trial(
        judged.figures.values(),
        about_us=entry is not None,
        answerable=entry is not None and not lacking,
        right=first[0] in same,
        among_first=not same.isdisjoint(first),
        door=of if isinstance(of, str) else None,
        allowed=frozenset(door for door, ids in doors if entry is not None and entry.id in ids),
        doors=judged.ranking.doors,
    )


def _split(kb: KnowledgeBase, out: frozenset[str], draw: random.Random) -> tuple[KnowledgeBase, list[_Asked]]:
    """A knowledge base, and messages that it has not seen."""
    messages: list[_Asked] = []
    kept: dict[str, Entry] = {}
    for entry in kb.entries.values():
        held = frozenset(text for text in entry.phrasings if draw.random() < HELD_OUT)
        messages += [(text, entry) for text in entry.phrasings if text in held]
        if entry.id not in out:
            seen = tuple(text for text in entry.phrasings if text not in held)
            kept[entry.id] = entry.model_copy(update={"phrasings": seen})
    off_topic, held_lines = _divided(kb.language.off_topic, draw)
    messages += [(line, None) for _, line in held_lines]
    said, held_lines = _divided(kb.language.said, draw)
    messages += [(line, door) for door, line in held_lines]
    said_not, held_lines = _divided(kb.language.said_not, draw)
    messages += [(line, _NO_DOOR) for _, line in held_lines]
    update = {"off_topic": off_topic, "said": said, "said_not": said_not}
    language = kb.language.model_copy(update=update)
    return replace(kb, entries=kept, language=language), messages


def _divided(
    lines: Mapping[str, Sequence[str]], draw: random.Random
) -> tuple[dict[str, tuple[str, ...]], list[tuple[str, str]]]:
    """What is kept of each list, and what is held out with its name."""
    held = [(name, line) for name, some in lines.items() for line in some if draw.random() < LINES_OUT]
    out = frozenset(held)
    kept = {name: tuple(line for line in some if (name, line) not in out) for name, some in lines.items()}
    return kept, held


def _audience(entry: Entry | None, draw: random.Random) -> Audience | None:
    known = [audience for audience in Audience if entry is None or audience in entry.audiences]
    return draw.choice(known) if known and draw.random() < AUDIENCE_KNOWN else None
