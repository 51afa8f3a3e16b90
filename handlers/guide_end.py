"""The end of a guide: an entry, an answer of its own with its source, or a referent who gets the answers."""

from handlers import answer, escalation, holds, question_log, referent_chat
from handlers.delivery import say, tell
from handlers.talk import Talk
from handlers.turn import Turn
from knowledge import answering
from knowledge.guides import Guide, Leaf
from knowledge.texts import Raw
from storage import questions, transcript
from storage.tables import Contact, Question


def reach(turn: Turn, contact: Contact, talk: Talk, guide: Guide, leaf: Leaf, answers: list[str]) -> None:
    """Says what the leaf holds; the guide and what was answered stand in the question log."""
    question = question_log.walked(turn, contact, _in_words(turn, guide, answers), leaf.entry)
    question_log.remember(talk, question)
    talk.asked_rows = []
    if leaf.entry is not None:
        answer.give_sayable(turn, contact, talk, leaf.entry, question)
    elif holds.any_held(turn, leaf.related):
        answer.withdrawn(turn, contact, talk, question.id, leaf.related)
    elif leaf.handoff:
        _hand_over(turn, contact, talk, guide, leaf, question)
    else:
        text = answering.leaf_text(turn.world.knowledge, leaf, on=turn.today)
        related = map(turn.world.knowledge.entry, leaf.related)
        more = answer.entry_options(holds.sayable(turn, related))
        answer.tell_and_ask(turn, contact, text, question, more=more)


def broken_off(turn: Turn, contact: Contact, talk: Talk) -> None:
    """Somebody wants a human in the middle of a guide: what they answered so far is what it is about."""
    walk = talk.walk
    guide = turn.world.knowledge.guides.get(walk.guide) if walk is not None else None
    if walk is None or guide is None or not walk.steps or walk.reminded:
        return
    text = _in_words(turn, guide, walk.answers)
    question_log.remember(talk, question_log.walked(turn, contact, text, None, outcome="human"))


def _in_words(turn: Turn, guide: Guide, answers: list[str]) -> str:
    """Not for showing as it is: for the question log, which holds plain text."""
    return turn.texts("guide.log", title=Raw(guide.title), answers=Raw(" · ".join(answers)))


def _hand_over(
    turn: Turn, contact: Contact, talk: Talk, guide: Guide, leaf: Leaf, question: Question
) -> None:
    """What can be said, then a ticket; its referent reads what was answered."""
    if leaf.answer:
        tell(turn, contact, answering.leaf_text(turn.world.knowledge, leaf, on=turn.today))
    row = say(turn, contact, "guide.passed_on", walked=question.text or guide.title)
    talk.asked_rows = [row.id]
    ticket = escalation.hand_over(turn, contact, talk, question_id=question.id, theme=guide.theme)
    if row.ticket_number is None:
        # A ticket that was open already: whoever has it must learn what is new.
        transcript.link(turn.session, row, ticket.number)
        questions.link(turn.session, question, ticket.number)
        referent_chat.tell_holder(turn, ticket, row)
