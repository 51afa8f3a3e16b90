"""Contents made for a test: large enough to be calibrated, small enough to be learnt in a second."""

from pathlib import Path

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
