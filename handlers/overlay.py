"""What was accepted and is heeded beside the content, word for word, until the content says it itself."""

import hashlib
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from handlers import holds
from handlers.holds import Held
from handlers.turn import Turn
from knowledge import overlay
from knowledge.entries import KnowledgeBase
from knowledge.outcomes import Match
from knowledge.overlay import Addition, Overlay
from storage import proposals
from storage.proposals import Taught
from storage.tables import Proposal


@dataclass(frozen=True, slots=True)
class Live:
    """What the database adds to the content at one moment, and what it keeps back."""

    held: Held = field(default_factory=Held)
    added: Overlay = field(default_factory=Overlay)

    def heeded(self, base: KnowledgeBase, text: str, match: Match) -> Match:
        """What becomes of a text for which `match` was found; holds win."""
        return holds.heeded(base, self.added.exact(base, text) or match, self.held)


def live(turn: Turn) -> Live:
    return Live(holds.current(turn), current(turn.session))


def current(session: Session) -> Overlay:
    """All of it."""
    found = map(addition_of, proposals.in_effect(session))
    return Overlay(tuple(one for one in found if one is not None))


def said_by_now(session: Session, base: KnowledgeBase) -> list[int]:
    """What was exported and stands in `base`, the content as it is read."""
    return [proposal.id for proposal in proposals.exported(session) if _is_said(base, proposal)]


def _is_said(base: KnowledgeBase, proposal: Proposal) -> bool:
    addition = addition_of(proposal)
    if addition is not None:
        return overlay.holds(base, addition)
    return base.entry((proposal.draft or {}).get("id", "")) is not None


def join(turn: Turn, base: KnowledgeBase) -> None:
    """That needs no help any more."""
    proposals.mark_joined(turn.session, said_by_now(turn.session, base), now=turn.now)


def version(turn: Turn) -> str:
    """The hash of what we can say: that of the content and of what the index took over, and of the rest."""
    held = holds.current(turn)
    heeded = turn.added if turn.added is not None else current(turn.session)
    added = heeded.missing(turn.world.knowledge)
    if not held.tags and not held.ids and not added.additions:
        return turn.world.knowledge.hash
    named = sorted([*(f"tag {tag}" for tag in held.tags), *(f"entry {entry_id}" for entry_id in held.ids)])
    if added.additions:
        named.append(f"overlay {added.hash}")
    return f"{turn.world.knowledge.hash}+{hashlib.sha256(chr(0).join(named).encode()).hexdigest()[:8]}"


def addition_of(proposal: Proposal | Taught) -> Addition | None:
    """What a proposal adds to the content; None for an entry, which somebody must write first."""
    match proposal.kind:
        case "phrasing" | "off_topic" as kind if proposal.target is not None:
            return Addition(kind=kind, target=proposal.target, text=proposal.text)
        case _:
            return None
