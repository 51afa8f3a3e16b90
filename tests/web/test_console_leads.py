"""What a lead has of the directory, and what each role is told that it may do."""

import pytest

from bot.web.console import wording
from handlers.turn import Turn
from storage import directory, rights
from tests.web.office import Office, words
from tests.web.targets import hire


async def test_a_lead_reads_a_colleague_of_their_region_and_changes_nothing(office: Office) -> None:
    lead = await hire(office, "lead", "39")
    path = f"/console/annuaire/{office.camille}"
    async with office.at_desk(lead) as desk:
        listed = await desk.read("/console/annuaire")
        assert f'href="{path}"' in listed
        assert f"/console/annuaire/{office.nadia}" not in listed
        assert "Ajouter un référent" not in listed
        page = await desk.read(path)
        for fact in ("Doubs (25), Haute-Saône (70)", "Driss Benali", "camille@exemple.fr"):
            assert fact in words(page)
        assert 'name="name"' not in page
        assert "Retirer de l’annuaire" not in page
        led = await desk.send(f"{path}/absence", first="2026-12-24", replacement="Driss Benali")
        assert "L'absence est notée" in words(await desk.read(led))
        wrong = await desk.send(f"{path}/absence", status=422, first="hier")
        assert 'id="first-error"' in wrong
        await desk.send(f"{path}/retour")
        assert "Aucune absence prévue" in await desk.read(path)


async def test_a_lead_of_two_regions_reaches_both_and_a_change_moves_the_reach(office: Office) -> None:
    lead, far = await hire(office, "lead", "39, 59"), await hire(office, territories="62")
    async with office.at_desk(lead) as desk:
        await desk.read(f"/console/annuaire/{office.camille}")
        await desk.read(f"/console/annuaire/{far}")
        name = await office.turn(lambda turn: directory.name_of(turn.session, lead) or "")
        async with office.at_desk(office.nadia) as admin:
            await admin.send(
                f"/console/annuaire/{lead}", name=name, role="lead", territories="62", email="lead@exemple.fr"
            )
        await desk.read(f"/console/annuaire/{office.camille}", status=404)
        await desk.read(f"/console/annuaire/{far}")


async def test_a_demand_of_the_region_is_a_leads_to_serve(office: Office) -> None:
    number = await office.demand(territory="25")
    lead = await hire(office, "lead", "39")
    async with office.at_desk(lead) as desk:
        await desk.send(f"/console/demandes/{number}/reponse", text="Bonjour", cloture="1")
    assert (await office.state(number))[:2] == ("closed", lead)


@pytest.mark.parametrize("role", rights.ROLES)
async def test_ones_page_says_what_the_role_lets_one_do(office: Office, role: str) -> None:
    who = await hire(office, role, "25")

    def expected(turn: Turn) -> str:
        return turn.texts(f"rights.{role}")

    async with office.at_desk(who) as desk:
        page = words(await desk.read("/console/profil"))
    assert wording.ROLES[role] in page
    assert " ".join((await office.turn(expected)).split()) in page


async def test_an_editor_freezes_and_sees_no_demand(office: Office) -> None:
    number, editor = await office.demand(), await hire(office, "editor", "")
    async with office.at_desk(editor) as desk:
        assert "Suspendre" in await desk.read("/console/fiches")
        await desk.send("/console/gels", etiquette="montant", raison="nouveau décret")
        await desk.read(f"/console/demandes/{number}", status=404)
    async with office.at_desk(office.camille) as desk:
        assert "Suspendre</button>" not in await desk.read("/console/fiches")
