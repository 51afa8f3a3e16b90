"""`structures import`: a file shown line by line, and written as a whole or not at all."""

import sqlite3
from pathlib import Path

import pytest

from handlers.structure_import import LARGEST
from tests.cli.conftest import Terminal

HEADING = "Nom;Type;Département;SIRET;Étape;Depuis;Contact;E-mail\n"
GOOD = HEADING + "Le Rex;cinéma;25;;Première offre;02/11/2020;Léa Petit;lea@rex.fr\nHugo;collège;974;;;;;\n"


def kept(folder: Path) -> list[tuple[str, str, str]]:
    with sqlite3.connect(folder / "souffleur.db") as database:
        return database.execute("SELECT name, territory, stage FROM structures ORDER BY name").fetchall()


def test_a_file_is_shown_then_imported_then_known(bot: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "structures.csv"
    file.write_text(GOOD, encoding="utf-8")
    done = bot("structures", "import", str(file), "--dry-run")
    assert (done.code, "create 2, change 0, same 0, refused 0" in done.out) == (0, True), done
    assert "Nothing was changed" in done.err
    assert kept(tmp_path) == []
    assert "Imported." in bot("structures", "import", str(file)).err
    assert kept(tmp_path) == [("Hugo", "974", "asked"), ("Le Rex", "25", "offer")]
    done = bot("structures", "import", str(file))
    assert (done.code, "same 2" in done.out, "Nothing was changed" in done.err) == (0, True, True)
    file.write_text(GOOD.replace("Première offre", "ADAGE").replace("lea@", "zoe@"), encoding="utf-8")
    assert "contact_email, stage back" in bot("structures", "import", str(file)).out


def test_nothing_is_imported_while_a_line_is_refused(bot: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "structures.csv"
    file.write_text(GOOD + "Rialto;piscine;00;123;;;;\n", encoding="cp1252")
    done = bot("structures", "import", str(file))
    assert done.code == 1, done
    for said in ("Choisissez un type", "n'est pas un département", "quatorze chiffres"):
        assert said in done.out.replace("\n", " ")
    assert "mend the refused lines" in done.err
    assert kept(tmp_path) == []


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (None, 2, "cannot be read"),
        (b"Nom;Dept\n", 1, "la colonne « Type » manque"),
        (b"x" * (LARGEST + 1), 1, "dépasse 1 Mo"),
    ],
)
def test_what_is_no_such_file_is_said(
    bot: Terminal, tmp_path: Path, content: bytes | None, code: int, said: str
) -> None:
    file = tmp_path / "structures.csv"
    if content is not None:
        file.write_bytes(content)
    done = bot("structures", "import", str(file))
    assert (done.code, said in done.err) == (code, True), done


def test_the_contact_of_a_structure_is_forgotten_by_their_address(bot: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "structures.csv"
    file.write_text(GOOD, encoding="utf-8")
    bot("structures", "import", str(file))
    assert bot("forget", "mail:LEA@rex.fr").code == 0
    assert bot("forget", "lea@rex.fr").code == 1
    with sqlite3.connect(tmp_path / "souffleur.db") as database:
        rows = database.execute("SELECT contact_name, contact_email, contact_at FROM structures").fetchall()
        assert rows == [(None, None, None)] * 2
        everything = "\n".join(database.iterdump())
    assert "rex.fr" not in everything.lower()
    assert "Petit" not in everything
