"""« Réponses types »: a reply that its author rewrote for colleagues of all territories.

It holds neither the question nor anything personal, and does not lead back to the ticket that it came from.
"""

from collections.abc import Sequence

from handlers import audit
from handlers.audit import Action
from handlers.errors import Refused, refused
from handlers.turn import Turn
from knowledge.markup import plain
from knowledge.masking import MASKS, mask
from knowledge.normalising import fold
from storage import questions, shared_replies, tickets, transcript
from storage.rights import Right, may
from storage.tables import Referent, SharedReply, Ticket, Transcript

LONGEST_TITLE = 120
LONGEST_TEXT = 3500
_TELLING = 20
"""Characters of a line from which on it is somebody's own words and no mere greeting."""


def share(
    turn: Turn, referent: Referent, number: int, *, title: str, text: str, impersonal: bool
) -> SharedReply | Refused:
    """Shares what a referent made of their reply to a ticket, after they said that it is `impersonal`."""
    ticket = tickets.for_referent(turn.session, number, referent)
    if ticket is None:
        return refused("desk.not_found", number=number)
    title, text = " ".join(title.split()), text.strip()
    said = transcript.of_ticket(turn.session, number)
    wrong = _wrong_form(title, text) or _wrong_origin(number, text, _own(turn, referent, number))
    wrong = wrong or _too_personal(turn, ticket, f"{title}\n{text}", said)
    if wrong is None and not impersonal:
        wrong = refused("shared.tick")
    if wrong is not None:
        return wrong
    shared = shared_replies.share(
        turn.session,
        referent,
        title=title,
        text=text,
        territory=ticket.territory,
        theme=ticket.theme,
        now=turn.now,
    )
    audit.note(turn, referent, Action.SHARED, "reply", shared.id)
    return shared


def own_reply(turn: Turn, referent: Referent, number: int) -> str | None:
    """What this referent wrote last to a ticket, masked: the beginning of what they may share."""
    mine = _own(turn, referent, number)
    return mask(mine[-1].text) if mine else None


def may_withdraw(referent: Referent, author_id: int | None) -> bool:
    """Its author, and whoever looks after the content."""
    return author_id == referent.id or may(referent, Right.CONTENT)


def count_uses(turn: Turn, ids: Sequence[int]) -> None:
    """A reply went out with these."""
    shared_replies.used(turn.session, set(ids))


def withdraw(turn: Turn, referent: Referent, shared_id: int) -> bool:
    """Erases a shared reply; False when there is none such, or none of theirs."""
    every = may(referent, Right.CONTENT)
    gone = shared_replies.withdraw(turn.session, shared_id, referent, any_author=every)
    if gone:
        audit.note(turn, referent, Action.WITHDRAWN, "reply", shared_id)
    return gone


def _wrong_form(title: str, text: str) -> Refused | None:
    if not title or len(title) > LONGEST_TITLE:
        return refused("shared.title", limit=LONGEST_TITLE)
    if not text or len(text) > LONGEST_TEXT:
        return refused("shared.text", limit=LONGEST_TEXT)
    return None


def _wrong_origin(number: int, text: str, mine: Sequence[Transcript]) -> Refused | None:
    """It must come from a reply of theirs, and not be it: that one was written to somebody."""
    if not mine:
        return refused("shared.no_reply", number=number)
    if any(_folded(_shown(row)) == _folded(plain(text)) for row in mine):
        return refused("shared.unchanged")
    return None


def _too_personal(turn: Turn, ticket: Ticket, words: str, said: Sequence[Transcript]) -> Refused | None:
    """What a machine can see; the tick is for all the rest."""
    masked = mask(words)
    found = [kind for kind in MASKS.values() if masked.count(kind) > words.count(kind)]
    if found:
        return refused("shared.personal", found=", ".join(found))
    question = questions.get(turn.session, ticket.question_id) if ticket.question_id is not None else None
    asked = [row.text for row in said if row.author == "visitor"]
    asked.append(question.text if question is not None and question.text else "")
    lines = (_folded(line) for text in asked for line in text.splitlines())
    if any(len(line) >= _TELLING and line in _folded(words) for line in lines):
        return refused("shared.question")
    return None


def _own(turn: Turn, referent: Referent, number: int) -> list[Transcript]:
    return [row for row in transcript.replies(turn.session, number) if row.referent_id == referent.id]


def _shown(row: Transcript) -> str:
    return plain(row.text) if row.markup else row.text


def _folded(text: str) -> str:
    return " ".join(fold(text).split())
