"""« Semaine »: the week's pack at the console and as a file: figures, comparison, wrong weeks, rights."""

import csv
import io
import zipfile
from datetime import timedelta

import pytest

from handlers import blocking, meeting
from handlers.turn import Turn
from storage import directory
from tests.web.office import Desk, Office, words

WEEK = "/console/semaine"
LAST = "2026-W47"
"""The office's Monday is in week 48."""
SECRET = "le bidule violet de lea"


async def some_questions(office: Office, *, times: int = 6) -> None:
    """Asked in the week that is over: of the Doubs, of the territory beside it, and of nowhere."""
    for _ in range(times):
        await office.question("mot de passe", outcome="answer", entry_id="pro-create-account", days_ago=3)
    await office.question("x", outcome="answer", entry_id="pro-create-account", feedback="no", days_ago=3)
    await office.question(SECRET, days_ago=4)
    await office.question(SECRET + " !", days_ago=4)
    await office.question("une autre", territory="71", outcome="out_of_scope", days_ago=2)
    await office.question("et ailleurs", territory=None, outcome="out_of_scope", days_ago=2)
    await office.question("trop tard", days_ago=0)


async def test_the_week_that_is_over_is_shown_for_ones_territories(office: Office) -> None:
    await some_questions(office)
    async with office.at_desk(office.camille) as desk:
        page = words(await desk.read(WEEK))
    assert "Doubs (25), Haute-Saône (70), semaine 47, du 16 au 22 novembre 2026." in page
    assert "Questions 9 pas encore de semaine à comparer" in page
    assert "Réponses automatiques 78 % 0 « utile », 1 « pas utile »" in page
    assert "Réponse automatique 7 78 %" in page
    assert f"2 questions « {SECRET} »" in page
    assert "1 « pas utile », 0 « utile », dite 7 fois" in page
    assert "une autre" not in page
    assert "provisoires" not in page


async def test_who_sees_all_reads_of_everywhere_and_chooses(office: Office) -> None:
    await some_questions(office)
    async with office.at_desk(office.nadia) as desk:
        whole = words(await desk.read(WEEK))
        there = words(await desk.read(f"{WEEK}?lieu=71"))
        nobody = words(await desk.read(f"{WEEK}?lieu=29"))
    assert "France entière, semaine 47" in whole
    assert "Questions 11 " in whole
    assert whole.index("Saône-et-Loire (71) 1 ") < whole.index("département non précisé 1 ")
    assert "Saône-et-Loire (71), semaine 47" in there
    assert "Questions 1 " in there
    assert "Aucun référent ne suit ce territoire" in nobody
    assert "Questions 0 " in nobody


async def test_unanswered_questions_count_under_the_theme_that_they_are_near_to(office: Office) -> None:
    await office.question("à qui demander un compte pro", near="pro-create-account", days_ago=3)
    await office.question("un compte de métro", near="pro-create-account", outcome="out_of_scope", days_ago=3)
    async with office.at_desk(office.camille) as desk:
        themes = words(await desk.read(WEEK)).split("Thèmes")[-1].split("Questions sans réponse")[0]
        body = await (await desk.client.get(f"{WEEK}.csv")).read()
    rows = csv.DictReader(io.StringIO(body.decode("utf-8-sig")), delimiter=";")
    assert "Compte pass Culture Pro 1 0 % 0" in themes
    assert "sans thème trouvé 1 0 % 0" in themes
    assert [(one["Thème"], one["Fiche"]) for one in rows] == [("Compte pass Culture Pro", ""), ("", "")]


async def test_this_week_is_said_to_be_unfinished(office: Office) -> None:
    await some_questions(office)
    async with office.at_desk(office.camille) as desk:
        page = words(await desk.read(f"{WEEK}?semaine=2026-W48"))
        assert "La semaine n'est pas finie" in page
        assert "Questions 1 9 une semaine habituelle" in page
        assert "Semaine suivante" not in page


async def test_what_grows_is_named_and_a_theme_is_not_named_twice(office: Office) -> None:
    for week in range(2, 6):
        for _ in range(2):
            await office.question("a", outcome="answer", entry_id="eligibility-age", days_ago=7 * week - 4)
    await some_questions(office, times=20)
    async with office.at_desk(office.camille) as desk:
        page = words(await desk.read(WEEK))
    grown = page.split("Nouveau ou en hausse")[1].split("Comparé aux")[0]
    assert ": 21 , jamais les semaines d'avant" in grown
    assert "Thème" not in grown
    assert "2026-S43 2" in page


async def test_a_territory_is_compared_with_the_average_of_those_like_it(office: Office) -> None:
    for territory, times in (("25", 8), ("01", 6), ("02", 10), ("03", 8), ("04", 1), ("05", 80)):
        for number in range(times):
            outcome = "answer" if number % 2 else "handoff"
            await office.question("x", territory=territory, outcome=outcome, days_ago=3)
    async with office.at_desk(office.camille) as desk:
        page = words(await desk.read(f"{WEEK}?lieu=25"))
        both = words(await desk.read(WEEK))
    assert "Mesure Ici Moyenne Questions 8 8 Réponses automatiques 50 % 50 %" in page
    assert "3 territoires d'où viennent" in page
    assert "(01)" not in page
    assert "Driss" not in page
    assert "territoires comparables" not in both


