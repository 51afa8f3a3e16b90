"""Messages that an index had not seen, and how it ranked them.

In each fold a part of the phrasings, of the entries and of the off-topic lines is left out, the rest is
learnt from, and the part is judged. Phrasings of entries left out are about us and have no answer. The
labelled examples of the content are never learnt from: they are judged by all that was learnt.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from knowledge.entries import Audience, Entry, KnowledgeBase
from knowledge.judging import Judge, Judged
from knowledge.learned import Groundwork, Learned

FOLDS = 4
"""At most…"""
ENOUGH = 2000
"""… until there are that many trials: twice as many moved no threshold by more than another draw."""
HELD_OUT = 0.2
"""Share of the phrasings that a fold leaves out…"""
ENTRIES_OUT = 0.1
"""… and of the entries…"""
LINES_OUT = 0.4
"""… and of each list of off-topic lines."""
AUDIENCE_KNOWN = 0.65
HANDS_OVER = frozenset({"human", "casework", "referent"})
"""Doors that end with a human, as some messages are to."""


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
    allowed: frozenset[str]
    """Doors that it may go through without harm."""
    doors: Mapping[str, float]
    """By how much each door led."""
    example: bool = False


_Asked = tuple[str, Entry | None]
"""A message, and its entry, or None for an off-topic line."""


def trials(kb: KnowledgeBase, groundwork: Groundwork) -> Iterator[Trial]:
    draw = random.Random(7)  # noqa: S311 (the same split each time, no secret)
    ids = list(kb.entries)
    draw.shuffle(ids)
    done = 0
    for fold in range(FOLDS):
        if done < ENOUGH:
            out = frozenset(ids[fold :: int(1 / ENTRIES_OUT)])
            for trial in _fold(kb, groundwork, out, draw):
                yield trial
                done += 1


def _fold(
    kb: KnowledgeBase, groundwork: Groundwork, out: frozenset[str], draw: random.Random
) -> Iterator[Trial]:
    part, messages = _split(kb, out, draw)
    judge = Judge(part, groundwork.learned(part))
    for text, entry in messages:
        judged = judge.judge(text, _audience(entry, draw))
        yield _trial(kb, judged, entry, lacking=entry is not None and entry.id in out)


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
            allowed=HANDS_OVER if message.expect == "handoff" else frozenset(),
            doors=judged.ranking.leads.doors,
            example=True,
        )


def _trial(kb: KnowledgeBase, judged: Judged, entry: Entry | None, *, lacking: bool) -> Trial:
    first = [ranked.entry_id for ranked in judged.ranking.entries[:3]]
    same = {entry.id, *entry.also} if entry is not None else set()
    doors = kb.language.door_entries.items()
    return Trial(
        judged.figures.values(),
        about_us=entry is not None,
        answerable=entry is not None and not lacking,
        right=first[0] in same,
        among_first=not same.isdisjoint(first),
        allowed=frozenset(door for door, ids in doors if entry is not None and entry.id in ids),
        doors=judged.ranking.leads.doors,
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
    off_topic = {}
    for subject, lines in kb.language.off_topic.items():
        held = frozenset(line for line in lines if draw.random() < LINES_OUT)
        messages += [(line, None) for line in lines if line in held]
        off_topic[subject] = tuple(line for line in lines if line not in held)
    return replace(
        kb, entries=kept, language=kb.language.model_copy(update={"off_topic": off_topic})
    ), messages


def _audience(entry: Entry | None, draw: random.Random) -> Audience | None:
    known = [audience for audience in Audience if entry is None or audience in entry.audiences]
    return draw.choice(known) if known and draw.random() < AUDIENCE_KNOWN else None
