"""What the page of one demand shows: what was said, what the bot tried, what was delivered, who did what."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.web.console import clocks, desk, notes, wording
from bot.web.console.belonging import Belongs, belongs
from bot.web.console.course import HELPED, Course, course
from bot.web.console.notes import Noted
from bot.web.console.said import Said, said
from bot.web.console.stopping import Stops, stops
from handlers import lessons, reopening
from handlers.lessons import Lesson
from handlers.turn import Turn
from storage import contacts, directory, questions, tickets, transcript
from storage.tables import Question, Referent, Ticket, TicketEvent, Transcript

BEFORE = 12
"""Messages shown of what led to the demand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What the bot did with the question."""

    text: str | None
    outcome: str
    feedback: str | None
    given: str | None
    candidates: tuple[tuple[str, str], ...]
    """Titles and scores out of 100, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    at: str
    time: str
    words: str
    who: str | None
    detail: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    id: int
    name: str
    away: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    line: desk.Line
    structure: str | None
    channel: str
    course: Course
    before: tuple[Said, ...]
    said: tuple[Said, ...]
    notes: tuple[Noted, ...]
    tried: Tried | None
    history: tuple[Happened, ...]
    colleagues: tuple[Colleague, ...]
    obstacle: Literal["closed", "taken", "erased", "unreachable"] | None
    """Why the referent cannot reply now."""
    may_reopen: bool
    lesson: Lesson | None
    stops: Stops
    belongs: Belongs


def dossier(turn: Turn, referent: Referent, number: int) -> Dossier | None:
    """None when there is no such demand, or none for this referent."""
    ticket = tickets.for_referent(turn.session, number, referent)
    if ticket is None:
        return None
    reader, turn = clocks.of_reader(turn, referent), clocks.there(turn, ticket.territory)
    rows = transcript.of_ticket(turn.session, number)
    question = questions.get(turn.session, ticket.question_id) if ticket.question_id is not None else None
    text = question.text if question is not None else None
    return Dossier(
        line=desk.line(turn, referent, ticket, text, news=None, reader=reader),
        structure=ticket.structure,
        channel=_channel(turn, ticket),
        course=course(turn, referent, ticket),
        before=said(turn, referent, _before(turn, ticket, rows)),
        said=said(turn, referent, rows),
        notes=notes.noted(turn, number),
        tried=_tried(turn, question) if question is not None else None,
        history=tuple(_happened(turn, event) for event in tickets.history(turn.session, number)),
        colleagues=_colleagues(turn, referent, ticket),
        obstacle=_obstacle(turn, referent, ticket),
        may_reopen=reopening.refusal_of(turn, referent, ticket) is None,
        lesson=lessons.of_ticket(turn, ticket),
        stops=stops(turn, ticket),
        belongs=belongs(turn, referent, ticket),
    )


def _before(turn: Turn, ticket: Ticket, rows: Sequence[Transcript]) -> list[Transcript]:
    """What led to the demand; what was said about another one is none of its business."""
    if ticket.contact_id is None or not rows:
        return []
    found = transcript.before(turn.session, ticket.contact_id, rows[0].seq, limit=BEFORE)
    return [row for row in found if row.ticket_number is None and not row.distress]


def _tried(turn: Turn, question: Question) -> Tried:
    base = turn.world.knowledge
    given = base.entry(question.entry_id) if question.entry_id else None
    candidates = []
    for candidate in question.candidates:
        entry = base.entry(str(candidate["id"]))
        title = entry.title if entry is not None else f"{candidate['id']} (fiche retirée)"
        candidates.append((title, f"{float(candidate['score']):.0f}"))
    return Tried(
        text=question.text,
        outcome=wording.OUTCOMES.get(question.outcome, question.outcome),
        feedback=wording.FEEDBACK.get(question.feedback or ""),
        given=given.title if given is not None else None,
        candidates=tuple(candidates),
    )


def _happened(turn: Turn, event: TicketEvent) -> Happened:
    words, detail = wording.EVENTS.get(event.what, event.what), event.detail
    if event.what == "routed" and detail:
        stage, _, names = detail.partition(": ")
        words, detail = f"{words} {wording.STAGES.get(stage, stage)}", names
    elif event.what == "notice_undelivered":
        words, detail = f"{words} {wording.STAGES.get(detail or '', '')}".strip(), None
    elif event.what == "judged":
        detail = HELPED.get(detail or "")
    elif event.what == "undelivered":
        detail = wording.failure(detail)
    return Happened(
        at=event.at.isoformat(timespec="seconds"),
        time=wording.moment(event.at, turn.world.timezone, turn.now),
        words=words,
        who=directory.name_of(turn.session, event.referent_id),
        detail=detail,
    )


def _colleagues(turn: Turn, referent: Referent, ticket: Ticket) -> tuple[Colleague, ...]:
    return tuple(
        Colleague(
            id=one.id,
            name=one.name,
            away=directory.absence(turn.session, one.id, now=turn.now) is not None,
        )
        for one in directory.everyone(turn.session)
        if one.id not in (referent.id, ticket.referent_id)
    )


def _obstacle(
    turn: Turn, referent: Referent, ticket: Ticket
) -> Literal["closed", "taken", "erased", "unreachable"] | None:
    if ticket.state == "closed":
        return "closed"
    if ticket.referent_id not in (None, referent.id):
        return "taken"
    contact = contacts.get(turn.session, ticket.contact_id) if ticket.contact_id is not None else None
    if contact is None:
        return "erased"
    return "unreachable" if ticket.state == "unreachable" else None


def _channel(turn: Turn, ticket: Ticket) -> str:
    contact = contacts.get(turn.session, ticket.contact_id) if ticket.contact_id is not None else None
    channel = contact.address.split(":", 1)[0] if contact is not None else ""
    return {"web": "Site", "telegram": "Telegram"}.get(channel, "—")
