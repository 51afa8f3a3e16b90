"""« Cette réponse vous a-t-elle aidé ? » : one neutral question about a ticket, at most once.

Never where somebody wrote in distress, and not when nobody replied: there is nothing to judge then.
"""

from handlers.delivery import Option, say
from handlers.turn import Turn
from storage import questions, tickets, transcript
from storage.tables import Contact, Ticket

ANSWERS = ("yes", "partly", "no")


def asked(turn: Turn, ticket: Ticket, without: str, asking: str) -> tuple[str, list[Option]]:
    """The sentence to say and its buttons: `asking` holds the question, and is taken if it may be asked."""
    if not _may_ask(turn, ticket):
        return without, []
    ticket.helped_asked_at = turn.now
    return asking, _buttons(ticket.number)


def _buttons(number: int) -> list[Option]:
    return [
        Option("helped_by", {"ticket": number, "answer": "yes"}, text="helped_yes"),
        Option("helped_by", {"ticket": number, "answer": "partly"}, text="helped_partly"),
        Option("helped_by", {"ticket": number, "answer": "no"}, text="helped_no"),
    ]


def note(turn: Turn, contact: Contact, number: int, answer: str) -> None:
    """What the person answered; the first answer counts."""
    ticket = tickets.for_contact(turn.session, number, contact)
    if ticket is None or answer not in ANSWERS:
        say(turn, contact, "choice.gone")
    elif ticket.helped is not None:
        say(turn, contact, "feedback.already", ticket=ticket)
    else:
        ticket.helped = answer
        tickets.note(turn.session, number, "judged", now=turn.now, detail=answer)
        say(turn, contact, "feedback.thanks", ticket=ticket)


def _may_ask(turn: Turn, ticket: Ticket) -> bool:
    if ticket.helped_asked_at is not None or ticket.first_reply_at is None:
        return False
    question = questions.get(turn.session, ticket.question_id) if ticket.question_id is not None else None
    if question is not None and question.outcome == "distress":
        return False
    return not transcript.any_distress(turn.session, ticket.number)
