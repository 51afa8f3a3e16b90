"""How the console says what the database knows: ages, moments, states, refusals."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.errors import Refused
from handlers.turn import Turn, World
from knowledge.entries import Audience
from knowledge.markup import plain
from storage.tables import Ticket

ROLES: Mapping[str, str] = {
    "referent": "Référent",
    "lead": "Responsable",
    "national": "Référent national",
    "editor": "Rédacteur",
    "admin": "Administrateur",
}
OUTCOMES: Mapping[str, str] = {
    "answer": "Réponse donnée",
    "propose": "Questions proposées, aucune n'a convenu",
    "handoff": "Pas de réponse sûre",
    "human": "A demandé à parler à une personne",
    "out_of_scope": "Jugé hors sujet par le robot",
    "distress": "Situation de détresse : numéros d'urgence donnés",
    "chosen": "Question choisie dans une liste",
    "guide": "Parcours suivi jusqu'au bout",
    "smalltalk": "Conversation",
}
TRIALS: Mapping[str, str] = {
    "answer": "Répondrait",
    "propose": "Proposerait des questions",
    "handoff": "Passerait la main à un référent",
    "human": "Passerait la main : la personne le demande",
    "out_of_scope": "Déclinerait : hors sujet",
    "distress": "Donnerait les numéros d'urgence",
    "smalltalk": "Répondrait par une politesse",
}
FEEDBACK: Mapping[str, str] = {"yes": "a aidé", "no": "n'a pas aidé"}
EVENTS: Mapping[str, str] = {
    "opened": "Demande ouverte",
    "routed": "Signalée",
    "taken": "Prise en charge",
    "taken_over": "Reprise",
    "passed": "Transmise",
    "territory": "Territoire corrigé",
    "late": "Délai dépassé, signalé à",
    "replied": "Réponse écrite",
    "noted": "Note interne écrite",
    "asked": "La personne a écrit de nouveau",
    "closed": "Close",
    "reopened": "Rouverte par la personne",
    "taken_up": "Rouverte",
    "confirmed": "Résolue, d'après la personne",
    "assumed": "Close sans nouvelles de la personne, solution supposée",
    "linked": "Prend la suite de la demande",
    "judged": "La réponse a-t-elle aidé",
    "unreachable": "La personne ne peut plus être jointe",
    "reachable": "La personne est de retour",
    "undelivered": "Réponse non remise",
    "edited": "Réponse modifiée",
    "deleted": "Réponse supprimée",
    "sent_again": "Réponse renvoyée",
    "unchanged": "Modification non remise",
    "notice_undelivered": "Signalement non remis",
    "erased": "Textes effacés",
    "learnt": "Proposition au robot",
}
STAGES: Mapping[str, str] = {
    "first": "d'abord au référent le moins chargé du territoire",
    "territory": "au territoire",
    "deputy": "aux suppléants",
    "region": "aux référents de la région",
    "national": "au guichet national",
}
# Sentences made for the chat that would name a command or the bot's own words.
_OWN_WORDS = {"desk.taken_by": "console.taken_by", "desk.not_found": "console.not_found"}
_UNREACHABLE = (
    ("blocked", "la personne a bloqué le robot"),
    ("deactivated", "le compte n'existe plus"),
    ("chat not found", "la conversation n'existe plus"),
)


def sentence(world: World, refused: Refused) -> str:
    """Why nothing was done, as the console says it."""
    key = _OWN_WORDS.get(refused.text, refused.text)
    return plain(world.knowledge.texts(key, **dict(refused.fields)))


def moment(at: datetime, timezone: ZoneInfo, now: datetime) -> str:
    """« 14:05 » today, « 22/11 à 14:05 » this year, else with the year."""
    local, today = at.astimezone(timezone), now.astimezone(timezone)
    if local.date() == today.date():
        return f"{local:%H:%M}"
    day = f"{local:%d/%m}" if local.year == today.year else f"{local:%d/%m/%Y}"
    return f"{day} à {local:%H:%M}"


def age(since: datetime, now: datetime) -> str:
    """« 5 min », « 3 h », « 2 jours »."""
    gone = max(now - since, timedelta())
    if gone < timedelta(hours=1):
        return f"{gone.seconds // 60} min" if gone >= timedelta(minutes=1) else "à l'instant"
    if gone < timedelta(days=1):
        return f"{gone.seconds // 3600} h"
    return "1 jour" if gone.days == 1 else f"{gone.days} jours"


def theme(turn: Turn, ticket: Ticket) -> str:
    return turn.world.knowledge.themes.get(ticket.theme or "", turn.texts("theme.unknown"))


def audience(turn: Turn, name: str | None) -> str:
    return turn.texts(f"audience.{name or 'unknown'}")


def audiences(world: World) -> dict[str, str]:
    """What each audience is called, by its id."""
    return {audience.value: world.knowledge.texts(f"audience.{audience}") for audience in Audience}


def failure(reason: str | None) -> str:
    """Why a message was not delivered; a transport's own words where we have no better ones."""
    found = (words for mark, words in _UNREACHABLE if mark in (reason or "").lower())
    return next(found, reason or "raison inconnue")
