"""`content new`, `show` and `stats`, as an author types them."""

import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from knowledge.calibrating import study
from knowledge.loading import load_knowledge
from knowledge.matching import Matcher
from tests.cli.conftest import Terminal
from tests.knowledge.contents import with_few_words

ENTRIES = """\
theme: essai
title: Essai
entries:
- id: forgotten-password
  audiences: [jeune]
  title: J'ai oublié mon mot de passe
  phrasings: [mot de passe oublié, jai perdu mon mdp, changer de mot de passe]
  answer: |
    Touchez « Mot de passe oublié ? ».
  variants:
    relais: |
      Le jeune touche « Mot de passe oublié ? ».
  facile: |
    Touchez le bouton.
  sources:
  - title: Aide
    url: https://aide.passculture.app/
  as_of: "2026-08"
  checked: "2026-11-22"
  also: [change-email]
- id: change-email
  audiences: [jeune, relais]
  title: Changer d'adresse e-mail
  phrasings: [changer mon adresse mail, nouvelle adresse mail, mon mail a changé]
  answer: |
    Dans votre profil, touchez « Adresse e-mail ».
  sources:
  - title: Aide
    url: https://aide.passculture.app/
  as_of: "2025-08"
  checked: "2026-01-02"
"""
TODAY = datetime.now(ZoneInfo("Europe/Paris")).date()
ENTRIES = ENTRIES.replace("2026-11-22", TODAY.isoformat())


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    (folder / "entries").mkdir(parents=True)
    (folder / "entries/essai.yaml").write_text(ENTRIES, encoding="utf-8")
    return with_few_words(folder)


def new(bot: Terminal, content: Path, *arguments: str) -> tuple[int, str]:
    done = bot("content", "new", *arguments, knowledge_dir=str(content))
    return done.code, done.out + done.err


def test_a_draft_is_accepted_and_says_what_to_fill_in(bot: Terminal, content: Path) -> None:
    code, said = new(bot, content, "lost-phone", "--theme", "essai", "--audience", "jeune")
    assert code == 0, said
    for field in ("title", "phrasings", "answer"):
        assert f"« {field} » : à compléter" in said
    assert "sources" in said
    text = (content / "entries/essai.yaml").read_text(encoding="utf-8")
    assert text.startswith(ENTRIES)
    checked = bot("check", knowledge_dir=str(content))
    assert checked.code == 0, checked
    lines = [line for line in checked.out.splitlines() if "à compléter" in line]
    assert len(lines) == 3
    # The draft is only reported for what is not written: its layout is the canonical one.
    first = ENTRIES.count("\n")
    after = [line for line in checked.out.splitlines() if int(line.split(":")[1]) > first]
    assert after == lines


def test_a_draft_is_never_said(bot: Terminal, content: Path) -> None:
    new(bot, content, "lost-phone", "--theme", "essai", "--audience", "jeune")
    base = load_knowledge(content)
    draft = base.entries["lost-phone"]
    assert not draft.in_force(TODAY)
    assert draft.handoff == "always"
    match = Matcher(base, study(base)).match("mon dossier est à compléter")
    assert match.outcome != "answer"
    assert "lost-phone" not in [candidate.entry_id for candidate in match.candidates[:1]]


def test_a_new_theme_gets_a_file_of_its_own(bot: Terminal, content: Path) -> None:
    arguments = ("new-one", "--theme", "autre-theme", "--audience", "general", "--title", "Autre thème")
    code, said = new(bot, content, *arguments)
    assert code == 0, said
    base = load_knowledge(content)
    assert base.themes["autre-theme"] == "Autre thème"
    assert base.entries["new-one"].theme == "autre-theme"
    assert not list(content.rglob("*.part"))


