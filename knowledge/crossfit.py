"""Do the phrasings find their own entry when they are left out? And which entries attract each other's?

Five folds: each phrasing is ranked once by an index that has learnt the other four fifths. Titles,
keywords and answers stay. Without an audience, and with the first one that the entry is for.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from knowledge.entries import Audience, Entry, KnowledgeBase
from knowledge.evaluation import Share
from knowledge.learned import Groundwork
from knowledge.ranking import Ranker, Ranking

FOLDS = 5
FIRST = 3
MOST = 20_000
"""Phrasings that are tried at most: this keeps the time under two minutes."""
PAIRS = 20


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A phrasing that was left out, and the entries that it then found, best first."""

    entry_id: str
    text: str
    found: tuple[str, ...]
    found_for_audience: tuple[str, ...]
    """The same when it is known who asks."""


@dataclass(frozen=True, slots=True)
class Attraction:
    """Two entries whose phrasings find the other one first."""

    one: str
    other: str
    count: int
    """Both ways together."""
    audience_known: int
    """How often still when it is known who asks: what is left for authors to tell apart."""
    example: str
    declared: bool
    """One names the other in `also`: both answers serve."""


@dataclass(frozen=True, slots=True)
class Crossfit:
    first: Share
    among_first: Share
    audience_known: Share
    """First, when it is known who asks."""
    among_first_audience_known: Share
    pairs: tuple[Attraction, ...]
    """The most attracted first."""

    def to_dict(self) -> dict[str, Any]:
        return {
            "first": _figures(self.first),
            "among_first": _figures(self.among_first),
            "audience_known": _figures(self.audience_known),
            "among_first_audience_known": _figures(self.among_first_audience_known),
            "pairs": [asdict(pair) for pair in self.pairs],
        }


def size(base: KnowledgeBase) -> int:
    """How many phrasings `leave_out` tries."""
    return sum(1 for _ in _messages(base))


def leave_out(base: KnowledgeBase) -> Iterator[LeftOut]:
    """Each phrasing, ranked by what had never seen it; one by one, so that progress can be shown."""
    messages = list(_messages(base))
    groundwork = Groundwork(base)
    for fold in range(FOLDS):
        held = [(entry, n) for rank, (entry, n) in enumerate(messages) if rank % FOLDS == fold]
        part = _without(base, held)
        ranker = Ranker(part, groundwork.learned(part))
        for entry, n in held:
            query = ranker.reader.read(entry.phrasings[n])
            whoever = ranker.rank(query)
            known = ranker.rank(query, _audience(entry))
            yield LeftOut(entry.id, entry.phrasings[n], _ids(whoever), _ids(known))


def summarise(base: KnowledgeBase, results: Sequence[LeftOut]) -> Crossfit:
    def share(holds: Callable[[LeftOut], bool]) -> Share:
        return Share(sum(map(holds, results)), len(results))

    return Crossfit(
        first=share(lambda result: result.found[:1] == (result.entry_id,)),
        among_first=share(lambda result: result.entry_id in result.found),
        audience_known=share(lambda result: result.found_for_audience[:1] == (result.entry_id,)),
        among_first_audience_known=share(lambda result: result.entry_id in result.found_for_audience),
        pairs=tuple(_pairs(base, results)),
    )


def neighbours(ranker: Ranker, entry: Entry, count: int = 5) -> list[tuple[str, int]]:
    """The entries that come nearest to the phrasings of this one, and how often."""
    near: Counter[str] = Counter()
    for text in entry.phrasings:
        ranking = ranker.rank(ranker.reader.read(text))
        near.update([other.entry_id for other in ranking.entries[:2] if other.entry_id != entry.id][:1])
    return near.most_common(count)


def _messages(base: KnowledgeBase) -> Iterator[tuple[Entry, int]]:
    everything = [(entry, n) for entry in base.entries.values() for n in range(len(entry.phrasings))]
    yield from everything[:: -(-len(everything) // MOST) or 1]


def _without(base: KnowledgeBase, held: Iterable[tuple[Entry, int]]) -> KnowledgeBase:
    out = {(entry.id, n) for entry, n in held}
    kept = {
        entry.id: entry.model_copy(
            update={"phrasings": tuple(t for n, t in enumerate(entry.phrasings) if (entry.id, n) not in out)}
        )
        for entry in base.entries.values()
    }
    return replace(base, entries=kept)


def _audience(entry: Entry) -> Audience | None:
    return next((audience for audience in Audience if audience in entry.audiences), None)


def _ids(ranking: Ranking) -> tuple[str, ...]:
    return tuple(ranked.entry_id for ranked in ranking.entries[:FIRST])


def _pairs(base: KnowledgeBase, results: Sequence[LeftOut]) -> Iterator[Attraction]:
    counts = Counter(pair for result in results if (pair := _pair(result.entry_id, result.found)))
    known = Counter(pair for result in results if (pair := _pair(result.entry_id, result.found_for_audience)))
    examples = {_pair(result.entry_id, result.found): result.text for result in results}
    for pair, count in counts.most_common(PAIRS):
        one, other = pair
        declared = other in base.entries[one].also or one in base.entries[other].also
        yield Attraction(one, other, count, known[pair], examples[pair], declared)


def _pair(entry_id: str, found: Sequence[str]) -> tuple[str, str] | None:
    """The entry and the one that took its place, in the order of the alphabet."""
    if not found or found[0] == entry_id:
        return None
    one, other = sorted((entry_id, found[0]))
    return one, other


def _figures(share: Share) -> dict[str, Any]:
    return {"k": share.k, "n": share.n, "share": share.value, "interval": share.interval()}
