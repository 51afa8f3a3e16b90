"""The calendar of absences: whose one sees, what one may change, where nobody would answer."""

import re
from datetime import date, timedelta

from handlers import absence
from handlers.errors import Refused
from handlers.turn import Turn
from storage import directory
from tests.web.office import Office, words
from tests.web.targets import hire

DECEMBER = "/console/absences?mois=2026-12"
DOUBS, JURA, NORD = "25", "39", "59"


async def away(office: Office, who: int, first: str, last: str, *, replacement: int | None = None) -> None:
    def note(turn: Turn) -> None:
        one = directory.get(turn.session, who)
        stand_in = directory.get(turn.session, replacement) if replacement is not None else None
        assert one is not None
        outcome = absence.between(
            turn, one, date.fromisoformat(first), date.fromisoformat(last), by=one, replacement=stand_in
        )
        assert not isinstance(outcome, Refused)

    await office.turn(note)


async def name_of(office: Office, who: int) -> str:
    return await office.turn(lambda turn: directory.name_of(turn.session, who) or "")


async def page_of(office: Office, who: int, path: str = DECEMBER) -> str:
    async with office.at_desk(who) as desk:
        return words(await desk.read(path))


async def test_a_month_holds_its_weeks_holidays_and_absences(office: Office) -> None:
    await away(office, office.camille, "2026-11-30", "2026-12-02", replacement=office.driss)
    async with office.at_desk(office.camille) as desk:
        page = await desk.read(DECEMBER)
        days = re.findall(r'<time datetime="([\d-]+)">', page)
        assert days == [str(date(2026, 11, 30) + timedelta(days=number)) for number in range(35)]
        assert page.count('<li class="away away--mine">Camille Martin</li>') == 3
        assert "Jours fériés : 25 (Noël)" in words(page)
        assert "du lundi 30 novembre au mercredi 2 décembre inclus – remplacement : Driss" in words(page)
        assert 'href="/console/absences?mois=2026-11" rel="prev"' in page
        assert 'href="/console/absences?mois=2027-01" rel="next"' in page
        today = await desk.read("/console/absences?mois=nimporte")
    assert 'aria-current="date"' in today
    assert "Novembre 2026" in words(today)


async def test_public_holidays_are_those_of_ones_territories(office: Office) -> None:
    moselle, martinique = await hire(office, territories="57"), await hire(office, territories="972")
    assert "26 (Saint-Étienne (Moselle))" in await page_of(office, moselle)
    may = "/console/absences?mois=2027-05"
    assert "22 (Abolition de l'esclavage (Martinique))" in await page_of(office, martinique, may)
    assert "esclavage" not in await page_of(office, moselle, may)


async def test_one_sees_colleagues_leads_their_region_and_the_desk_all(office: Office) -> None:
    people = {
        "mate": await hire(office, territories=DOUBS),
        "neighbour": await hire(office, territories=JURA),
        "far": await hire(office, territories=NORD),
    }
    for who in people.values():
        await away(office, who, "2026-12-14", "2026-12-15")
    names = {key: await name_of(office, who) for key, who in people.items()}
    expected = {
        await hire(office, "referent", DOUBS): {"mate"},
        await hire(office, "lead", DOUBS): {"mate", "neighbour"},
        await hire(office, "national", NORD): {"mate", "neighbour", "far"},
        await hire(office, "admin", ""): {"mate", "neighbour", "far"},
        await hire(office, "editor", NORD): {"far"},
        office.driss: set(),
    }
    for who, seen in expected.items():
        page = await page_of(office, who)
        assert {key for key, name in names.items() if f"{name} , du lundi 14" in page} == seen


async def test_who_stands_in_sees_for_whom(office: Office) -> None:
    await away(office, office.camille, "2026-12-14", "2026-12-15", replacement=office.driss)
    assert "Camille Martin , du lundi 14 décembre" in await page_of(office, office.driss)


