"""Contents made for a test: large enough to be calibrated, small enough to be learnt in a second."""

from dataclasses import replace
from pathlib import Path

from knowledge.entries import Entry, KnowledgeBase

_THINGS = (
    *("cinéma", "livre", "concert", "musée", "théâtre", "piano", "danse", "dessin", "festival", "cirque"),
    *("photo", "opéra", "poésie", "bande dessinée", "guitare", "sculpture", "conte", "chorale"),
    *("orchestre", "marionnette", "ciné-club", "vinyle", "jeu vidéo", "escape game", "spectacle", "atelier"),
)
_ASKED = (
    *("comment payer {} ?", "{} trop cher", "où réserver {}", "annuler {}", "{} est complet"),
    *("qui propose {} ici", "{} pour deux personnes", "horaire de {}", "pourquoi {} est refusé"),
    *("je cherche {} près de chez moi", "puis-je offrir {}", "{} sans réservation", "mon {} est en retard"),
    *("changer la date de {}", "une remise sur {}", "{} avec ma classe", "perdu mon billet pour {}"),
    *("{} le dimanche", "prix de {}", "avis sur {}"),
)

_LANGUAGE = """\
stop_words: [le la les de du des un une pour avec est je mon ma ce que qui ou]
off_topic:
  meteo: [il va pleuvoir demain, quelle chaleur, neige en montagne, vent du nord, orage ce soir]
  cuisine: [recette de crêpes, cuire des pâtes, gâteau au yaourt, sel ou poivre, four trop chaud]
"""


def with_few_words(folder: Path) -> Path:
    """Gives a content folder word lists of its own: those of the shipped one take a second to learn."""
    (folder / "language").mkdir(parents=True)
    (folder / "language" / "mots.yaml").write_text(_LANGUAGE, encoding="utf-8")
    return folder


def medium(folder: Path) -> Path:
    """Writes a content of 26 entries with 20 phrasings each, and returns its folder."""
    lines = ["theme: essai", "title: Essai", "entries:"]
    for number, thing in enumerate(_THINGS):
        lines += [
            f"- id: thing-{number}",
            "  audiences: [jeune]",
            f"  title: Ce qu'il faut savoir sur {thing}",
            "  phrasings:",
            *(f'  - "{asked.format(thing)}"' for asked in _ASKED),
            "  answer: Voici la réponse.",
            "  handoff: always",
        ]
    (folder / "entries").mkdir(parents=True)
    with_few_words(folder)
    (folder / "entries" / "essai.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def entry(entry_id: str, *phrasings: str, also: tuple[str, ...] = ()) -> Entry:
    """About nothing in particular; what counts are its phrasings."""
    return Entry.model_validate(
        {
            "id": entry_id,
            "theme": "essai",
            "audiences": ["jeune"],
            "title": f"Titre {entry_id}",
            "phrasings": phrasings,
            "answer": "Voici la réponse.",
            "handoff": "always",
            "also": also,
        }
    )


def small(kb: KnowledgeBase, *entries: Entry) -> KnowledgeBase:
    """Of these entries alone, without off-topic lines or doors."""
    language = kb.language.model_copy(update={"off_topic": {}, "said": {}, "said_not": {}})
    return replace(kb, entries={one.id: one for one in entries}, language=language)
