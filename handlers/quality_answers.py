"""A drawn answer as whoever judges it reads it: the question, masked, and what was answered."""

from dataclasses import dataclass

from handlers.answer import audience_named
from handlers.pack_growth import name_of
from handlers.routing import territory_name
from handlers.turn import Turn
from knowledge import answering
from storage import quality, transcript
from storage.quality import Asked, State
from storage.tables import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    id: int
    place: int
    state: State
    question: str
    audience: str
    territory: str
    entries: tuple[tuple[str, str], ...]
    """Ids and titles of what was given; more than one where the message held several questions."""
    answer: str
    """Light Markdown."""
    as_given: bool
    """Whether these are the very words; else those of the entry today: the conversation is over."""


def shown(turn: Turn, asked: Asked) -> Shown:
    question = asked.question
    ids = quality.given(question) or (asked.answer.entry_id,)
    said = _said(turn, question)
    return Shown(
        id=asked.answer.id,
        place=asked.answer.place,
        state=asked.state,
        question=question.text or "",
        audience=turn.texts(f"audience.{question.audience or 'unknown'}"),
        territory=territory_name(turn, question.territory),
        entries=tuple((one, name_of(turn, one)) for one in ids),
        answer=said or "\n\n".join(_today(turn, question, one) for one in ids),
        as_given=said is not None,
    )


def may_be_sent(turn: Turn, question: Question) -> bool:
    """As for notices: whether these words came by Telegram, and the desk allows them there."""
    return turn.world.notices == "full" and question.channel == "telegram"


def _said(turn: Turn, question: Question) -> str | None:
    """What the bot said and asked about (« vous a-t-elle aidé ? »), or the one thing that it said then."""
    if question.contact_id is None:
        return None
    rows = transcript.said_at(turn.session, question.contact_id, question.asked_at)
    about = [
        row.text
        for row in rows
        if any(choice.get("given", {}).get("question") == question.id for choice in row.choices or ())
    ]
    said = about or [row.text for row in rows]
    return said[0] if len(said) == 1 else None


def _today(turn: Turn, question: Question, entry_id: str) -> str:
    base, entry = turn.world.knowledge, turn.world.knowledge.entry(entry_id)
    if entry is None:
        return turn.texts("quality.entry_gone")
    place = base.territories.by_code(question.territory) if question.territory else None
    day = question.asked_at.astimezone(turn.world.timezone).date()
    return answering.answer_text(
        base, entry, audience=audience_named(question.audience), on=day, territory=place
    )
