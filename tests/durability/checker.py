"""Judges a history: what was accepted has one row and one outcome, in order, and nobody else heard of it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, takewhile

from tests.durability.history import Conversation, Demand, History, Row, Verdict

QUIET_WITHIN = 30.0
"""Seconds from the first call that succeeds until nothing waits."""
OPENED = "opened"
"""The outcome of asking for a person: a demand of one's own."""
Finding = tuple[str, str]
"""What it amounts to (a field of `Verdict`), and where."""


def judge(history: History) -> Verdict:
    """All that is wrong with a history, and how many copies were delivered."""
    found = [*_everywhere(history)]
    for conversation in history.conversations:
        found += _conversation(conversation, history)
    for demand in history.demands:
        found += _demand(demand, history)
    sorts = {
        sort: tuple(words for one, words in found if one == sort)
        for sort in ("lost", "disordered", "twice", "strayed", "other")
    }
    return Verdict(copies=sum(map(copies, history.conversations)), **sorts)


def slow(history: History) -> bool:
    """Whether work was left for too long; a judgement on the machine, too, and so no part of a verdict."""
    return history.quiet_after > QUIET_WITHIN


def copies(conversation: Conversation) -> int:
    """Messages that were delivered more often than they were said."""
    said = Counter(row.shown for row in conversation.rows if row.shown)
    return sum(
        max(0, times - said[text]) for text, times in Counter(conversation.heard).items() if said[text]
    )


def compare(expected: Sequence[str], found: Sequence[str]) -> list[str]:
    """Which sorts of violation there are between two sequences that should be the same."""
    if list(expected) == list(found):
        return []
    wanted, there = Counter(expected), Counter(found)
    sorts = ["lost"] * bool(wanted - there) + ["twice"] * bool(there - wanted)
    return sorts or ["disordered"]


def _everywhere(history: History) -> Iterator[Finding]:
    if dict(history.unfinished) != dict(history.expected_unfinished):
        there, expected = dict(history.unfinished), dict(history.expected_unfinished)
        which = "; ".join(history.set_aside)
        yield "other", f"left over: {there}, where {expected} was to be expected: {which}"
    delivered_again = sum(map(copies, history.conversations))
    if delivered_again > history.copies_allowed:
        yield "twice", f"{delivered_again} copies, where {history.copies_allowed} sends were under way"
    asked_for = sum(said.answer == OPENED for one in history.conversations for said in one.said)
    if asked_for != history.opened:
        sort = "twice" if history.opened > asked_for else "lost"
        yield sort, f"{history.opened} demands, where {asked_for} were asked for"


def _conversation(one: Conversation, history: History) -> Iterator[Finding]:
    inbound = [row.text for row in one.rows if row.author == "visitor"]
    yield from _differences(one.who, "rows", [said.text for said in one.said if said.written], inbound)
    answers = [row.answer for row in one.rows if row.answer is not None]
    yield from _differences(
        one.who, "outcomes", [s.answer for s in one.said if s.answer is not None], answers
    )
    yield from _delivered(one, history)


def _delivered(one: Conversation, history: History) -> Iterator[Finding]:
    """What is on the screen is what was said here, in its order.

    Only neighbours may be copies, but for those that a process was about to send when it was stopped.
    """
    shown = [row.shown for row in one.rows if row.shown]
    strays = [text for text in one.heard if text not in set(shown)]
    for text in strays:
        others = [o.who for o in history.conversations if any(row.shown == text for row in o.rows)]
        whose = f"said to {', '.join(others)}" if others else "said to nobody"
        yield "strayed", f"{one.who} heard what was {whose}: {text[:60]!r}"
    said, heard = _runs(shown), _runs([text for text in one.heard if text in set(shown)])
    expected, found = [text for text, _ in said], [text for text, _ in heard]
    if not one.reachable:
        if not _within(found, expected):
            yield "disordered", f"{one.who} heard out of order what was said before they left"
        return
    if _but_for(one.late, expected, found):
        return
    yield from _differences(one.who, "deliveries", expected, found)
    if expected == found:
        for (text, wanted), (_, times) in zip(said, heard, strict=True):
            if times < wanted:
                yield "lost", f"{one.who}: {text[:60]!r} was delivered {times} of {wanted} times"


def _demand(demand: Demand, history: History) -> Iterator[Finding]:
    (asker,) = (one for one in history.conversations if one.who == demand.asker)
    where = f"demand {demand.number}"
    replies = [row for row in asker.rows if row.author == "referent" and row.ticket == demand.number]
    if demand.replies is not None:
        yield from _differences(where, "replies", demand.replies, [row.text for row in replies])
    for what, times in demand.acts.items():
        there = demand.events.get(what, 0)
        if there != times:
            yield "twice" if there > times else "lost", f"{where}: {what} {there} times instead of {times}"
    if not asker.reachable and any(_unheard(row, asker) for row in replies) and not _told(demand):
        yield "lost", f"{where}: nobody was told that a reply did not arrive"


def _unheard(row: Row, asker: Conversation) -> bool:
    return bool(row.shown) and row.shown not in asker.heard


def _told(demand: Demand) -> bool:
    return any(words in demand.told for words in ("bloqué le robot", "n'a pas été remise"))


def _differences(
    who: str, what: str, expected: Sequence[str | None], found: Sequence[str | None]
) -> Iterator[Finding]:
    wanted, there = [str(one) for one in expected], [str(one) for one in found]
    for sort in compare(wanted, there):
        place = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(wanted, there, strict=False)))
        became = f"{wanted[place : place + 3]} became {there[place : place + 3]}"
        yield sort, f"{who}, {what} from {place}: {became}"


def _runs(texts: Sequence[str]) -> list[tuple[str, int]]:
    return [(text, len(list(group))) for text, group in groupby(texts)]


def _but_for(late: Sequence[str], expected: Sequence[str], found: Sequence[str]) -> bool:
    """Whether `found` is what was expected and some of `late`, each once, anywhere between."""
    surplus = len(found) - len(expected)
    ways = [(0, tuple(sorted(late)))] if surplus > 0 else []
    for place, text in enumerate(found):
        gone_on: dict[tuple[int, tuple[str, ...]], None] = {}
        for at, left in ways:
            if at < len(expected) and text == expected[at]:
                gone_on[at + 1, left] = None
            if text in left and place - at < surplus:
                first = left.index(text)
                gone_on[at, (*left[:first], *left[first + 1 :])] = None
        ways = list(gone_on)
    return any(at == len(expected) for at, _ in ways)


def _within(some: Sequence[str], all_of_it: Sequence[str]) -> bool:
    """Whether all of `some` stands in `all_of_it`, in this order."""
    rest = iter(all_of_it)
    return all(one in rest for one in some)
