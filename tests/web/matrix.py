"""What each route of the console answers, to whom. A new route needs one line here: see `Row`."""

from dataclasses import dataclass, field

from tests.rights import WHO

PIECE, SAID = "/pieces/{piece}", "/messages/{row}"
TICKET, PERSON = "/console/demandes/{number}", "/console/annuaire/{number}"
ENTRY, ABSENCE = "/console/fiches/{entry}", "/console/absences/{number}"
GROUP = "/console/sans-reponse/{number}"
PROPOSAL = "/console/validation/{number}"
BROADCAST = "/console/diffusions/{number}"
POINT = "/console/blocages/{number}"
REPAIR = "/console/qualite/fiches/{number}"
STRUCTURE = "/console/structures/{number}"
IMPORT = "/console/structures/import/{number}"
PLACE = "/console/horaires/{place}"
WORDS = {"phrase": "le bidule violet ne marche pas", "cible": "pro-create-account"}
PARTNER = {"nom": "Cinéma {fresh}", "type": "cinema", "departement": "25"}
SOMEBODY = {"name": "Lou {fresh}", "role": "referent", "territories": "25", "email": "l{fresh}@exemple.fr"}

DOORS = {"/console/login", "/console/login/{token}"}
"""Open to everybody; tested in test_console_login.py."""


@dataclass(frozen=True, slots=True)
class Row:
    """Those of `who` (a line of tests/rights.py) get `status`, others at the desk 404, nobody else anything.

    `{number}` is a demand, a question, a person, an absence, a hold or a proposal of the Doubs, made for
    each asking (tests/web/targets.py knows by the path which); `{fresh}` is a number that comes once.
    """

    method: str
    path: str
    who: str
    fields: dict[str, str] = field(default_factory=dict)
    status: int = 0

    def __post_init__(self) -> None:
        assert self.who in WHO, f"{self.who!r} is no line of the grid in tests/rights.py: {', '.join(WHO)}"
        object.__setattr__(self, "status", self.status or (200 if self.method == "GET" else 303))


