"""What each ingredient of the matcher is worth: the same run with one of them taken out."""

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from types import ModuleType
from typing import Any

from knowledge import (
    corpus,
    features,
    learning,
    normalising,
    queries,
    ranking,
    readings,
    rows,
    spelling,
    vectors,
)
from knowledge.entries import Audience, Entry, KnowledgeBase
from knowledge.judging import Judge
from knowledge.learned import learn_from
from tests.bench.results import Results

HELD = 0.1


def _word(word: str) -> str:
    return word


def _none(word: str) -> tuple[str, ...]:
    return ()


Change = tuple[ModuleType, str, Any]
WITHOUT: Mapping[str, tuple[Change, ...]] = {
    "all of it": (),
    "typo repair": ((spelling, "_SHORTEST", 100), (spelling, "_AS_WRITTEN", 9.0)),
    "neighbours of misspelt words": ((readings, "_NEIGHBOUR", 0.0),),
    "stemming": tuple((module, "stem", _word) for module in (corpus, features, queries, normalising)),
    "pairs of words": ((vectors, "PLAIN_PAIR", 0.0), (vectors, "SCALED_PAIR", 0.0)),
    "runs of letters": tuple((module, "runs", _none) for module in (features, rows, vectors)),
    "the ends, and what is said around names": ((vectors, "SCALED_END", 0.0),),
    "the correction": ((learning, "PASSES", 0),),
    "what words mean": ((learning, "MEANING", 0.0),),
    "words of the answers": ((learning, "ANSWER_COUNT", 0.0),),
    "the usual where words were repaired": ((ranking, "REPAIR_PRIOR", 0.0),),
    "the nearest phrasing": ((ranking, "LIKENESS_SHARE", 0.0),),
    "who asks": ((ranking, "AUDIENCE_PRIOR", 0.0),),
    "clauses of long messages": ((ranking, "CLAUSE_SHARE", 0.0),),
    "the message before": ((ranking, "PREVIOUS_SHARE", 0.0),),
}
LANGUAGE_WITHOUT: Mapping[str, tuple[str, ...]] = {
    "SMS spellings": ("sms", "sms_unsure"),
    "synonyms and kinds": ("synonyms", "kinds"),
    "courtesies taken out": ("politeness",),
    "off-topic lines": ("off_topic",),
}


def measure(base: KnowledgeBase, results: Results) -> None:
    rows = []
    for name, changes in WITHOUT.items():
        with _changed(changes):
            rows.append((name, *_figures(base)))
    for name, fields in LANGUAGE_WITHOUT.items():
        language = base.language.model_copy(update={field: _empty(base, field) for field in fields})
        rows.append((name, *_figures(replace(base, language=language))))
    results.add(
        "Our content, without one ingredient: top-1 / top-3",
        ["without", "labelled examples", "phrasings left out (audience known)"],
        [("nothing" if row[0] == "all of it" else row[0], *row[1:]) for row in rows],
    )


def _figures(base: KnowledgeBase) -> tuple[str, str]:
    judge = Judge(base, learn_from(base))
    asked = [message for message in base.examples if message.expect == "answer"]
    found = _share(
        (message.entries, judge.judge(message.text, message.audience, message.prev).ranking)
        for message in asked
    )
    part, held = _without_some(base)
    judge = Judge(part, learn_from(part))
    unseen = _share(((entry.id,), judge.judge(text, _audience(entry)).ranking) for entry, text in held)
    return found, unseen


def _share(found: Iterator[tuple[tuple[str, ...], ranking.Ranking]]) -> str:
    first = among = count = 0
    for wanted, ranked in found:
        ids = [one.entry_id for one in ranked.entries[:3]]
        first += ids[0] in wanted
        among += not set(ids).isdisjoint(wanted)
        count += 1
    return f"{first / count:.3f} / {among / count:.3f}"


def _without_some(base: KnowledgeBase) -> tuple[KnowledgeBase, list[tuple[Entry, str]]]:
    draw = random.Random(5)
    held: list[tuple[Entry, str]] = []
    entries: dict[str, Entry] = {}
    for entry in base.entries.values():
        out = frozenset(text for text in entry.phrasings if draw.random() < HELD)
        held += [(entry, text) for text in entry.phrasings if text in out]
        seen = tuple(text for text in entry.phrasings if text not in out)
        entries[entry.id] = entry.model_copy(update={"phrasings": seen})
    return replace(base, entries=entries), held


def _audience(entry: Entry) -> Audience | None:
    return next((audience for audience in Audience if audience in entry.audiences), None)


def _empty(base: KnowledgeBase, field: str) -> object:
    return type(getattr(base.language, field))() if field == "politeness" else {}


@contextmanager
def _changed(changes: tuple[Change, ...]) -> Iterator[None]:
    before = [(module, name, getattr(module, name)) for module, name, _ in changes]
    for module, name, value in changes:
        setattr(module, name, value)
    try:
        yield
    finally:
        for module, name, value in before:
            setattr(module, name, value)
