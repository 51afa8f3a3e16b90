"""Opening hours and targets in the console, and by which way one is told."""

import pytest

from handlers.turn import Turn
from storage import directory, tickets
from tests.web.office import Office, words
from tests.web.targets import hire

WEEK = {f"jour{day}": "9h-12h, 14h-18h" for day in range(4)}


async def told_by(office: Office, number: int) -> tuple[str | None, str | None]:
    def look(turn: Turn) -> tuple[str | None, str | None]:
        referent = directory.get(turn.session, number)
        assert referent is not None
        return referent.notices_by, referent.digest_by

    return await office.turn(look)


async def due(office: Office, number: int) -> str:
    def look(turn: Turn) -> str:
        ticket = tickets.get(turn.session, number)
        assert ticket is not None
        assert ticket.due_at is not None
        return f"{ticket.due_at:%d/%m %H:%M}"

    return await office.turn(look)


async def test_ones_own_hours_hold_from_the_next_demand_on(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        page = words(await desk.read("/console/profil"))
        assert "Du lundi au vendredi 9 h – 12 h 30 et 13 h 30 – 17 h 30 (ceux de votre territoire)" in page
        page = await desk.read(await desk.send("/console/profil/horaires", WEEK))
        assert "Vos horaires sont enregistrés" in page
        assert "Du lundi au jeudi 9 h – 12 h et 14 h – 18 h" in words(page)
        assert 'name="jour0" maxlength="80" autocomplete="off" value="9 h – 12 h et 14 h – 18 h"' in page
        assert await due(office, await office.demand()) == "25/11 09:00"
        office.site.clock.advance(days=3)
        assert await due(office, await office.demand()) == "01/12 09:00"
    async with office.at_desk(office.camille) as desk:
        page = words(await desk.read(await desk.send("/console/profil/horaires")))
    assert "(ceux de votre territoire)" in page


async def test_what_cannot_be_read_is_said_at_its_day_and_nothing_is_lost(office: Office) -> None:
    wrong = {**WEEK, "jour1": "le matin", "jour2": "22h-2h", "jour3": "9h-12h 11h-13h"}
    async with office.at_desk(office.camille) as desk:
        page = await desk.send("/console/profil/horaires", wrong, status=422)
        for day in (1, 2, 3):
            assert f'id="day{day}-error"' in page
        assert 'id="day0-error"' not in page
        assert "Je n&#39;ai pas compris « matin ». Écrivez par exemple : 9h-12h30, 13h30-17h30" in page
        assert 'value="22h-2h"' in page
        assert "(ceux de votre territoire)" in words(await desk.read("/console/profil"))


async def test_a_lead_sets_a_territory_and_its_colleagues_follow(office: Office) -> None:
    lead = await hire(office, "lead", "70")
    async with office.at_desk(lead) as desk:
        page = await desk.read("/console/horaires")
        assert "/console/horaires/25" in page
        assert "/console/horaires/national" not in page
        assert "/console/horaires/59" not in page
        done = await desk.read(await desk.send("/console/horaires/25", {**WEEK, "delai": "0,5"}))
        assert "Les horaires sont enregistrés" in done
        assert "Doubs (25) Horaires Du lundi au jeudi 9 h – 12 h et 14 h – 18 h" in words(done)
        assert "en 0,5 jour ouvré" in words(done)
        await desk.read("/console/horaires/59", status=404)
        await desk.send("/console/horaires/national", WEEK, status=404)
    async with office.at_desk(office.camille) as desk:
        assert "Du lundi au jeudi 9 h – 12 h" in words(await desk.read("/console/profil"))
        await desk.read("/console/horaires/25", status=404)
        assert '<a href="/console/horaires/25"' not in await desk.read("/console/horaires")
    assert await due(office, await office.demand()) == "23/11 14:30"
    async with office.at_desk(office.nadia) as desk:
        assert "A fixé des horaires" in await desk.read("/console/journal")


async def test_the_administrator_sets_the_country_and_takes_back(office: Office) -> None:
    async with office.at_desk(office.nadia) as desk:
        await desk.send("/console/horaires/national", {"jour6": "10h-12h", "delai": "3"})
        page = words(await desk.read("/console/horaires"))
        assert "Tout le pays Horaires Dimanche 10 h – 12 h Première réponse en 3 jours ouvrés" in page
        assert await due(office, await office.demand(territory="29")) == "13/12 11:00"
        await desk.send("/console/horaires/national")
        page = words(await desk.read("/console/horaires"))
    assert "Tout le pays Horaires Du lundi au vendredi" in page
    assert "en 2 jours ouvrés" in page


@pytest.mark.parametrize("target", ["0", "21", "deux", "-1", "nan", "inf"])
async def test_a_target_out_of_range_is_refused(office: Office, target: str) -> None:
    async with office.at_desk(office.nadia) as desk:
        page = await desk.send("/console/horaires/25", {"delai": target}, status=422)
    assert 'id="reply_days-error"' in page
    assert f'value="{target}"' in page


async def test_by_which_way_one_is_told(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        page = await desk.read(await desk.send("/console/profil/avis", {"avis": "mail", "resume": "none"}))
        assert '<option value="mail" selected>E-mail</option>' in page
        assert '<option value="none" selected>Aucun</option>' in page
        assert await told_by(office, office.camille) == ("mail", "none")
        await desk.send("/console/profil/avis", {"avis": "pigeon", "resume": ""})
    assert await told_by(office, office.camille) == (None, None)
