"""Every question is written down: masked, with what was found for it and what became of it."""

from typing import Any

from handlers import overlay
from handlers.talk import Talk
from handlers.turn import Turn
from knowledge.entries import Entry
from knowledge.masking import mask
from knowledge.outcomes import Candidate, Distress, Found, Match
from storage import questions
from storage.tables import Contact, Question

KEPT_CANDIDATES = 3
REMEMBERED = 500
"""Characters of a question that the next one may follow on."""


def log(
    turn: Turn,
    contact: Contact,
    text: str,
    match: Match,
    *,
    entry_id: str | None = None,
    outcome: str | None = None,
) -> Question:
    """Writes a question down. What somebody wrote in distress is not kept here, not even masked."""
    distress = isinstance(match, Distress)
    given = match.entry_ids if entry_id is not None and isinstance(match, Found) else ()
    return _write(
        turn,
        contact,
        text=None if distress else mask(text),
        outcome=outcome or match.outcome,
        candidates=() if distress else _kept(match.candidates, given),
        entry_id=entry_id,
        given=given,
    )


def remember(talk: Talk, question: Question) -> None:
    """The question that a follow-up, a button or a hand-over will be about."""
    talk.previous, talk.question_id = (question.text or "")[:REMEMBERED], question.id


def chosen(turn: Turn, contact: Contact, entry: Entry, question_id: int | None) -> Question:
    """The question that a chosen entry answers; one opened from a list is a question of its own."""
    question = own(turn, contact, question_id) if question_id is not None else None
    if question is None:
        return _write(turn, contact, text=entry.title, outcome="chosen", candidates=(), entry_id=entry.id)
    if question.entry_id != entry.id:
        question.entry_id, question.feedback = entry.id, None
    return question


def walked(
    turn: Turn, contact: Contact, text: str, entry_id: str | None, *, outcome: str = "guide"
) -> Question:
    """A guide that came to its end: its title, what was answered, and the entry that it led to."""
    return _write(turn, contact, text=mask(text), outcome=outcome, candidates=(), entry_id=entry_id)


def own(turn: Turn, contact: Contact, question_id: int) -> Question | None:
    """A person's own question."""
    question = questions.get(turn.session, question_id)
    return question if question is not None and question.contact_id == contact.id else None


def theme_of(turn: Turn, question_id: int | None) -> str | None:
    """The theme of the nearest entry: helps the referent, decides nothing."""
    question = questions.get(turn.session, question_id) if question_id is not None else None
    if question is None:
        return None
    ids = [question.entry_id, *(candidate["id"] for candidate in question.candidates)]
    entries = (turn.world.knowledge.entry(entry_id) for entry_id in ids if entry_id is not None)
    return next((entry.theme for entry in entries if entry is not None), None)


def _kept(candidates: tuple[Candidate, ...], given: tuple[str, ...]) -> tuple[Candidate, ...]:
    return tuple(
        one for rank, one in enumerate(candidates) if rank < KEPT_CANDIDATES or one.entry_id in given
    )


def _write(
    turn: Turn,
    contact: Contact,
    *,
    text: str | None,
    outcome: str,
    candidates: tuple[Candidate, ...],
    entry_id: str | None,
    given: tuple[str, ...] = (),
) -> Question:
    """`given` are the entries that were said at once: the person may choose another one later."""
    noted: list[dict[str, Any]] = [{"id": c.entry_id, "score": round(c.score, 1)} for c in candidates]
    for candidate in noted:
        if candidate["id"] in given:
            candidate["given"] = True
    return questions.log(
        turn.session,
        contact,
        at=turn.now,
        text=text,
        outcome=outcome,
        candidates=noted,
        entry_id=entry_id,
        knowledge_hash=overlay.version(turn),
    )
