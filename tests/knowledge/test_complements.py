"""What is added to an answer for one place: read from the content, refused with file and line."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from knowledge.answering import answer_text
from knowledge.complements import near
from knowledge.entries import KnowledgeBase
from knowledge.errors import KnowledgeError
from knowledge.loading import examine, load_knowledge
from knowledge.markup import parse, plain
from tests.knowledge.conftest import SMALL

Writer = Callable[..., Path]
FILE = "territoires/25.yaml"
LOCAL = """\
complements:
- entry: forgotten-password
  territories: ["25", "70"]
  text: |
    La médiathèque **aide** à se connecter.
  link: {title: Médiathèque, url: "https://exemple.fr/mediatheque"}
  contact: accueil@exemple.fr
  author: Camille Martin
  source: {title: Ville de Besançon, url: "https://exemple.fr/"}
  until: "2027-06-30"
"""
PILOTS = ("75", "08", "58", "84", "25", "71", "67")
TODAY = date(2026, 11, 23)


def with_local(folder: Writer, text: str) -> Path:
    return folder({"entries/essai.yaml": SMALL, FILE: text})


def test_it_stands_under_the_answer_with_its_own_source(folder: Writer) -> None:
    kb = load_knowledge(with_local(folder, LOCAL))
    entry, doubs = kb.entries["forgotten-password"], kb.territories.by_code("25")
    text = answer_text(kb, entry, audience=None, on=TODAY, territory=doubs)
    national, local = text.split("**Près de chez vous (Doubs) :**")
    assert "Source : [Aide]" in national
    assert local.index("**aide**") < local.index("Source : [Ville de Besançon](https://exemple.fr/)")
    assert "[Médiathèque](https://exemple.fr/mediatheque)" in local
    assert "accueil@exemple.fr" in plain(local)
    assert "Camille" not in text


@pytest.mark.parametrize(
    ("code", "on", "shown"),
    [
        ("25", date(2027, 6, 30), True),
        ("70", date(2027, 6, 30), True),
        ("25", date(2027, 7, 1), False),
        ("39", date(2027, 6, 30), False),
    ],
)
def test_only_there_and_never_after_its_last_day(folder: Writer, code: str, on: date, shown: bool) -> None:
    kb = load_knowledge(with_local(folder, LOCAL))
    territory = kb.territories.by_code(code)
    assert territory is not None
    assert bool(near(kb, kb.entries["forgotten-password"], territory, on=on)) is shown


def test_a_region_is_all_its_departements_and_named_as_a_region(folder: Writer) -> None:
    text = LOCAL.replace('territories: ["25", "70"]', "region: Grand Est")
    kb = load_knowledge(with_local(folder, text))
    entry, ardennes = kb.entries["forgotten-password"], kb.territories.by_code("08")
    assert "Près de chez vous (Grand Est)" in answer_text(
        kb, entry, audience=None, on=TODAY, territory=ardennes
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("entry: forgotten-password", "entry: nothing", 2, "n'existe pas"),
        ('"25", "70"', '"25", "99"', 3, "territoire inconnu : « 99 »"),
        ('territories: ["25", "70"]', "region: Atlantide", 3, "région inconnue"),
        ('territories: ["25", "70"]', "link: null", 2, "soit `territories`, soit `region`"),
        ("  author: Camille Martin\n", "", 2, "« author » : champ manquant"),
        ('  source: {title: Ville de Besançon, url: "https://exemple.fr/"}\n', "", 2, "« source »"),
        ('  until: "2027-06-30"\n', "", 2, "« until » : champ manquant"),
        ('until: "2027-06-30"', "until: 2027", 10, "date"),
        ("La médiathèque", "# La médiathèque", 4, "titre"),
        ("La médiathèque", "La médiathèque " * 60, 4, "600"),
        ("https://exemple.fr/mediatheque", "ftp://exemple.fr", 6, "https"),
    ],
)
def test_what_it_may_not_hold(folder: Writer, old: str, new: str, line: int, words: str) -> None:
    if new == "link: null":
        old, new = '  territories: ["25", "70"]\n', ""
    text = LOCAL.replace(old, new)
    assert text != LOCAL
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(with_local(folder, text))
    found = [str(problem) for problem in caught.value.problems]
    assert any(one.startswith(f"{FILE}:{line}:") and words in one for one in found), found


def test_past_its_day_is_a_warning_when_today_is_known(folder: Writer) -> None:
    path = with_local(folder, LOCAL)
    said = [str(problem) for problem in examine(path, today=date(2027, 7, 1))[1]]
    assert [one for one in said if "périmé" in one] == [
        f"{FILE}:10: complément périmé depuis le 30/06/2027 : il n'est plus montré"
    ]
    assert not any("périmé" in str(one) for one in examine(path, today=date(2027, 6, 30))[1])
    assert not any("périmé" in str(one) for one in examine(path)[1])


def test_another_folder_does_not_take_the_shipped_ones(folder: Writer) -> None:
    assert load_knowledge(folder()).complements == ()


def test_the_shipped_ones_have_a_known_place_and_a_web_source(kb: KnowledgeBase) -> None:
    assert kb.complements
    for complement in kb.complements:
        assert complement.source.url.startswith("https://")
        assert complement.contact is None, "no contact of a pilot département is sourced yet"
        assert parse(complement.text)


@pytest.mark.parametrize("code", PILOTS)
def test_each_pilot_departement_has_its_file(kb: KnowledgeBase, code: str) -> None:
    path = Path(__file__).parents[2] / "knowledge" / "content" / "territoires" / f"{code}.yaml"
    assert path.exists()
    has_any = any(code in complement.territories for complement in kb.complements)
    assert has_any or "# - entry:" in path.read_text(encoding="utf-8")
