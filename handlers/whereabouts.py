"""What people answer when we ask where they are and for which structure they write.

Nobody has to answer: whatever is no answer is more about the matter, and joins the ticket.
"""

import re

from handlers import escalation, referent_chat
from handlers.delivery import Option, say
from handlers.talk import Talk
from handlers.turn import Turn
from knowledge.normalising import fold
from knowledge.outcomes import Distress, Found, HumanRequested, Match, SmallTalk
from storage import transcript
from storage.tables import Contact, Ticket, Transcript

TERRITORY_WORDS = 8
"""A longer text is no answer to « dans quel département ? » but more about the matter."""
MISSPELT_WORDS = 3
"""A text this short that names no place was probably meant to."""
LONGEST_STRUCTURE = 200
SHOWN = 13
_MEASURE = re.compile(r"\d+\s*(ans?\b|€|euros?\b|mois\b|jours?\b|semaines?\b|h\b)", re.IGNORECASE)
"""« j'ai 17 ans » is no Charente-Maritime."""
_NO_IDEA = re.compile(
    r"(je )?(ne |n )?(sais|sait) (pas|plus)( trop)?|aucune idee|jsp|nsp|chais? pas|j en sais rien|aucun|sans"
)
_NO_STRUCTURE = re.compile(
    r"non|no|passer|aucune?( structure)?|rien|personne|sans|pas de structure|a titre perso\w*"
)


def answered(
    turn: Turn, contact: Contact, talk: Talk, ticket: Ticket, row: Transcript, match: Match | None
) -> bool:
    """Whether a message was the answer that we waited for; then it is dealt with."""
    if talk.awaiting is None or ticket.number != talk.ticket or isinstance(match, (Distress, HumanRequested)):
        return False
    if talk.awaiting == "structure":
        return _structure(turn, contact, talk, ticket, row, match)
    return _territory(turn, contact, talk, ticket, row, match)


def _territory(
    turn: Turn, contact: Contact, talk: Talk, ticket: Ticket, row: Transcript, match: Match | None
) -> bool:
    text = _MEASURE.sub(" ", row.text)
    if len(text.split()) > TERRITORY_WORDS or "?" in text:
        return False
    found = turn.world.knowledge.territories.find(text)
    unknown = Option("territory_unknown")
    if _NO_IDEA.fullmatch(_words(text)):
        escalation.set_territory(turn, contact, talk, None)
    elif len(found) == 1:
        escalation.set_territory(turn, contact, talk, found[0].code)
    elif found:
        places = [Option("territory", {"code": one.code}, label=one.label) for one in found[:SHOWN]]
        say(turn, contact, "territory.which", [*places, unknown], ticket=ticket)
    elif len(text.split()) <= MISSPELT_WORDS and not isinstance(match, (Found, SmallTalk)):
        referent_chat.tell_holder(turn, ticket, row)
        say(turn, contact, "territory.not_found", [unknown], ticket=ticket, number=ticket.number)
    else:
        return False
    transcript.link(turn.session, row, ticket.number)
    return True


def _structure(
    turn: Turn, contact: Contact, talk: Talk, ticket: Ticket, row: Transcript, match: Match | None
) -> bool:
    text = " ".join(row.text.split())
    words = _words(text)
    if _NO_STRUCTURE.fullmatch(words) or _NO_IDEA.fullmatch(words):
        escalation.set_structure(turn, contact, talk, None)
    elif len(text) > LONGEST_STRUCTURE or "?" in text or isinstance(match, SmallTalk):
        return False
    else:
        escalation.set_structure(turn, contact, talk, text)
    transcript.link(turn.session, row, ticket.number)
    return True


def _words(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", fold(text)))