@pytest.mark.parametrize(
    ("entry_id", "theme", "audience", "words"),
    [
        ("change-email", "essai", "jeune", "existe déjà"),
        ("Change Email", "essai", "jeune", "minuscules"),
        ("a-b", "../essai", "jeune", "minuscules"),
        ("a-b", "essai", "ado", "n'est pas un public"),
    ],
)
def test_what_cannot_be_added_is_refused_and_nothing_is_written(
    bot: Terminal, content: Path, entry_id: str, theme: str, audience: str, words: str
) -> None:
    code, said = new(bot, content, entry_id, "--theme", theme, "--audience", audience)
    assert code == 1
    assert words in said
    assert (content / "entries/essai.yaml").read_text(encoding="utf-8") == ENTRIES
    assert len(list((content / "entries").rglob("*.yaml"))) == 1


def test_a_theme_in_a_file_of_another_name_is_found_there(bot: Terminal, content: Path) -> None:
    (content / "entries/essai.yaml").rename(content / "entries/other.yaml")
    code, said = new(bot, content, "a-b", "--theme", "essai", "--audience", "jeune")
    assert code == 0, said
    assert "entries/other.yaml:" in said
    assert load_knowledge(content).entries["a-b"].theme == "essai"


def test_an_entry_is_shown_as_people_read_it(bot: Terminal, content: Path) -> None:
    done = bot("content", "show", "forgotten-password", knowledge_dir=str(content))
    assert done.code == 0, done
    for words in (
        "Touchez « Mot de passe oublié ? ».",
        "Le jeune touche",
        "Touchez le bouton.",
        "https://aide.passculture.app/",
        f"vérifiée le : {TODAY:%d/%m/%Y}",
        "formulations : 3, et 0 négatives",
        "répondent aussi bien : change-email",
    ):
        assert words in done.out, words
    neighbours = done.out.split("plus proches")[1]
    assert "change-email" in neighbours
    assert "forgotten-password" not in neighbours


def test_an_unknown_entry_is_said_with_those_of_a_like_name(bot: Terminal, content: Path) -> None:
    done = bot("content", "show", "lost-password", knowledge_dir=str(content))
    assert done.code == 1
    assert "forgotten-password" in done.err


def test_figures_of_the_content(bot: Terminal, content: Path) -> None:
    done = bot("content", "stats", "--json", knowledge_dir=str(content))
    figures = json.loads(done.out)
    assert figures["entries"] == 2
    assert figures["themes"] == {"essai": 2}
    assert figures["audiences"] == {"jeune": 2, "relais": 1}
    assert figures["phrasings"] == {"least": 3, "median": 3.0, "most": 3, "total": 6}
    assert figures["thin"] == ["forgotten-password", "change-email"]
    assert [old["id"] for old in figures["stale"]] == ["change-email"]
    assert "leave_one_out" not in figures
    shown = bot("content", "stats", knowledge_dir=str(content))
    assert "3 / 3 / 3" in shown.out
    assert "change-email" in shown.out


def test_phrasings_that_are_left_out(bot: Terminal, content: Path) -> None:
    done = bot("content", "stats", "--leave-one-out", "--json", knowledge_dir=str(content))
    tried = json.loads(done.out)["leave_one_out"]
    assert tried["first"]["n"] == 6
    assert tried["audience_known"]["n"] == 6
    assert tried["first"]["k"] <= tried["among_first"]["k"] <= 6
    assert all(pair["declared"] for pair in tried["pairs"])
    assert "k/n" in bot("content", "stats", "--leave-one-out", knowledge_dir=str(content)).out


def test_check_says_what_is_wrong_in_a_reply_template_with_its_line(bot: Terminal, content: Path) -> None:
    (content / "modeles.yaml").write_text(
        "modeles:\n- id: aide\n  title: Se connecter\n  audiences: [jeune]\n"
        '  text: "Demande {numero} : {lien:nulle-part}, {lien:change-email}"\n',
        encoding="utf-8",
    )
    checked = bot("check", knowledge_dir=str(content))
    said = checked.out + checked.err
    assert checked.code == 1
    assert "modeles.yaml:5: « text » : champ inconnu : « {numero} »" in said
    assert "modeles.yaml:5: « text » : la fiche « nulle-part » n'existe pas" in said
    assert "change-email" not in said
