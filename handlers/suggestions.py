"""What may help to answer a ticket: solved ones that are like it, and replies that colleagues share."""

from dataclasses import dataclass
from datetime import datetime

from handlers.turn import Turn
from knowledge.markup import plain
from knowledge.masking import mask
from knowledge.nearness import Nearness
from storage import directory, questions, shared_replies, solved, transcript
from storage.tables import Referent, SharedReply, Ticket

SHOWN = 3
_LOOKED_AT = 400
"""The last solved tickets that are compared."""
_LIKE = 45.0
_SHARED_LIKE = 35.0
_SAME_THEME = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """A ticket that was solved, and the reply that did it; both masked."""

    number: int
    question: str
    reply: str
    confirmed: bool
    """Whether the asker said that it is solved; else nobody said the contrary."""
    closed_at: datetime
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """A « réponse type »."""

    id: int
    title: str
    text: str
    author: str | None
    territory: str | None
    author_id: int | None
    uses: int
    shared_at: datetime


def asked(turn: Turn, ticket: Ticket) -> str | None:
    """What a ticket is about, masked: the question, else the first thing that was written to it."""
    question = questions.get(turn.session, ticket.question_id) if ticket.question_id is not None else None
    if question is not None and question.text:
        return question.text
    said = transcript.of_ticket(turn.session, ticket.number)
    first = next((row.text for row in said if row.author == "visitor" and not row.distress), None)
    return mask(first) if first else None


def solved_near(turn: Turn, referent: Referent, ticket: Ticket) -> tuple[Solved, ...]:
    """The nearest solved tickets of the referent's own territories, those confirmed by the asker first."""
    text = asked(turn, ticket)
    if text is None:
        return ()
    found = solved.recent(turn.session, referent, besides=ticket.number, limit=_LOOKED_AT)
    about = {one.number: (one, question.text or "") for one, question in found}
    near = Nearness(turn.world.knowledge.language).nearest(
        text, {number: [words] for number, (_, words) in about.items()}, least=_LIKE, limit=SHOWN
    )
    shown = [_solved(turn, *about[number], score) for number, score in near]
    return tuple(sorted((one for one in shown if one is not None), key=lambda one: not one.confirmed))


def reply_that_worked(turn: Turn, referent: Referent, number: int) -> str | None:
    """The last reply to a solved ticket of the referent's own territories, masked."""
    ticket = solved.get(turn.session, referent, number)
    return last_reply(turn, ticket.number) if ticket is not None else None


def shared_near(turn: Turn, ticket: Ticket) -> tuple[Shared, ...]:
    """The nearest shared replies of all territories; those of the ticket's theme stand nearer."""
    text = asked(turn, ticket)
    known = {one.id: one for one in shared_replies.everything(turn.session)}
    if text is None:
        near = [one.id for one in known.values() if one.theme == ticket.theme][:SHOWN]
    else:
        found = Nearness(turn.world.knowledge.language).nearest(
            text,
            {one.id: [one.title, plain(one.text)] for one in known.values()},
            least=_SHARED_LIKE - _SAME_THEME,
            limit=len(known),
        )
        scores = {key: score + _SAME_THEME * (known[key].theme == ticket.theme) for key, score in found}
        near = sorted((key for key in scores if scores[key] >= _SHARED_LIKE), key=lambda key: -scores[key])[
            :SHOWN
        ]
    return tuple(shown(turn, known[key]) for key in near)


def shown(turn: Turn, one: SharedReply) -> Shared:
    """A shared reply as colleagues read it."""
    return Shared(
        id=one.id,
        title=one.title,
        text=one.text,
        author=directory.name_of(turn.session, one.author_id),
        territory=one.territory,
        author_id=one.author_id,
        uses=one.uses,
        shared_at=one.shared_at,
    )


def _solved(turn: Turn, ticket: Ticket, question: str, score: float) -> Solved | None:
    reply = last_reply(turn, ticket.number)
    if reply is None or ticket.closed_at is None:
        return None
    return Solved(
        number=ticket.number,
        question=question,
        reply=reply,
        confirmed=ticket.solved is True,
        closed_at=ticket.closed_at,
        score=score,
    )


def last_reply(turn: Turn, number: int) -> str | None:
    """What a referent wrote last to a ticket and did not delete, masked."""
    replies = transcript.replies(turn.session, number)
    return mask(replies[-1].text) if replies else None
