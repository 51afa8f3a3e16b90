"""What authors are told to look at again, each with its file and line, and nothing of it an error."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from knowledge.advice import FIELDS
from knowledge.entries import Entry
from knowledge.loading import examine
from knowledge.readability import ease, faults
from tests.knowledge.conftest import SMALL

Writer = Callable[..., Path]
FILE = "entries/essai.yaml"
TODAY = date(2026, 11, 23)
LONG = "Touchez " + "le grand bouton rouge de la page " * 6


def advice(folder: Path, today: date | None = TODAY) -> list[str]:
    base, problems = examine(folder, today=today)
    assert base is not None, problems
    return [str(problem) for problem in problems]


def test_a_good_entry_gets_no_advice(folder: Writer) -> None:
    assert advice(folder()) == []


def test_the_shipped_content_has_the_canonical_layout_and_fresh_dates() -> None:
    base, problems = examine(today=TODAY)
    assert base is not None
    said = [str(problem) for problem in problems if problem.file.startswith("entries/")]
    others = [line for line in said if "se lit mal" not in line and "caractères" not in line]
    assert others == []
    assert len(said) < len(base.entries) / 10, "so much advice that nobody reads it"


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('"2026-11-22"', '"2026-12-01"', 12, "à venir"),
        ('\n  checked: "2026-11-22"', "", 4, "jamais été comparée"),
        ('2026-11-22"', '2026-11-22"\n  valid_until: "2026-11-01"', 13, "plus valable depuis le 01/11/2026"),
        ("Touchez", LONG, 8, "phrase de"),
        ("  sources", "  facile: |\n    " + LONG[:150] + "\n  sources", 10, "« facile » se lit mal"),
        ("J'ai oublié", '"TODO" # J', 6, "à compléter"),
        ('"2026-11-22"', "2026-11-22", 12, "guillemets"),
        ('"2026-08"', "2026-08", 11, "guillemets"),
        ("  audiences: [jeune]\n", "  phrasings: [a b c]\n  audiences: [jeune]\n", 5, "ordre des champs"),
        ("  phrasings", "  tags: [montnat]\n  phrasings", 7, "« montnat »"),
        ("[jeune]", "\n  - jeune", 6, ""),
        ("[jeune]", "\n    - jeune", 6, "tiret"),
        ("[jeune]", "[jeune]\r", 5, "Windows"),
    ],
)
def test_what_is_advised(folder: Writer, old: str, new: str, line: int, words: str) -> None:
    text = SMALL.replace(old, new)
    if "phrasings: [a" in new:
        text = text.replace(
            "  phrasings: [mot de passe oublié, jai perdu mon mdp, je ne peux plus me connecter]\n", ""
        )
    path = folder({FILE: text})
    (path / FILE).write_bytes(text.encode())
    said = advice(path)
    if words:
        assert any(one.startswith(f"{FILE}:{line}: ") and words in one for one in said), said
    else:
        assert said == []
    assert all("se lit mal" not in one for one in advice(path, today=None))


def test_the_limit_is_180_days(folder: Writer) -> None:
    path = folder()
    assert advice(path, date(2027, 5, 21)) == []
    assert "il y a 181 jours" in advice(path, date(2027, 5, 22))[0]


def test_a_file_that_ends_in_the_middle_of_a_line(folder: Writer) -> None:
    assert any("dernière ligne" in one for one in advice(folder({FILE: SMALL.rstrip("\n")})))


def test_the_order_of_fields_knows_every_field() -> None:
    assert set(FIELDS) == set(Entry.model_fields) - {"theme"}


def test_sentences_are_counted_as_people_read_them() -> None:
    found = ease("Un deux trois.\n\n- quatre cinq [six](https://example.org/a-b-c) ;\n- sept **huit** !")
    assert found is not None
    assert (found.longest, round(found.mean, 2)) == (3, 2.67)
    assert ease("…") is None
    assert faults("mot " * 30) == ["30 mots par phrase en moyenne (22 au plus sont souhaités)"]
    assert "phrase de 21 mots (20" in faults("mot " * 21, easy=True)[0]
