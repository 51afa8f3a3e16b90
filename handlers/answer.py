"""Giving an answer: the entry in this person's wording, its source and date, and « did it help? »."""

from collections.abc import Sequence

from handlers import escalation, question_log
from handlers.delivery import Option, say, tell
from handlers.talk import Talk
from handlers.turn import Turn
from knowledge import answering
from knowledge.entries import Audience, Entry
from knowledge.markup import escape
from knowledge.outcomes import Found, Match
from knowledge.texts import Raw
from storage.tables import Contact, Question, Ticket

HUMAN = Option("human")


def audience_of(contact: Contact) -> Audience | None:
    return Audience(contact.audience) if contact.audience in set(Audience) else None


def give(turn: Turn, contact: Contact, talk: Talk, entries: Sequence[Entry], question: Question) -> None:
    """Gives one answer, or one for each part of the message; some entries always go on to a referent."""
    question_log.remember(talk, question)
    talk.rephrasing = False
    text = _text(turn, contact, entries)
    always = [entry for entry in entries if entry.handoff == "always"]
    if always:
        tell(turn, contact, text)
        escalation.hand_over(turn, contact, talk, question_id=question.id, theme=always[0].theme)
        return
    given: dict[str, str | int] = {"question": question.id}
    options = [Option("helped", given), Option("not_helped", given), HUMAN]
    person_needed = any(entry.handoff == "after_answer" for entry in entries)
    key = "answer.frame_handoff" if person_needed else "answer.frame"
    tell(turn, contact, turn.texts(key, answer=Raw(text)), options)


def give_beside_ticket(turn: Turn, contact: Contact, entries: Sequence[Entry], ticket: Ticket) -> None:
    """An answer for somebody who waits for a referent, labelled as what it is."""
    text = turn.texts("answer.beside_ticket", number=ticket.number, answer=Raw(_text(turn, contact, entries)))
    tell(turn, contact, text, ticket=ticket)


def show_entry(
    turn: Turn, contact: Contact, talk: Talk, entry_id: str, *, question_id: int | None = None
) -> None:
    """Gives the answer that a person chose among questions."""
    entry = turn.world.knowledge.entry(entry_id)
    if entry is None or not entry.in_force(turn.today):
        withdrawn(turn, contact, talk, talk.question_id)
        return
    question = question_log.chosen(turn, contact, entry, question_id)
    if question.id != talk.question_id:
        talk.asked_rows = []
    give(turn, contact, talk, [entry], question)


def withdrawn(turn: Turn, contact: Contact, talk: Talk, question_id: int | None) -> None:
    """What we would have said is out of date: a referent answers instead."""
    say(turn, contact, "answer.withdrawn")
    theme = question_log.theme_of(turn, question_id)
    escalation.hand_over(turn, contact, talk, question_id=question_id, theme=theme)


def sure_entries(turn: Turn, match: Match) -> list[Entry]:
    """The entries of a sure match that may be said today; [] when one of them may not.

    The knowledge base may have been reloaded between the match and this turn.
    """
    if not isinstance(match, Found):
        return []
    found = [turn.world.knowledge.entry(entry_id) for entry_id in match.entry_ids]
    said = [entry for entry in found if entry is not None and entry.in_force(turn.today)]
    return said if len(said) == len(found) else []


def entry_options(entries: Sequence[Entry], question_id: int | None = None) -> list[Option]:
    """Questions to choose from; with the question that they are proposed for."""
    given = {} if question_id is None else {"question": question_id}
    return [Option("entry", {"entry": entry.id, **given}, label=entry.title) for entry in entries]


def _text(turn: Turn, contact: Contact, entries: Sequence[Entry]) -> str:
    audience = audience_of(contact)
    texts = [
        answering.answer_text(turn.world.knowledge, entry, audience=audience, on=turn.today)
        for entry in entries
    ]
    if len(texts) == 1:
        return texts[0]
    return "\n\n".join(f"**{escape(e.title)}**\n\n{text}" for e, text in zip(entries, texts, strict=True))
