"""A question is asked: what was found for it decides what is said."""

from dataclasses import dataclass
from typing import assert_never

from handlers import alert, answer, escalation, feedback, guide, guide_end, holds, question_log
from handlers.delivery import Option, say, tell
from handlers.talk import Talk
from handlers.turn import Turn
from knowledge.outcomes import Distress, Found, HumanRequested, Match, OutOfScope, SmallTalk, Unknown, Unsure
from knowledge.texts import Raw
from storage import transcript
from storage.tables import Contact, Ticket

PROPOSED = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A text to answer, the rows of the transcript that hold it, and what was found for it."""

    text: str
    rows: tuple[int, ...]
    match: Match


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
            key = f"smalltalk.{kind}"
            tell(turn, contact, turn.texts.variant(key, talk.turn_of(key)), [Option("themes")])
        case Distress():
            _distress(turn, contact, talk, asked)
        case HumanRequested():
            _human_requested(turn, contact, talk, asked)
        case OutOfScope():
            question_log.remember(talk, question_log.log(turn, contact, asked.text, asked.match))
            _decline(turn, contact, talk, asked.match)
        case Found():
            _found(turn, contact, talk, asked, asked.match)
        case Unsure():
            _propose(turn, contact, talk, asked)
        case Unknown():
            _unknown(turn, contact, talk, asked)
        case _:
            assert_never(asked.match)
    if not isinstance(asked.match, Distress):
        guide.remind(turn, contact, talk)


def respond_beside_ticket(turn: Turn, contact: Contact, asked: Asked, ticket: Ticket) -> bool:
    """While a referent has the ticket, a sure answer is still given; whether one was."""
    entries = answer.sure_entries(turn, asked.match)
    if not entries or any(entry.handoff == "always" for entry in entries):
        return False
    question_log.log(turn, contact, asked.text, asked.match, entry_id=entries[0].id)
    answer.give_beside_ticket(turn, contact, entries, ticket)
    return True


def _found(turn: Turn, contact: Contact, talk: Talk, asked: Asked, match: Found) -> None:
    entries = answer.sure_entries(turn, asked.match)
    if not entries:
        question = question_log.log(turn, contact, asked.text, asked.match, outcome="handoff")
        question_log.remember(talk, question)
        answer.withdrawn(turn, contact, talk, question.id, match.entry_ids)
        return
    question = question_log.log(turn, contact, asked.text, asked.match, entry_id=entries[0].id)
    answer.give(turn, contact, talk, entries, question)


def _propose(turn: Turn, contact: Contact, talk: Talk, asked: Asked) -> None:
    ids = [candidate.entry_id for candidate in asked.match.candidates]
    near = holds.sayable(turn, map(turn.world.knowledge.entry, ids))[:PROPOSED]
    kept_back = not near and holds.any_held(turn, ids)
    outcome = "handoff" if kept_back else None
    question = question_log.log(turn, contact, asked.text, asked.match, outcome=outcome)
    question_log.remember(talk, question)
    if kept_back:
        answer.withdrawn(turn, contact, talk, question.id, ids)
        return
    none = Option("none", {"question": question.id})
    say(turn, contact, "propose", [*answer.entry_options(near, question.id), none, answer.HUMAN])


def _unknown(turn: Turn, contact: Contact, talk: Talk, asked: Asked) -> None:
    """About us, and nothing near: one rephrasing, then the referent."""
    question = question_log.log(turn, contact, asked.text, asked.match)
    question_log.remember(talk, question)
    feedback.rephrase_or_hand_over(turn, contact, talk, question.id)


def _decline(turn: Turn, contact: Contact, talk: Talk, match: OutOfScope) -> None:
    """Not about us: the right door where we know it, and always a way back in."""
    office = turn.world.knowledge.language.elsewhere.get(match.door or "")
    if office is None:
        text = turn.texts.variant("decline", talk.turn_of("decline"))
    else:
        seed = talk.turn_of("decline_elsewhere")
        text = turn.texts.variant("decline_elsewhere", seed, door=Raw(office.says))
    tell(turn, contact, text, [Option("human", text="about_us")])


def _distress(turn: Turn, contact: Contact, talk: Talk, asked: Asked) -> None:
    question_log.remember(talk, question_log.log(turn, contact, asked.text, asked.match))
    transcript.mark_distress(turn.session, asked.rows)
    say(turn, contact, "distress", [Option("human", text="somebody")])
    alert.distress(turn, contact, talk)


def _human_requested(turn: Turn, contact: Contact, talk: Talk, asked: Asked) -> None:
    """The ticket is about the question that came before, if there was one."""
    question = question_log.log(turn, contact, asked.text, asked.match)
    guide_end.broken_off(turn, contact, talk)
    about = talk.question_id or question.id
    talk.asked_rows += asked.rows
    theme = question_log.theme_of(turn, talk.question_id)
    escalation.hand_over(turn, contact, talk, question_id=about, theme=theme)
