"""Rule-change freeze: while a rule changes, what we know of it is not said and a referent answers instead.

A hold is on a tag (all entries that carry it) or on one entry. Editors, the national desk and
administrators place and lift them; the rows say who, when and why.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from handlers import audit
from handlers.audit import Action
from handlers.errors import Refused, refused
from handlers.turn import Turn
from knowledge.entries import Entry, KnowledgeBase
from knowledge.outcomes import Found, Match, Unknown, Unsure
from storage import holds, repairs
from storage.holds import Kind
from storage.rights import Right, may
from storage.tables import Hold, Referent

REASON_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Held:
    """What is on hold at one moment."""

    tags: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()

    def covers(self, entry: Entry) -> bool:
        return entry.id in self.ids or not self.tags.isdisjoint(entry.tags)


def current(turn: Turn) -> Held:
    """What is on hold now."""
    found = holds.targets(turn.session)
    return Held(
        tags=frozenset(target for kind, target in found if kind == "tag"),
        ids=frozenset(target for kind, target in found if kind == "entry"),
    )


def sayable(turn: Turn, entries: Iterable[Entry | None]) -> list[Entry]:
    """Those that may be said today: they still exist, are in force and are not on hold."""
    held = current(turn)
    return [
        entry
        for entry in entries
        if entry is not None and entry.in_force(turn.today) and not held.covers(entry)
    ]


def heeded(base: KnowledgeBase, match: Match, held: Held) -> Match:
    """What becomes of a match: an answer on hold is handed over, like a choice of which nothing is left."""
    if not isinstance(match, (Found, Unsure)):
        return match

    def kept_back(entry_id: str) -> bool:
        entry = base.entry(entry_id)
        return entry is not None and held.covers(entry)

    if isinstance(match, Found):
        return Unknown(candidates=match.candidates) if any(map(kept_back, match.entry_ids)) else match
    left = tuple(candidate for candidate in match.candidates if not kept_back(candidate.entry_id))
    if left == match.candidates:
        return match
    return replace(match, candidates=left) if left else Unknown(candidates=match.candidates)


def any_held(turn: Turn, entry_ids: Iterable[str]) -> bool:
    """Whether one of these entries is kept back by a hold."""
    held = current(turn)
    found = (turn.world.knowledge.entry(entry_id) for entry_id in entry_ids)
    return any(entry is not None and held.covers(entry) for entry in found)


def freeze(turn: Turn, by: Referent | None, kind: Kind, target: str, reason: str) -> Hold | Refused:
    """Puts a tag or an entry on hold. `by` is None for whoever sits at the machine itself."""
    target, reason = target.strip(), " ".join(reason.split())
    if by is not None and not may(by, Right.CONTENT):
        return refused("holds.not_yours")
    if not _known(turn, kind, target):
        return refused("holds.unknown_tag" if kind == "tag" else "holds.unknown_entry", target=target[:60])
    if not reason or len(reason) > REASON_LIMIT:
        return refused("holds.reason", limit=REASON_LIMIT)
    if (kind, target) in holds.targets(turn.session):
        return refused("holds.already", target=target)
    return _place(turn, by, kind, target, reason)


def suspend(turn: Turn, by: Referent, entry_id: str, reason: str) -> Hold | None:
    """Puts an entry on hold whose answer was judged wrong, whoever judged; None if it is, or is gone."""
    held = ("entry", entry_id) in holds.targets(turn.session)
    if held or turn.world.knowledge.entry(entry_id) is None:
        return None
    return _place(turn, by, "entry", entry_id, reason)


def thaw(turn: Turn, by: Referent | None, kind: Kind, target: str) -> Refused | None:
    """Lifts a hold; what its tag or entry says is said again, and an entry has nothing more to mend."""
    if by is not None and not may(by, Right.CONTENT):
        return refused("holds.not_yours")
    referent_id = by.id if by is not None else None
    if not holds.lift(turn.session, kind, target.strip(), referent_id=referent_id, now=turn.now):
        return refused("holds.not_held", target=target.strip()[:60])
    audit.note(turn, by, Action.THAWED, kind, target.strip())
    repair = repairs.standing_of(turn.session, target.strip()) if kind == "entry" else None
    if repair is not None:
        repairs.end(turn.session, repair, by_id=referent_id, now=turn.now)
    return None


def tags(turn: Turn) -> list[str]:
    """Every tag that an entry carries."""
    return sorted({tag for entry in turn.world.knowledge.entries.values() for tag in entry.tags})


def _place(turn: Turn, by: Referent | None, kind: Kind, target: str, reason: str) -> Hold:
    referent_id = by.id if by is not None else None
    audit.note(turn, by, Action.FROZEN, kind, target)
    return holds.place(turn.session, kind, target, reason=reason, referent_id=referent_id, now=turn.now)


def _known(turn: Turn, kind: Kind, target: str) -> bool:
    return target in tags(turn) if kind == "tag" else turn.world.knowledge.entry(target) is not None