async def test_one_notes_and_takes_back_ones_own(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        led = await desk.send("/console/absences", first="2026-12-21", last="2026-12-24", mois="2026-11")
        assert led == "/console/absences?mois=2026-12&fait=absence"
        await desk.send("/console/absences", first="2026-12-28")
        page = await desk.read(led)
        forms = re.findall(r'action="(/console/absences/\d+/retrait)"', page)
        assert len(forms) == 2
        assert "L'absence est retirée" in words(await desk.read(await desk.send(forms[0], mois="2026-12")))
        page = words(await desk.read(DECEMBER))
    assert "21 décembre" not in page
    assert "lundi 28 décembre" in page


async def test_what_is_over_stays(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        await desk.send("/console/absences", first="2026-11-23", last="2026-11-24")
        found = re.search(r'action="(/console/absences/\d+/retrait)"', await desk.read("/console/absences"))
        assert found is not None
    office.site.clock.advance(days=9)
    async with office.at_desk(office.camille) as desk:
        page = await desk.read("/console/absences?mois=2026-11")
        assert found[1] not in page
        await desk.send(found[1])
        page = words(await desk.read("/console/absences?mois=2026-11"))
    assert "du lundi 23 novembre au mardi 24 novembre inclus" in page


async def test_what_is_wrong_is_said_at_its_field(office: Office) -> None:
    await away(office, office.driss, "2026-12-24", "2026-12-24")
    async with office.at_desk(office.camille) as desk:
        for fields, at in (
            ({"first": "demain"}, "first"),
            ({"first": "2026-12-24", "last": "2026-12-20"}, "last"),
            ({"first": "2026-12-23", "last": "2026-12-27", "replacement": "Driss Benali"}, "replacement"),
        ):
            page = await desk.send("/console/absences", {**fields, "mois": "2026-12"}, status=422)
            assert f'id="{at}-error"' in page
            assert f'value="{fields["first"]}"' in page
            assert "Décembre 2026" in words(page)
    assert "Driss Benali est aussi absent : jeudi 24 décembre" in words(page)


async def test_a_lead_notes_for_their_region_and_no_further(office: Office) -> None:
    lead = await hire(office, "lead", JURA)
    async with office.at_desk(lead) as desk:
        page = await desk.read(DECEMBER)
        assert f'<option value="{office.camille}">Camille Martin</option>' in page
        await desk.send("/console/absences", first="2026-12-14", pour=str(office.camille))
        far = str(await hire(office, territories=NORD))
        await desk.send("/console/absences", status=404, first="2026-12-14", pour=far)
        forms = re.findall(r'action="(/console/absences/\d+/retrait)"', await desk.read(DECEMBER))
        assert len(forms) == 1
    async with office.at_desk(office.driss) as desk:
        await desk.send("/console/absences", status=404, first="2026-12-14", pour=str(office.camille))
        await desk.send(forms[0], status=404)
    async with office.at_desk(lead) as desk:
        await desk.send(forms[0])
        assert "Aucune absence notée" in words(await desk.read(DECEMBER))


async def test_where_nobody_would_answer(office: Office) -> None:
    """Camille has the Doubs and the Haute-Saône alone, Driss supplies her; nobody works on the 25th."""
    lead = await hire(office, "lead", "90")
    await away(office, office.camille, "2026-12-21", "2026-12-31")
    assert "Personne pour la Haute-Saône" not in await page_of(office, lead)
    await away(office, office.driss, "2026-12-24", "2026-12-28")
    page = await page_of(office, lead)
    assert "Personne pour le Doubs, la Haute-Saône, la Saône-et-Loire du 24 au 28 décembre" in page
    assert "Personne pour le Doubs" in await page_of(office, office.nadia)
    assert "Personne pour" not in await page_of(office, office.camille)
    assert "Personne pour" not in await page_of(office, await hire(office, "lead", NORD))
    await away(office, office.camille, "2026-12-24", "2026-12-28", replacement=lead)
    page = await page_of(office, lead)
    assert "Personne pour la Saône-et-Loire du 24 au 28 décembre" in page
    assert "le Doubs" not in page


async def test_a_deputy_is_there_for_a_replacement_who_left(office: Office) -> None:
    sam = await hire(office, territories="59")
    await away(office, office.camille, "2026-12-14", "2026-12-18", replacement=sam)
    await away(office, sam, "2026-12-14", "2026-12-18")
    assert "le Doubs" not in await page_of(office, office.nadia)
    await away(office, office.driss, "2026-12-17", "2026-12-17")
    assert "Personne pour le Doubs, la Haute-Saône, la Saône-et-Loire le jeudi 17" in await page_of(
        office, office.nadia
    )


async def test_a_gap_of_days_that_nobody_works_on_is_none(office: Office) -> None:
    alone = await hire(office, "lead", "67")
    await away(office, alone, "2026-12-25", "2026-12-27")  # Christmas, its second day, a Sunday
    assert "Chaque territoire a quelqu'un" in await page_of(office, alone)
    await away(office, alone, "2026-12-18", "2026-12-20")
    assert "Personne pour le Bas-Rhin le vendredi 18 décembre" in await page_of(office, alone)


async def test_days_beyond_this_century_are_no_days(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        page = await desk.send("/console/absences", status=422, first="9999-12-01", last="9999-12-31")
    assert 'value="9999-12-31"' in page
