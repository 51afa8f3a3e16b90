"""After an answer: did it help, and where to go when it did not."""

from handlers import answer, escalation, greeting, guide_end, holds, question_log
from handlers.delivery import Option, say
from handlers.talk import Talk
from handlers.turn import Turn
from knowledge.entries import Entry
from knowledge.outcomes import HumanRequested
from storage.tables import Contact, Question

NEIGHBOURS = 3


def note(turn: Turn, contact: Contact, talk: Talk, question_id: int, *, helped: bool) -> None:
    """« Cette réponse vous a-t-elle aidé ? », answered; the first answer counts."""
    question = question_log.own(turn, contact, question_id)
    if question is None:
        say(turn, contact, "choice.gone")
    elif question.feedback is not None:
        say(turn, contact, "feedback.already")
    elif helped:
        question.feedback = "yes"
        say(turn, contact, "feedback.thanks")
    else:
        question.feedback = "no"
        talk.rephrasing = False
        others = answer.entry_options(_neighbours(turn, question), question.id)
        say(turn, contact, "feedback.sorry", [*others, Option("rephrase"), answer.HUMAN])


def rephrase_or_hand_over(turn: Turn, contact: Contact, talk: Talk, question_id: int | None) -> None:
    """Nothing fits: one rephrasing, then the referent."""
    if not talk.rephrasing:
        ask_to_rephrase(turn, contact, talk)
        return
    talk.rephrasing = False
    theme = question_log.theme_of(turn, question_id)
    escalation.hand_over(turn, contact, talk, question_id=question_id, theme=theme)


def ask_to_rephrase(turn: Turn, contact: Contact, talk: Talk) -> None:
    talk.rephrasing = True
    say(turn, contact, "rephrase", [answer.HUMAN])


def hand_over_last(turn: Turn, contact: Contact, talk: Talk) -> None:
    """A person asks for a human: the ticket is about their last question."""
    greeting.inform_once(turn, contact)
    if talk.gathering:
        # They would not wait for what they just wrote to be decided on: it is what they ask about.
        asked = question_log.log(turn, contact, "\n".join(talk.gathering), HumanRequested())
        question_log.remember(talk, asked)
    else:
        guide_end.broken_off(turn, contact, talk)
    theme = question_log.theme_of(turn, talk.question_id)
    escalation.hand_over(turn, contact, talk, question_id=talk.question_id, theme=theme)


def _neighbours(turn: Turn, question: Question) -> list[Entry]:
    """What else the question may have meant: its other candidates, then what the answer is related to."""
    base = turn.world.knowledge
    shown = base.entry(question.entry_id) if question.entry_id else None
    ids = [candidate["id"] for candidate in question.candidates] + list(shown.related if shown else ())
    others = (entry_id for entry_id in dict.fromkeys(ids) if entry_id != question.entry_id)
    return holds.sayable(turn, map(base.entry, others))[:NEIGHBOURS]
