"""The weekly sample of automatic answers is judged: right, incomplete or wrong; the first judgement counts.

Referents judge what comes from their territories, leads from their regions, the national desk and who minds
the content everything; what comes from nowhere known is everybody's.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from handlers import audit, repairs
from handlers.audit import Action
from handlers.errors import Refused, refused
from handlers.turn import Turn
from knowledge.masking import mask
from storage import quality
from storage.quality import VERDICTS, Verdict
from storage.repairs import LONGEST_NOTE
from storage.tables import Referent, Repair

_NO_MORE: Mapping[str, str] = {
    "erased": "quality.erased",
    "mended": "quality.mended",
    "right": "quality.judged_already",
    "incomplete": "quality.judged_already",
    "wrong": "quality.judged_already",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A judgement that counts, and what is to mend because of it."""

    verdict: Verdict
    repair: Repair | None


def judge(
    turn: Turn, by: Referent, answer_id: int, verdict: str, *, note: str = "", entry_id: str = ""
) -> Judged | Refused:
    """Judges an answer. A wrong one suspends its entry (`entry_id`, where several were given) and opens
    a task for editors; an incomplete one opens the task only. `note` tells editors why."""
    meant, note = verdict_of(verdict), " ".join(note.split())
    asked = quality.get(turn.session, by, answer_id)
    if asked is None:
        return refused("quality.unknown", number=answer_id)
    if meant is None:
        return refused("quality.which")
    if asked.state in _NO_MORE:
        return refused(_NO_MORE[asked.state])
    if len(note) > LONGEST_NOTE:
        return refused("quality.note", limit=LONGEST_NOTE)
    if mask(note) != note:
        return refused("quality.personal")
    blamed = entry_id if entry_id in quality.given(asked.question) else asked.answer.entry_id
    if not quality.judge(turn.session, answer_id, meant, entry_id=blamed, by_id=by.id, now=turn.now):
        return refused("quality.judged_already")
    audit.note(turn, by, Action.JUDGED, "answer", answer_id, detail=meant)
    repair = repairs.begin(turn, by, blamed, meant, note) if meant != "right" else None
    return Judged(verdict=meant, repair=repair)


def verdict_of(word: str) -> Verdict | None:
    return next((one for one in VERDICTS if one == word), None)
