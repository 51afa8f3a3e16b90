"""Reply templates: refused with file and line, filled in as often as a blank stands there."""

from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.entries import KnowledgeBase
from knowledge.errors import KnowledgeError
from knowledge.loading import load_knowledge
from knowledge.markup import parse, plain
from knowledge.writing import light
from tests.knowledge.conftest import SMALL

Writer = Callable[..., Path]
FILE = "modeles.yaml"
GOOD = """\
modeles:
- id: aide
  title: Se connecter
  audiences: [jeune]
  themes: [essai]
  text: |
    Bonjour, demande n° {numéro} ({territoire}) : {lien:forgotten-password}.

    Encore le lien : {lien:forgotten-password}. Rappel : n° {numéro}, {territoire}.

    {référent}
"""
VALUES = {"territoire": "Doubs (25)", "référent": "Camille Martin", "numéro": "12"}


def with_templates(folder: Writer, text: str) -> Path:
    return folder({"entries/essai.yaml": SMALL, FILE: text})


def test_every_blank_is_filled_in_as_often_as_it_stands_there(folder: Writer) -> None:
    template = load_knowledge(with_templates(folder, GOOD)).templates["aide"]
    said = template.filled(VALUES, lambda entry: f"[{entry}](https://exemple.fr/{entry})")
    assert "{" not in said
    link = "[forgotten-password](https://exemple.fr/forgotten-password)"
    assert (said.count("12"), said.count("Doubs (25)"), said.count(link)) == (2, 2, 2)
    assert said.endswith("Camille Martin")


def test_a_keyboard_that_writes_accents_apart_is_understood(folder: Writer) -> None:
    template = load_knowledge(with_templates(folder, GOOD.replace("é", "e\u0301"))).templates["aide"]
    assert "{" not in template.filled(VALUES, str)


@pytest.mark.parametrize(
    ("change", "line", "said"),
    [
        (("{numéro}", "{numero}"), 6, "champ inconnu : « {numero} » (possibles : {territoire}, {référent}"),
        (("{lien:forgotten-password}", "{lien:nulle-part}"), 6, "la fiche « nulle-part » n'existe pas"),
        (("{territoire}", "{territoire"), 6, "accolade isolée"),
        (("themes: [essai]", "themes: [autre]"), 5, "thème inconnu : « autre »"),
        (("audiences: [jeune]", "audiences: [chat]"), 4, "valeurs possibles"),
        (("audiences: [jeune]", "audiences: []"), 4, "au moins 1"),
        (("  title: Se connecter\n", ""), 2, "champ manquant"),
        (("Bonjour", "# Bonjour"), 6, "pas de titre"),
        (("Bonjour", "[x](http://exemple.fr)"), 6, "lien refusé"),
        (("  title", "  sujet: x\n  title"), 3, "champ inconnu"),
        (("modeles:", "models:"), 1, "champ inconnu : « models »"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(
    folder: Writer, change: tuple[str, str], line: int, said: str
) -> None:
    with pytest.raises(KnowledgeError) as refused:
        load_knowledge(with_templates(folder, GOOD.replace(*change)))
    found = [str(problem) for problem in refused.value.problems]
    assert any(one.startswith(f"{FILE}:{line}:") and said in one for one in found), found


def test_an_id_stands_once(folder: Writer) -> None:
    with pytest.raises(KnowledgeError, match="identifiant en double"):
        load_knowledge(with_templates(folder, GOOD + GOOD.removeprefix("modeles:\n")))


def test_another_folder_has_its_own_or_none(folder: Writer) -> None:
    assert load_knowledge(folder()).templates == {}


def test_the_shipped_ones_are_many_and_read_well_filled_in(kb: KnowledgeBase) -> None:
    assert len(kb.templates) >= 12
    for template in kb.templates.values():
        said = template.filled(
            VALUES, lambda entry: f"[{kb.entries[entry].title}](https://exemple.fr/{entry})"
        )
        assert said.startswith("Bonjour,"), template.id
        assert said.endswith(("Camille Martin", "Doubs (25)")), template.id
        assert parse(light(said)) == parse(light(light(said))), template.id
        assert "  " not in plain(light(said)), template.id


def test_each_audience_has_templates_and_a_theme_narrows_them(kb: KnowledgeBase) -> None:
    for audience in ("jeune", "relais", "partenaire", "collectivite"):
        assert sum(one.suits(audience, None) for one in kb.templates.values()) >= 6, audience
    narrow = [one for one in kb.templates.values() if one.suits("partenaire", "pro-offres")]
    wide = [one for one in kb.templates.values() if one.suits("partenaire", None)]
    assert 0 < len(narrow) < len(wide)
