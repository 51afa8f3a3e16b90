"""A small knowledge base: it is built in a moment, and each answer tells which question it is for."""

import re
from pathlib import Path

from bot.library import Library
from knowledge.outcomes import Found

QUESTIONS = (
    "Quelles structures peuvent devenir partenaires du pass Culture ?",
    "Comment créer un compte pass Culture Pro ?",
    "SIREN ou SIRET : que faut-il pour mon inscription ?",
    "Combien de temps pour valider mon compte partenaire ?",
    "Mon inscription de partenaire est refusée, pourquoi ?",
    "Ma structure existe déjà, comment la rejoindre ?",
    "Comment ajouter ou retirer un collègue de mon espace ?",
    "Comment ajouter ou changer mes coordonnées bancaires ?",
)
_ANSWER = re.compile(r"Réponse au sujet (\d)\.")


def write_knowledge(folder: Path) -> Path:
    """Content with one entry for each question."""
    entries = "".join(
        f"- id: sujet-{number}\n"
        "  audiences: [general]\n"
        f'  title: "{question}"\n'
        f'  phrasings: ["{question}"]\n'
        f'  answer: "Réponse au sujet {number}."\n'
        '  as_of: "2026-08"\n'
        "  sources: [{title: pass Culture, url: 'https://pass.culture.fr'}]\n"
        for number, question in enumerate(QUESTIONS)
    )
    (folder / "entries").mkdir(parents=True)
    (folder / "entries" / "sujets.yaml").write_text(
        f"theme: sujets\ntitle: Sujets\nentries:\n{entries}", encoding="utf-8"
    )
    library = Library(folder)
    for question in QUESTIONS:
        found = library.find(question, None, None)
        assert isinstance(found, Found), f"these tests need a sure answer to {question!r}"
    return folder


def answered(text: str) -> str | None:
    """The question that a message of the bot answers; None for another message."""
    found = _ANSWER.search(text)
    return QUESTIONS[int(found.group(1))] if found else None
