"""What was accepted, ready to be written into the content's files, and noted once it is."""

from collections.abc import Iterable
from dataclasses import dataclass

from handlers import audit, overlay
from handlers.audit import Action
from handlers.turn import Turn
from knowledge.exporting import Draft
from knowledge.overlay import Addition
from storage import proposals


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Accepted and not exported, by the number of each proposal."""

    additions: dict[int, Addition]
    drafts: dict[int, Draft]

    def placed(self, homeless: Iterable[str]) -> list[int]:
        """The proposals that found a place, so that only they are noted as exported."""
        lost = set(homeless)
        return [
            *(number for number, one in self.additions.items() if one.text not in lost),
            *(number for number, one in self.drafts.items() if one.title not in lost),
        ]


def waiting(turn: Turn) -> Waiting:
    additions: dict[int, Addition] = {}
    drafts: dict[int, Draft] = {}
    for proposal in proposals.accepted(turn.session):
        addition = overlay.addition_of(proposal)
        if addition is not None:
            additions[proposal.id] = addition
        elif proposal.draft is not None:
            said = {name: proposal.draft[name] for name in ("id", "title", "theme", "audience", "answer")}
            drafts[proposal.id] = Draft(**said, phrasings=tuple(proposal.draft["phrasings"]))
    return Waiting(additions=additions, drafts=drafts)


def done(turn: Turn, ids: list[int], files: Iterable[str]) -> None:
    """They stand in the files: `files` are those that changed."""
    proposals.mark_exported(turn.session, ids)
    for name in files:
        audit.note(turn, None, Action.WRITTEN, "file", name)
