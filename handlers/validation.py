"""« À valider »: an editor decides on what was proposed, and its author learns what became of it."""

from collections.abc import Mapping
from typing import Any

from handlers import audit, lessons
from handlers.audit import Action
from handlers.delivery import notify
from handlers.errors import Refused, refused
from handlers.turn import Turn
from knowledge import overlay
from knowledge.masking import mask
from knowledge.outcomes import Distress, HumanRequested, Match, SmallTalk
from storage import directory, proposals
from storage.rights import Right, may
from storage.tables import Proposal, Referent

REASON_LIMIT = 500


def may_validate(who: Referent) -> bool:
    """Who has the content in hand."""
    return may(who, Right.CONTENT)


def accept(
    turn: Turn,
    who: Referent,
    proposal_id: int,
    *,
    target: str,
    text: str,
    match: Match | None,
    draft: Mapping[str, Any] | None = None,
) -> Refused | None:
    """Accepts a proposal as it was edited; `match` is what the bot makes of these words today."""
    proposal = _waiting(turn, who, proposal_id)
    if isinstance(proposal, Refused):
        return proposal
    text = " ".join(mask(text).split())
    fault = lessons.text_fault(turn, text) or _door(match) or _fault(turn, proposal, target, text, draft)
    if fault is not None:
        return fault
    values: dict[str, Any] = {"text": text, "wording": overlay.wording(text), "target": target}
    if proposal.kind == "entry":
        values["draft"] = _draft(turn, proposal, draft or {}, text)
    before = proposal.text
    if not proposals.decide(
        turn.session, proposal_id, to="accepted", decided_by_id=who.id, now=turn.now, **values
    ):
        return refused("learning.decided")
    audit.note(turn, who, Action.ACCEPTED, "proposal", proposal_id)
    _tell(turn, proposal, _thanks(turn, proposal, before), who)
    return None


def reject(turn: Turn, who: Referent, proposal_id: int, reason: str) -> Refused | None:
    """Refuses a proposal, and says why."""
    proposal = _waiting(turn, who, proposal_id)
    if isinstance(proposal, Refused):
        return proposal
    return _end(turn, who, proposal, reason, of=("waiting",), key="notice.proposal_rejected")


def withdraw(turn: Turn, who: Referent, proposal_id: int, reason: str) -> Refused | None:
    """Takes back what was accepted; what stands in the content's files is its authors' to delete."""
    proposal = proposals.get(turn.session, proposal_id)
    if proposal is None or not may_validate(who):
        return refused("learning.not_found")
    if proposal.joined_at is not None:
        return refused("learning.in_content")
    of = ("accepted", "exported")
    return _end(turn, who, proposal, reason, of=of, key="notice.proposal_withdrawn")


def _end(
    turn: Turn, who: Referent, proposal: Proposal, reason: str, *, of: tuple[str, ...], key: str
) -> Refused | None:
    reason = " ".join(reason.split())
    if not reason or len(reason) > REASON_LIMIT:
        return refused("learning.reason", limit=REASON_LIMIT)
    values = {"decided_by_id": who.id, "reason": reason}
    if not proposals.decide(turn.session, proposal.id, to="rejected", of=of, now=turn.now, **values):
        return refused("learning.decided")
    audit.note(turn, who, Action.DISMISSED, "proposal", proposal.id)
    _tell(turn, proposal, turn.texts(key, text=proposal.text, reason=reason), who)
    return None


def _waiting(turn: Turn, who: Referent, proposal_id: int) -> Proposal | Refused:
    proposal = proposals.get(turn.session, proposal_id)
    if proposal is None or not may_validate(who):
        return refused("learning.not_found")
    return proposal if proposal.state == "waiting" else refused("learning.decided")


def _door(match: Match | None) -> Refused | None:
    """Words of distress, for a human, or of courtesy go through their own door, whatever anybody accepts."""
    return refused("learning.door") if isinstance(match, (Distress, HumanRequested, SmallTalk)) else None


def _fault(
    turn: Turn, proposal: Proposal, target: str, text: str, draft: Mapping[str, Any] | None
) -> Refused | None:
    if proposal.kind != "entry":
        return lessons.wording_fault(turn, proposal.kind, target, text)
    if draft is None:
        return refused("learning.title", limit=0)
    return lessons.draft_fault(turn, draft)


def _draft(turn: Turn, proposal: Proposal, draft: Mapping[str, Any], text: str) -> dict[str, Any]:
    """As it was edited. What else was asked in that group stays; the first wording is the edited one."""
    kept = list((proposal.draft or {}).get("phrasings", ()))
    said = {
        "title": " ".join(mask(draft["title"]).split()),
        "answer": mask("\n".join(draft["answer"].strip().splitlines())),
    }
    return {
        **draft,
        **said,
        "id": lessons.identifier(turn, draft["title"]),
        "phrasings": list(dict.fromkeys([text, *kept[1:]])),
    }


def _thanks(turn: Turn, proposal: Proposal, before: str) -> str:
    if proposal.kind == "entry":
        return turn.texts("notice.proposal_entry", text=proposal.text)
    if proposal.text != before:
        return turn.texts("notice.proposal_edited", before=before, text=proposal.text)
    return turn.texts("notice.proposal_accepted", text=proposal.text)


def _tell(turn: Turn, proposal: Proposal, words: str, who: Referent) -> None:
    author = directory.get(turn.session, proposal.proposed_by_id) if proposal.proposed_by_id else None
    if author is None or author.id == who.id:
        return
    notify(turn, author, words, mail_key="mail.proposal", url=f"{turn.world.public_url}/console/validation")
