"""A file of structures at the console: shown first, written as a whole, or refused with its lines."""

import re

import aiohttp

from handlers.structure_import import LARGEST, MOST
from handlers.turn import Turn
from storage import structures
from storage.structures import Wanted
from tests.web.office import Desk, Office, words

LIST = "/console/structures"
IMPORT = f"{LIST}/import"
HEADING = "Nom;Type;Département;SIRET;Étape;Depuis;Contact;E-mail"
GOOD = f"""{HEADING}
Cinéma Le Rex;Cinéma;25;73282932000074;Première offre;02/11/2026;Léa Petit;lea@rex.fr
Collège Hugo;collèges;Haute-Saône;;;;;
"Librairie ""L'Été""
du Centre";librairie;1x;;;;;
"""


async def upload(desk: Desk, content: bytes | str, *, encoding: str = "utf-8", status: int = 303) -> str:
    """Sends a file; where it led to, or the page that came back."""
    form = aiohttp.FormData()
    form.add_field("form", "")
    body = content.encode(encoding) if isinstance(content, str) else content
    form.add_field("fichier", body, filename="structures.csv", content_type="text/csv")
    answer = await desk.client.post(IMPORT, data=form, allow_redirects=False)
    text = await answer.text()
    assert answer.status == status, (answer.status, text[-2000:])
    return answer.headers["Location"] if status == 303 else text


def mark(page: str) -> str:
    return page.split('name="vu" value="', 1)[1].split('"', 1)[0]


async def confirm(desk: Desk, path: str) -> str:
    return await desk.send(path, vu=mark(await desk.read(path)))


async def kept(office: Office) -> list[tuple[str, str, str, str | None]]:
    def look(turn: Turn) -> list[tuple[str, str, str, str | None]]:
        found = structures.listed(turn.session, Wanted())
        return sorted((one.name, one.territory, one.stage, one.siret) for one in found)

    return await office.turn(look)


async def test_what_a_file_would_do_is_shown_then_done_and_once(office: Office) -> None:
    good = GOOD.replace(";1x;", ";25;")
    async with office.at_desk(office.camille) as desk:
        path = await upload(desk, good)
        page = words(await desk.read(path))
        assert "Ajoutées 3" in page
        assert "Ajoutée Cinéma, Doubs (25), première offre" in page
        assert '4 Librairie "L\'Été"' in page.replace("&#34;", '"')
        assert await kept(office) == []
        assert await confirm(desk, path) == f"{IMPORT}?fait=import"
        await desk.read(path, status=404)
        rows = await kept(office)
        assert rows[0] == ("Cinéma Le Rex", "25", "offer", "73282932000074")
        assert [row[:3] for row in rows[1:]] == [
            ("Collège Hugo", "70", "asked"),
            ('Librairie "L\'Été" du Centre', "25", "asked"),
        ]
        page = words(await desk.read(await upload(desk, good)))
        assert "Inchangées 3" in page
        assert "déjà à jour" in page