async def test_what_stops_people_and_what_was_agreed_come_back(office: Office) -> None:
    def note(turn: Turn) -> None:
        nadia = directory.get(turn.session, office.nadia)
        assert nadia is not None
        since = turn.today - timedelta(days=9)
        blocking.note(turn, nadia, title="Les classes ne voient rien", subject="adage", since=since)
        meeting.note(turn, nadia, who="Driss", what="Relancer la DRAC", due=None)

    await office.turn(note)
    async with office.at_desk(office.camille) as desk:
        page = words(await desk.read(WEEK))
    assert "Points bloquants (1) Les classes ne voient rien – depuis 9 jours, 0 concerné" in page
    assert "Actions ouvertes (1) Relancer la DRAC – Driss Benali, pour lundi 30 novembre" in page


@pytest.mark.parametrize(
    ("week", "said"),
    [
        ("2026-W60", "Je ne connais pas cette semaine"),
        ("hier", "2026 en compte 53"),
        ("2027-W30", "n'a pas encore commencé"),
    ],
)
async def test_a_wrong_week_is_said_and_the_last_one_shown(office: Office, week: str, said: str) -> None:
    async with office.at_desk(office.camille) as desk:
        page = await desk.read(f"{WEEK}?semaine={week}", status=422)
        assert said in words(page)
        assert 'role="alert"' in page
        assert "semaine 47" in words(page)
        for ending in ("csv", "xlsx"):
            assert said in words(await desk.read(f"{WEEK}.{ending}?semaine={week}", status=422))


async def test_another_territory_is_not_found(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        for path in (WEEK, f"{WEEK}.csv", f"{WEEK}.xlsx"):
            for place in ("71", "france", "nimporte"):
                await desk.read(f"{path}?lieu={place}", status=404)


async def test_who_serves_nothing_reads_of_nothing(office: Office) -> None:
    def hire(turn: Turn) -> int:
        return directory.add(
            turn.session, name="Zoé Petit", role="referent", national=False, email=None, now=turn.now
        ).id

    await some_questions(office)
    async with office.at_desk(await office.turn(hire)) as desk:
        page = words(await desk.read(WEEK))
    assert "aucun territoire, semaine 47" in page
    assert "Questions 0 " in page


async def test_who_changed_territory_in_the_week_reads_of_the_new_one(office: Office) -> None:
    await some_questions(office)

    def move(turn: Turn) -> None:
        camille = directory.get(turn.session, office.camille)
        assert camille is not None
        directory.assign(turn.session, camille, ["71"])

    await office.turn(move)
    async with office.at_desk(office.camille) as desk:
        page = words(await desk.read(WEEK))
    assert "Saône-et-Loire (71), semaine 47" in page
    assert "Questions 1 " in page


async def test_the_csv_has_one_row_per_question_and_no_person(office: Office) -> None:
    await some_questions(office)
    async with office.at_desk(office.camille) as desk:
        answer = await desk.client.get(f"{WEEK}.csv?semaine={LAST}")
        body = await answer.read()
        assert answer.headers["Content-Disposition"] == f'attachment; filename="semaine-{LAST}-miens.csv"'
    async with office.at_desk(office.nadia) as desk:
        assert f"semaine-{LAST}-miens.csv" in words(await desk.read("/console/journal"))
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == [
        "Semaine",
        "Jour",
        "Heure",
        "Public",
        "Département",
        "Territoire",
        "Canal",
        "Issue",
        "Thème",
        "Fiche",
        "Titre de la fiche",
        "Avis",
    ]
    assert len(rows) == 10
    assert rows[1][:8] == [LAST, "2026-11-19", "10", "Jeune", "25", "Doubs (25)", "Web", rows[1][7]]
    assert [row[11] for row in rows[1:]].count("pas utile") == 1
    assert "bidule" not in body.decode()


async def test_the_spreadsheet_holds_the_same_and_the_figures(office: Office) -> None:
    await some_questions(office)
    async with office.at_desk(office.camille) as desk:
        book = await _book(desk, f"{WEEK}.xlsx?semaine={LAST}")
    assert book["xl/workbook.xml"].count("<sheet ") == 2
    assert book["xl/worksheets/sheet1.xml"].count("<row ") == 10
    assert "France" not in book["xl/sharedStrings.xml"]
    for word in ("Réponse automatique", "pas utile", "Doubs (25)", "en cours à la fin", "à juger"):
        assert word in book["xl/sharedStrings.xml"]
    assert "bidule" not in "".join(book.values())
    assert not any("<f>" in text for text in book.values())


async def _book(desk: Desk, path: str) -> dict[str, str]:
    """The parts of a spreadsheet."""
    answer = await desk.client.get(path)
    assert answer.status == 200
    assert answer.content_type.endswith("spreadsheetml.sheet")
    with zipfile.ZipFile(io.BytesIO(await answer.read())) as parts:
        return {name: parts.read(name).decode() for name in parts.namelist()}


async def test_an_empty_week_53_has_a_page_and_files(office: Office) -> None:
    office.site.clock.advance(days=timedelta(weeks=6).days)
    async with office.at_desk(office.camille) as desk:
        page = words(await desk.read(WEEK))
        assert "semaine 53, du 28 décembre 2026 au 3 janvier 2027." in page
        assert "Questions 0 " in page
        assert "Rien de net" in page
        text = await desk.read(f"{WEEK}.csv")
        assert len(text.splitlines()) == 1
        assert (await _book(desk, f"{WEEK}.xlsx"))["xl/worksheets/sheet1.xml"].count("<row ") == 1