MATRIX = [
    Row("GET", "/console", "everybody"),
    Row("GET", "/console/nouvelles", "everybody"),
    Row("GET", TICKET, "tickets"),
    Row("POST", TICKET + "/reponse", "tickets", {"text": "Bonjour"}),
    Row("POST", TICKET + "/prise", "tickets", {"reprendre": "1"}),
    Row("POST", TICKET + "/transmission", "tickets", {"territoire": "25"}),
    Row("POST", TICKET + "/territoire", "tickets", {"territoire": "25"}),
    Row("POST", TICKET + "/cloture", "tickets"),
    # Nobody closed it.
    Row("POST", TICKET + "/reouverture", "tickets", {}, 409),
    Row("POST", TICKET + "/note", "tickets", {"note": "À rappeler"}),
    Row("POST", TICKET + "/pieces", "tickets", {"legende": "sans pièce"}, 422),
    Row("GET", TICKET + PIECE, "tickets"),
    # A colleague's words: whoever sees them may not change them.
    Row("POST", TICKET + SAID + "/modification", "tickets", {"message": "Autre chose"}, 422),
    Row("POST", TICKET + SAID + "/suppression", "tickets", {}, 422),
    Row("POST", TICKET + SAID + "/renvoi", "tickets", {}, 422),
    Row("POST", TICKET + "/apprentissage", "tickets", {"phrase": "mot violet"}, 422),
    Row("POST", TICKET + "/insertion", "tickets", {"quoi": "modele:resolu"}, 200),
    Row("POST", TICKET + "/partage", "tickets", {"titre": "Créer un compte", "type": "Texte"}, 422),
    Row("GET", "/console/reponses", "everybody"),
    Row("POST", "/console/reponses/{number}/retrait", "content"),
    Row("POST", "/console/apercu", "everybody", {"text": "Bonjour"}, 200),
    Row("GET", "/console/annuaire", "everybody"),
    Row("POST", "/console/annuaire/comptes", "directory", {"invitation": "0" * 64, "decision": "refuser"}),
    Row("GET", "/console/annuaire/nouveau", "directory"),
    Row("POST", "/console/annuaire/nouveau", "directory", SOMEBODY),
    Row("GET", PERSON, "region"),
    Row("POST", PERSON, "directory", SOMEBODY),
    Row("POST", PERSON + "/invitation", "directory", {}, 200),
    Row("POST", PERSON + "/absence", "region", {"first": "2026-12-24"}),
    Row("POST", PERSON + "/retour", "region"),
    Row("POST", PERSON + "/retrait", "directory", {"sure": "1"}),
    Row("GET", "/console/absences", "everybody"),
    Row("POST", "/console/absences", "everybody", {"first": "2026-12-24"}),
    Row("POST", ABSENCE + "/retrait", "region"),
    Row("GET", "/console/journal", "journal"),
    Row("GET", "/console/journal.csv", "journal"),
    Row("GET", "/console/semaine", "everybody"),
    Row("GET", "/console/semaine.csv", "everybody"),
    Row("GET", "/console/semaine.xlsx", "everybody"),
    Row("GET", "/console/fiches", "everybody"),
    Row("GET", ENTRY, "everybody"),
    Row("GET", "/console/confiance", "everybody"),
    Row("GET", "/console/essai", "everybody"),
    Row("POST", "/console/essai", "everybody", {}, 200),
    Row("POST", "/console/gels", "content", {"etiquette": "montant", "raison": "nouveau décret"}),
    Row("POST", "/console/gels/{number}/fin", "content"),
    Row("GET", "/console/sans-reponse", "everybody"),
    Row("GET", GROUP, "questions"),
    Row("POST", GROUP + "/apprentissage", "questions", {"retenir": "1", "phrase-1": "x"}, 422),
    Row("GET", "/console/validation", "everybody"),
    Row("POST", PROPOSAL + "/acceptation", "content", WORDS),
    Row("POST", PROPOSAL + "/refus", "content", {"raison": "trop vague"}),
    Row("POST", PROPOSAL + "/retrait", "content", {"raison": "trop vague"}, 409),
    Row("POST", TICKET + "/blocage", "tickets", {"blocage": "Les classes ne voient rien", "sujet": "adage"}),
    Row("GET", "/console/blocages", "everybody"),
    Row("GET", "/console/blocages.csv", "everybody"),
    Row("POST", "/console/blocages", "everybody", {"quoi": "Les classes ne voient rien", "sujet": "adage"}),
    Row("GET", POINT, "everybody"),
    Row("POST", POINT + "/ajout", "everybody", {"qui": "Cinéma Le Rex"}),
    # Nobody proposed it.
    Row("POST", POINT + "/garde", "blocking", {}, 409),
    Row("POST", POINT + "/ecart", "blocking", {}, 409),
    Row("POST", POINT + "/remontee", "blocking"),
    Row("POST", POINT + "/fusion", "everybody", {"avec": "999"}, 422),
    Row("POST", POINT + "/solution", "blocking", {"solution": "C'est réparé."}),
    Row("POST", POINT + "/suivi", "everybody"),
    Row("GET", "/console/qualite", "everybody"),
    Row("POST", "/console/qualite/{number}/avis", "questions", {"avis": "right"}),
    Row("GET", REPAIR, "everybody"),
    Row("POST", REPAIR + "/message", "repairs", {"texte": "Ce n'est pas vrai."}),
    Row("POST", REPAIR + "/fin", "content"),
    Row("GET", "/console/reunion", "everybody"),
    Row("POST", "/console/reunion", "everybody", {"qui": "moi", "quoi": "Relancer la DRAC"}),
    Row("POST", "/console/reunion/{number}/fin", "everybody", {"fin": "done"}),
    Row("POST", "/console/reunion/{number}/report", "everybody", {"jour": "2026-12-24"}),
    Row("GET", "/console/semaine/lettre", "everybody"),
    Row("GET", "/console/semaine/lettre.md", "everybody"),
    Row("GET", "/console/semaine/lettre.html", "everybody"),
    Row("GET", "/console/diffusions", "everybody"),
    Row("POST", "/console/diffusions", "everybody", {"sujet": "pro", "message": "Bonjour à tous"}),
    Row("GET", BROADCAST, "questions"),
    Row("POST", BROADCAST, "questions", {"sujet": "pro", "message": "Bonjour"}),
    Row("POST", BROADCAST + "/essai", "questions"),
    Row("POST", BROADCAST + "/envoi", "questions", {"sure": "1"}),
    # Nothing of it is on its way.
    Row("POST", BROADCAST + "/arret", "questions", {}, 409),
    Row("POST", BROADCAST + "/abandon", "questions"),
    Row("POST", TICKET + "/structure", "tickets", {"structure": "aucune de ce nom"}, 422),
    Row("POST", TICKET + "/structure/retrait", "tickets"),
    Row("GET", "/console/structures", "everybody"),
    Row("GET", "/console/structures.csv", "everybody"),
    Row("GET", "/console/structures/modele.csv", "everybody"),
    Row("GET", "/console/structures/nouvelle", "everybody"),
    # In another's territory it is refused at its field: see test_console_structures.py.
    Row("POST", "/console/structures/nouvelle", "everybody", PARTNER | {"type": ""}, 422),
    Row("GET", "/console/structures/import", "everybody"),
    # No form with a file.
    Row("POST", "/console/structures/import", "everybody", {"fichier": "a"}, 415),
    # Somebody else's file.
    Row("GET", IMPORT, "everybody", {}, 404),
    Row("POST", IMPORT, "everybody", {"vu": "0"}, 404),
    Row("GET", STRUCTURE, "tickets"),
    Row("POST", STRUCTURE, "tickets", PARTNER),
    Row("POST", STRUCTURE + "/etape", "tickets", {"de": "asked", "vers": "bank"}),
    Row("POST", STRUCTURE + "/effacement", "tickets"),
    Row("POST", STRUCTURE + "/suppression", "tickets", {"sure": "1"}),
    Row("GET", "/console/silence", "everybody"),
    Row("GET", "/console/profil", "everybody"),
    Row("POST", "/console/profil/raccourcis", "everybody"),
    Row("POST", "/console/profil/absence", "everybody", {"first": "2026-12-24"}),
    Row("POST", "/console/profil/retour", "everybody"),
    Row("POST", "/console/profil/horaires", "everybody", {"jour0": "9h-12h"}),
    Row("POST", "/console/profil/avis", "everybody", {"avis": "mail", "resume": "none"}),
    Row("GET", "/console/horaires", "everybody"),
    Row("GET", PLACE, "region"),
    Row("POST", PLACE, "region", {"jour0": "9h-12h", "delai": "3"}),
    Row("POST", "/console/session", "everybody"),
    # What ends the session comes last.
    Row("POST", "/console/quitter", "everybody"),
]