async def test_a_known_structure_is_changed_and_an_empty_cell_changes_nothing(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        await confirm(desk, await upload(desk, GOOD.replace(";1x;", ";25;")))
        again = "nom,type,département,siret,étape,depuis\nRex,,25,73282932000074,3,03/11/2026\n"
        again += "collège HUGO,,70,35600000000048,,\n"
        path = await upload(desk, again)
        page = words(await desk.read(path))
        assert "2 Rex Devient Modifiée nom, étape (retour en arrière)" in page
        assert "collège HUGO Devient Modifiée nom, SIRET" in page
        await confirm(desk, path)
        page = words(await desk.read(f"{LIST}/1"))
        assert "coordonnées bancaires en cours, 03/11/2026" in page
        assert "lea@rex.fr" in page
        assert "Modifiée : nom par Camille Martin" in page


async def test_nothing_is_imported_while_one_line_is_refused(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        path = await upload(desk, GOOD)
        page = await desk.read(path)
        assert "Rien ne peut être importé tant qu’une ligne est refusée" in page
        assert "« 1x » n'est pas un département" in words(page)
        assert 'name="vu"' not in page
        await desk.send(path, vu="0" * 64, status=409)
        assert await kept(office) == []


WRONG = [
    ("Le Rex;cinéma;71;;;;;", "Le département 71 n'est pas l'un des vôtres"),
    ("Le Rex;piscine;25;;;;;", "Choisissez un type"),
    ("Le Rex;cinéma;25;7,32829E+13;;;;", "Le tableur a abrégé ce SIRET"),
    ("Le Rex;cinéma;25;73282932000075;;;;", "sa clé est fausse"),
    ("Le Rex;cinéma;25;;;31/02/2026;;", "Ce jour ne va pas"),
    ("Le Rex;cinéma;25;;lune;;;", "Cette étape n'est pas connue"),
    ("=1+1;cinéma;25;;;;;", "commence comme une formule"),
    ("'@rex;cinéma;25;;;;;", "commence comme une formule"),
    ("Le Rex;cinéma;25;;;;;;;trop", "10 cellules pour 8 colonnes"),
    ("GRAND Café;cinéma;25;;;;;", "déjà à la ligne 2 de ce fichier"),
    ("Le Rex;cinéma;25;73282932000074;;;;", "déjà à la ligne 2 de ce fichier"),
    ("Connue;cinéma;25;35600000000048;;;;", "a un autre SIRET"),
    ("Le Rex;cinéma;25;55208131766522;;;;", "déjà celui d'une autre structure"),
    (";cinéma;25;;;;;", "Donnez le nom"),
    ("Le Rex;cinéma;25;;;;;lea", "adresse"),
]


async def test_each_wrong_line_is_told_with_its_number(office: Office) -> None:
    known = f"{HEADING}\nConnue;cinéma;25;44306184100047;;;;\nAilleurs;cinéma;71;55208131766522;;;;\n"
    async with office.at_desk(office.nadia) as nadia, office.at_desk(office.camille) as desk:
        await confirm(nadia, await upload(nadia, known))
        for line, said in WRONG:
            file = f"{HEADING}\nGrand café;association;25;73282932000074;;;;\n\n{line}\n"
            page = words(await desk.read(await upload(desk, file)))
            assert said in page, line
            assert "Refusée 1" in page, line
            assert f" 4 {line.split(';')[0] or 'sans nom'}" in page, line


UNREADABLE = [
    (b"", "Ce fichier est vide"),
    (b"\xef\xbb\xbf \r\n", "Ce fichier est vide"),
    (f"{HEADING}\n".encode(), "n'a que la ligne des titres"),
    ("Nom;Type\nLe Rex;cinéma\n".encode(), "la colonne « Département » manque"),
    ("Nom;Tipe;Département\n".encode(), "« Tipe » n'est pas connue (vouliez-vous dire « Type » ?)"),
    (b"Nom;Type;Dept;Couleur\n", "la colonne « Couleur » n'est pas connue"),
    (b"Nom;Type;Dept;Structure\n", "« Nom » est là deux fois"),
    ("Nom;Type;Dept\nLe Rex;cinéma;25\n".encode("utf-16"), "UTF-16"),
    (b"PK\x03\x04xlsx", "C'est un classeur"),
    (b"Nom\x81", "ni UTF-8 ni Windows-1252"),
    (b'Nom;Type;Dept\n"Le Rex;cinema;25\n', "À partir de la ligne 2"),
    (b"Nom;Type;Dept\n" + b"Le Rex;cinema;25\n" * (MOST + 1), f"{MOST} au plus"),
]


async def test_a_file_that_cannot_be_read_is_told_why(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        for content, said in UNREADABLE:
            assert said in words(await upload(desk, content, status=422)), content[:60]


async def test_every_usual_encoding_and_separator_is_read(office: Office) -> None:
    ways = (("utf-8-sig", ";"), ("cp1252", ";"), ("utf-8", "\t"), ("utf-8", ","))
    async with office.at_desk(office.camille) as desk:
        for number, (encoding, separator) in enumerate(ways):
            file = f"Nom;Type;Département\r\nLibrairie d’Été {number};librairie;25\r\n"
            await confirm(desk, await upload(desk, file.replace(";", separator), encoding=encoding))
    assert [row[0] for row in await kept(office)] == [f"Librairie d’Été {number}" for number in range(4)]


async def test_what_is_too_large_is_refused_and_a_large_one_is_taken(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        page = await upload(desk, b"x" * (LARGEST + 100), status=413)
        assert "dépasse 1 Mo" in words(page)
        rows = "\n".join(f"Structure {number};cinéma;25" for number in range(MOST))
        path = await upload(desk, f"nom;type;dep\n{rows}\n")
        assert "Voici 500 des 2000 lignes" in words(await desk.read(path))


async def test_a_long_directory_is_read_page_by_page(office: Office) -> None:
    rows = "\n".join(f"Structure {number:03};cinéma;25" for number in range(120))
    async with office.at_desk(office.camille) as desk:
        await confirm(desk, await upload(desk, f"nom;type;dep\n{rows}\n"))
        first = await desk.read(f"{LIST}?type=cinema")
        assert 'rel="prev"' not in first
        assert 'href="/console/structures?type=cinema&amp;page=2"' in first
        last = await desk.read(f"{LIST}?type=cinema&page=99")
        assert "Page 3 sur 3" in words(last)
        assert 'rel="next"' not in last
        named = [set(re.findall(r"Structure \d{3}", page)) for page in (first, last)]
        assert [len(names) for names in named] == [50, 20]
        assert "Structure 119" in named[1]
        assert (await desk.read(f"{LIST}.csv?page=2")).count('"Structure ') == 120


async def test_what_changed_since_it_was_shown_is_shown_again(office: Office) -> None:
    file = f"{HEADING}\nLe Rex;cinéma;25;;;;;\n"
    async with office.at_desk(office.camille) as desk:
        path = await upload(desk, file)
        seen = mark(await desk.read(path))
        await desk.send(f"{LIST}/nouvelle", nom="Le Rex", type="theatre", departement="25")
        page = await desk.send(path, vu=seen, status=409)
        assert "L'annuaire a changé" in words(page)
        assert "Modifiée" in words(page)
        await desk.send(path, vu=mark(page))
        assert "Cinéma" in words(await desk.read(f"{LIST}/1"))
    async with office.at_desk(office.nadia) as nadia:
        assert "A importé des structures" in words(await nadia.read("/console/journal"))


async def test_an_exported_file_is_imported_again_unchanged(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        await confirm(desk, await upload(desk, GOOD.replace(";1x;", ";25;")))
        file = await desk.read(f"{LIST}.csv")
        assert "Inchangées 3" in words(await desk.read(await upload(desk, file)))


async def test_the_template_is_a_file_that_can_be_imported(office: Office) -> None:
    async with office.at_desk(office.nadia) as desk:
        path = await upload(desk, await desk.read(f"{LIST}/modele.csv"))
        assert "Ajoutées 2" in words(await desk.read(path))


async def test_a_file_is_its_senders_alone(office: Office) -> None:
    async with office.at_desk(office.nadia) as nadia, office.at_desk(office.camille) as camille:
        path = await upload(nadia, GOOD)
        await camille.read(path, status=404)
        await camille.send(path, vu="0" * 64, status=404)
