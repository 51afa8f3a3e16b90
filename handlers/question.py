"""A question is asked: what was found for it decides what is said."""

from dataclasses import dataclass
from typing import assert_never

from handlers import answer, escalation, feedback, question_log
from handlers.delivery import Option, say, tell
from handlers.talk import Talk
from handlers.turn import Turn
from knowledge.outcomes import Distress, Found, HumanRequested, Match, OutOfScope, SmallTalk, Unknown, Unsure
from storage import transcript
from storage.tables import Contact, Ticket

PROPOSED = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A text to answer, the rows of the transcript that hold it, and what was found for it."""

    text: str
    rows: tuple[int, ...]
    match: Match


def may_be_a_part(match: Match) -> bool:
    """Whether the message may be one of several that make one thought: then we wait for the others."""
    return isinstance(match, (Unsure, Unknown, OutOfScope))


def settle(turn: Turn, contact: Contact, talk: Talk, match: Match | None) -> None:
    """Decides on all messages gathered so far, as one thought."""
    text, rows = "\n".join(talk.gathering), tuple(talk.gathered_rows)
    talk.forget_gathered()
    if text.strip():
        respond(turn, contact, talk, Asked(text, rows, match or Unknown()))


def respond(turn: Turn, contact: Contact, talk: Talk, asked: Asked) -> None:
    """Answers, proposes, hands over or declines."""
    if not isinstance(asked.match, (SmallTalk, HumanRequested)):
        talk.asked_rows = list(asked.rows)
    match asked.match:
        case SmallTalk(kind=kind):
            reply = turn.texts.variant(f"smalltalk.{kind}", contact.last_seq)
            tell(turn, contact, reply, [Option("themes")])
        case Distress():
            _distress(turn, contact, talk, asked)
        case HumanRequested():
            _human_requested(turn, contact, talk, asked)
        case OutOfScope():
            question_log.remember(talk, question_log.log(turn, contact, asked.text, asked.match))
            say(turn, contact, "decline", [Option("human", text="about_us")])
        case Found():
            _found(turn, contact, talk, asked)
        case Unsure():
            _propose(turn, contact, talk, asked)
        case Unknown():
            _unknown(turn, contact, talk, asked)
        case _:
            assert_never(asked.match)


def respond_beside_ticket(turn: Turn, contact: Contact, asked: Asked, ticket: Ticket) -> bool:
    """While a referent has the ticket, a sure answer is still given; whether one was."""
    entries = answer.sure_entries(turn, asked.match)
    if not entries or any(entry.handoff == "always" for entry in entries):
        return False
    question_log.log(turn, contact, asked.text, asked.match, entry_id=entries[0].id)
    answer.give_beside_ticket(turn, contact, entries, ticket)
    return True


def _found(turn: Turn, contact: Contact, talk: Talk, asked: Asked) -> None:
    entries = answer.sure_entries(turn, asked.match)
    if not entries:
        question = question_log.log(turn, contact, asked.text, asked.match, outcome="handoff")
        question_log.remember(talk, question)
        answer.withdrawn(turn, contact, talk, question.id)
        return
    question = question_log.log(turn, contact, asked.text, asked.match, entry_id=entries[0].id)
    answer.give(turn, contact, talk, entries, question)


def _propose(turn: Turn, contact: Contact, talk: Talk, asked: Asked) -> None:
    question = question_log.log(turn, contact, asked.text, asked.match)
    question_log.remember(talk, question)
    found = (turn.world.knowledge.entry(candidate.entry_id) for candidate in asked.match.candidates)
    near = [entry for entry in found if entry is not None and entry.in_force(turn.today)][:PROPOSED]
    none = Option("none", {"question": question.id})
    say(turn, contact, "propose", [*answer.entry_options(near, question.id), none, answer.HUMAN])


def _unknown(turn: Turn, contact: Contact, talk: Talk, asked: Asked) -> None:
    """About us, and nothing near: one rephrasing, then the referent."""
    question = question_log.log(turn, contact, asked.text, asked.match)
    question_log.remember(talk, question)
    feedback.rephrase_or_hand_over(turn, contact, talk, question.id)


def _distress(turn: Turn, contact: Contact, talk: Talk, asked: Asked) -> None:
    question_log.remember(talk, question_log.log(turn, contact, asked.text, asked.match))
    transcript.mark_distress(turn.session, asked.rows)
    say(turn, contact, "distress", [Option("human", text="somebody")])


def _human_requested(turn: Turn, contact: Contact, talk: Talk, asked: Asked) -> None:
    """The ticket is about the question that came before, if there was one."""
    question = question_log.log(turn, contact, asked.text, asked.match)
    about = talk.question_id or question.id
    talk.asked_rows += asked.rows
    theme = question_log.theme_of(turn, talk.question_id)
    escalation.hand_over(turn, contact, talk, question_id=about, theme=theme)
