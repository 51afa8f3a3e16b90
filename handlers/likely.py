"""Where a person probably is, from what they wrote: for whoever must send their ticket to the right place."""

import re

from handlers.delivery import Option
from handlers.turn import Turn
from knowledge.territories import Territory
from storage import questions, transcript
from storage.tables import Ticket

SHOWN = 3
_SHORT = 8
"""Words up to which a number alone may be a département; in longer texts only postcodes are."""
_MEASURE = re.compile(r"\d+\s*(ans?\b|€|euros?\b|mois\b|jours?\b|semaines?\b|h\b)", re.IGNORECASE)
_NO_POSTCODE = re.compile(r"\b(?!\d{5}\b)\d+\b")


def territories(turn: Turn, ticket: Ticket) -> list[Territory]:
    """At most three, those of the last words first."""
    found: dict[Territory, None] = {}
    for text in _written(turn, ticket):
        found |= dict.fromkeys(turn.world.knowledge.territories.find(_places_only(text)))
    return list(found)[:SHOWN]


def options(turn: Turn, ticket: Ticket) -> list[Option]:
    """Buttons that send a ticket without a territory to one; none when it has one."""
    if ticket.territory is not None:
        return []
    number = ticket.number
    likely = [
        Option("assign", {"ticket": number, "code": one.code}, label=one.label)
        for one in territories(turn, ticket)
    ]
    return [*likely, Option("assign_other", {"ticket": number})]


def _written(turn: Turn, ticket: Ticket) -> list[str]:
    rows = transcript.of_ticket(turn.session, ticket.number)
    texts = [row.text for row in reversed(rows) if row.author == "visitor" and not row.distress]
    question = questions.get(turn.session, ticket.question_id) if ticket.question_id is not None else None
    return [*texts, *([question.text] if question is not None and question.text else [])]


def _places_only(text: str) -> str:
    text = _MEASURE.sub(" ", text)
    return text if len(text.split()) <= _SHORT else _NO_POSTCODE.sub(" ", text)
