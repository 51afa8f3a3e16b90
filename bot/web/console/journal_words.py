"""How the console says what the audit log holds as codes."""

import re
from collections.abc import Mapping
from datetime import date

from bot.web.console import wording
from handlers import calendar
from handlers.audit import Action
from handlers.turn import Turn
from storage import directory
from storage.tables import Deed

ACTIONS: Mapping[str, str] = {
    Action.ENTERED: "S'est connecté à la console",
    Action.LEFT: "S'est déconnecté",
    Action.ADDED: "A ajouté à l'annuaire",
    Action.CHANGED: "A modifié dans l'annuaire",
    Action.REMOVED: "A retiré de l'annuaire",
    Action.INVITED: "A créé une invitation",
    Action.CONFIRMED: "A confirmé un compte Telegram",
    Action.REFUSED: "A refusé un compte Telegram",
    Action.ABSENT: "A noté une absence",
    Action.BACK: "A retiré une absence",
    Action.FROZEN: "A suspendu",
    Action.THAWED: "A remis en service",
    Action.TAKEN_OVER: "A repris une demande",
    Action.PASSED_ON: "A transmis une demande",
    Action.MOVED: "A corrigé le territoire",
    Action.READ: "A lu une demande hors de ses territoires",
    Action.ACCEPTED: "A accepté une proposition",
    Action.DISMISSED: "N'a pas retenu une proposition",
    Action.WRITTEN: "A écrit dans les fichiers du contenu",
    Action.SHARED: "A partagé une réponse type",
    Action.WITHDRAWN: "A retiré une réponse type",
    Action.EXPORTED: "A téléchargé un fichier",
    Action.ERASED: "A effacé une personne",
    Action.HOURS: "A fixé des horaires",
    Action.AGREED: "A noté une action",
    Action.ENDED: "A clos une action",
    Action.POSTPONED: "A reporté une action",
    Action.BLOCKED: "A signalé un point bloquant",
    Action.JOINED: "A ajouté à un point bloquant",
    Action.RAISED: "A remonté un point bloquant",
    Action.SOLVED: "A clos un point bloquant",
    Action.MERGED: "A réuni deux points bloquants",
    Action.DRAFTED: "A écrit une diffusion",
    Action.SENT: "A envoyé une diffusion",
    Action.STOPPED: "A arrêté une diffusion",
    Action.JUDGED: "A jugé une réponse",
    Action.MENDED: "A corrigé une fiche",
    Action.CORRECTED: "A prévenu d'une réponse fausse",
    Action.ADVANCED: "A changé l'étape d'une structure",
    Action.LINKED: "A relié une demande à une structure",
    Action.IMPORTED: "A importé des structures",
}
CHANNELS: Mapping[str, str] = {
    "web": "Console",
    "telegram": "Telegram",
    "cli": "Ligne de commande",
    "timer": "Minuterie",
}
_FIELDS: Mapping[str, str] = {
    "role": "rôle",
    "national": "guichet national",
    "territories": "territoires",
    "name": "nom",
    "email": "e-mail",
    "deputy": "suppléant",
    "on": "oui",
    "off": "non",
    "all": "toutes les sessions",
    "right": "juste",
    "incomplete": "incomplète",
    "wrong": "fausse",
    "-": "aucun",
}
_DAYS = re.compile(r"(\d{4}-\d\d-\d\d) > (\d{4}-\d\d-\d\d)", re.ASCII)


def target(turn: Turn, deed: Deed) -> tuple[str, str | None]:
    """What it was done to, and where the console shows that, if it does."""
    named = deed.target or ""
    match deed.target_kind:
        case "ticket":
            return f"Demande n° {named}", f"/console/demandes/{named}"
        case "referent":
            return directory.name_of(turn.session, int(named)) or f"Référent {named}", None
        case "tag":
            return f"Étiquette « {named} »", "/console/fiches?suspendues=1"
        case "entry":
            return f"Fiche « {named} »", f"/console/fiches/{named}"
        case "reply":
            return f"Réponse type n° {named}", "/console/reponses"
        case "broadcast":
            return f"Diffusion n° {named}", f"/console/diffusions/{named}"
        case "proposal":
            return f"Proposition n° {named}", None
        case "answer":
            return f"Réponse vérifiée n° {named}", None
        case "repair":
            return f"Fiche à corriger n° {named}", f"/console/qualite/fiches/{named}"
        case "structure":
            return f"Structure n° {named}", f"/console/structures/{named}"
        case "place":
            territory = turn.world.knowledge.territories.by_code(named)
            name = territory.label if territory is not None else "Tout le pays"
            return name, "/console/horaires"
        case _:
            return named, None


def detail(turn: Turn, deed: Deed) -> str:
    """« role: referent > lead » as « rôle : Référent → Responsable »; days and territories in words."""
    text = deed.detail or ""
    days = _DAYS.fullmatch(text)
    if days is not None:
        return calendar.days_in_words(date.fromisoformat(days[1]), date.fromisoformat(days[2]))
    if text.startswith("#"):
        return f"à {directory.name_of(turn.session, int(text[1:])) or 'un collègue'}"
    return " ; ".join(_part(turn, part) for part in text.split("; ")) if text else ""


def _part(turn: Turn, part: str) -> str:
    name, colon, value = part.partition(": ")
    if not colon:
        territory = turn.world.knowledge.territories.by_code(name)
        return territory.label if territory is not None else _FIELDS.get(name, name)
    values = [_FIELDS.get(one, wording.ROLES.get(one, one)) for one in value.split(" > ")]
    return f"{_FIELDS.get(name, name)} : {' → '.join(values)}"
