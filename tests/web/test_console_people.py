"""The directory and one's own page."""

import re
from dataclasses import replace

from handlers import invitations
from handlers.errors import Refused
from handlers.turn import Turn
from storage import directory
from storage.tables import Referent
from tests.web.office import Office, words

NEW = {
    "name": "Élise Garnier",
    "role": "referent",
    "territories": "le Jura, 2a ; 97400",
    "deputy": "Camille Martin",
    "email": "elise@exemple.fr",
}


async def known(office: Office, name: str) -> Referent | None:
    """A referent in office by name, free of the database."""

    def look(turn: Turn) -> Referent | None:
        found = directory.by_name(turn.session, name)
        if found is not None:
            turn.session.expunge(found)
        return found

    return await office.turn(look)


async def codes(office: Office, referent_id: int) -> list[str]:
    return await office.turn(lambda turn: directory.territories_of(turn.session, referent_id))


async def test_everybody_reads_the_directory_and_administrators_change_it(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        page = await desk.read("/console/annuaire")
        assert "Doubs (25), Haute-Saône (70)" in page
        assert "Driss Benali" in page
        assert "/console/annuaire/" not in page
    async with office.at_desk(office.nadia) as desk:
        page = await desk.read("/console/annuaire")
    assert f"/console/annuaire/{office.camille}" in page
    assert "Ajouter un référent" in page


async def test_adding_with_territories_as_people_write_them(office: Office) -> None:
    async with office.at_desk(office.nadia) as desk:
        page = await desk.read(await desk.send("/console/annuaire/nouveau", NEW))
    elise = await known(office, "Élise Garnier")
    assert elise is not None
    assert await codes(office, elise.id) == ["2A", "39", "974"]
    assert (elise.deputy_id, elise.email) == (office.camille, "elise@exemple.fr")
    assert "Élise Garnier" in page
    assert "La personne est ajoutée" in page


async def test_an_invitation_is_shown_once(office: Office) -> None:
    async with office.at_desk(office.nadia) as desk:
        page = await desk.send(
            "/console/annuaire/nouveau", {**NEW, "email": "", "invite": "1"}, form="one", status=200
        )
        found = re.search(r"https://t\.me/souffleur_bot\?start=invite-([\w-]{43})", page)
        assert found is not None
        elise = await known(office, "Élise Garnier")
        assert elise is not None
        again = await desk.send("/console/annuaire/nouveau", NEW, form="one")
        assert again == "/console/annuaire?fait=ajout"
        assert found[1] not in await desk.read(f"/console/annuaire/{elise.id}")
        assert "invitation envoyée" in await desk.read("/console/annuaire")


async def test_without_the_bots_name_the_payload_is_shown(office: Office) -> None:
    office.site.world = replace(office.site.world, telegram_name=None)
    async with office.at_desk(office.nadia) as desk:
        page = await desk.send(f"/console/annuaire/{office.camille}/invitation", status=200)
    assert "/start invite-" in page
    assert "t.me" not in page


async def test_every_problem_is_said_at_its_field_and_nothing_is_lost(office: Office) -> None:
    wrong = {
        "name": "camille martin",
        "role": "roi",
        "territories": "25, Atlantide",
        "deputy": "Personne",
        "email": "elise@",
        "national": "1",
    }
    async with office.at_desk(office.nadia) as desk:
        page = await desk.send("/console/annuaire/nouveau", wrong, status=422)
        for name in ("name", "role", "territories", "deputy", "email"):
            assert f'id="{name}-error"' in page, name
        assert 'value="camille martin"' in page
        assert "25, Atlantide</textarea>" in page
        assert 'value="elise@"' in page
        assert 'name="national" value="1" checked' in page
        page = await desk.send(
            "/console/annuaire/nouveau", {**NEW, "email": "", "territories": ""}, status=422
        )
        assert 'id="email-error"' in page
    assert await known(office, "Élise Garnier") is None


async def test_changing_somebody(office: Office) -> None:
    async with office.at_desk(office.nadia) as desk:
        path = f"/console/annuaire/{office.camille}"
        assert 'value="Camille Martin"' in await desk.read(path)
        await desk.send(path, {**NEW, "name": "Camille Martin-Roux", "territories": "25", "deputy": ""})
    changed = await known(office, "Camille Martin-Roux")
    assert changed is not None
    assert (changed.id, changed.email, changed.deputy_id) == (office.camille, "elise@exemple.fr", None)
    assert await codes(office, office.camille) == ["25"]


async def test_the_last_administrator_stays(office: Office) -> None:
    async with office.at_desk(office.nadia) as desk:
        path = f"/console/annuaire/{office.nadia}"
        page = await desk.send(
            path, status=422, name="Nadia Ferrand", role="referent", email="nadia@exemple.fr", national="1"
        )
        assert 'id="role-error"' in page
        await desk.send(f"{path}/retrait", status=422, sure="1")
        await desk.read("/console")


async def test_nobody_is_left_without_a_desk_or_a_way_to_them(office: Office) -> None:
    nadia = {"name": "Nadia Ferrand", "role": "admin", "email": "nadia@exemple.fr"}
    camille = {"name": "Camille Martin", "role": "admin", "email": "nadia@exemple.fr"}
    async with office.at_desk(office.nadia) as desk:
        page = await desk.send(f"/console/annuaire/{office.nadia}", nadia, status=422)
        assert 'id="national-error"' in page
        path = f"/console/annuaire/{office.camille}"
        page = await desk.send(path, camille, status=422)
        assert "déjà celle de Nadia Ferrand" in words(page)
        page = await desk.send(path, {**camille, "email": ""}, status=422)
        assert 'id="email-error"' in page
        await desk.send(path, {**camille, "email": "c@exemple.fr"})
        page = await desk.send(f"/console/annuaire/{office.nadia}/retrait", status=422, sure="1")
        assert "Le guichet national" in words(page)


async def test_removing_needs_a_ticked_box_and_frees_the_demands(office: Office) -> None:
    number = await office.demand()
    path = f"/console/annuaire/{office.camille}"
    async with office.at_desk(office.camille) as camille, office.at_desk(office.nadia) as nadia:
        await camille.send(f"/console/demandes/{number}/prise")
        assert 'id="sure-error"' in await nadia.send(f"{path}/retrait", status=422)
        await camille.read("/console")
        led = await nadia.send(f"{path}/retrait", sure="1")
        assert "La personne est retirée" in await nadia.read(led)
        await nadia.read(path, status=404)
        await camille.read("/console", status=303)
    assert await office.state(number) == ("waiting", None, "25")
    assert await known(office, "Camille Martin") is None


async def test_an_administrator_decides_on_the_account_that_used_an_invitation(office: Office) -> None:
    for decision, linked in (("confirmer", 777000), ("refuser", None)):
        referent = office.camille if linked else office.driss
        account = linked or 888000

        def use(turn: Turn, who: int = referent, number: int = account) -> None:
            invited = directory.get(turn.session, who)
            assert invited is not None
            token = invitations.invite(turn, invited).removeprefix("invite-")
            assert not isinstance(invitations.accept(turn, f"telegram:{number}", token), Refused)

        await office.turn(use)
        async with office.at_desk(office.nadia) as desk:
            page = await desk.read("/console/annuaire")
            assert f"<strong>{account}</strong>" in page
            invitation = re.search(r'name="invitation" value="(\w+)"', page)
            assert invitation is not None
            await desk.send("/console/annuaire/comptes", invitation=invitation[1], decision=decision)
            assert str(account) not in await desk.read("/console/annuaire")

        def account_of(turn: Turn, who: int = referent) -> int | None:
            found = directory.get(turn.session, who)
            return found.telegram_id if found is not None else None

        assert await office.turn(account_of) == linked


async def test_only_administrators_see_accounts_to_confirm(office: Office) -> None:
    def use(turn: Turn) -> None:
        invited = directory.get(turn.session, office.driss)
        assert invited is not None
        invitations.accept(turn, "telegram:777000", invitations.invite(turn, invited).removeprefix("invite-"))

    await office.turn(use)
    async with office.at_desk(office.camille) as desk:
        assert "777000" not in await desk.read("/console/annuaire")


async def test_my_absence_and_my_return(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        led = await desk.send(
            "/console/profil/absence", first="2026-11-23", last="2026-11-27", replacement="Driss Benali"
        )
        page = words(await desk.read(led))
        assert "Du lundi 23 novembre au vendredi 27 novembre inclus (remplacement : Driss Benali)" in page
        assert "Absent" in await desk.read("/console/annuaire")
        await desk.send("/console/profil/absence", first="24/12/2026")
        assert "Jeudi 24 décembre" in words(await desk.read("/console/profil"))
        assert "Les absences sont effacées" in await desk.read(await desk.send("/console/profil/retour"))
        assert "Aucune absence prévue" in await desk.read("/console/profil")


async def test_an_absence_that_cannot_be_is_said_at_the_field(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        for first, last, replacement, field in (
            ("", "", "", "first"),
            ("demain", "", "", "first"),
            ("2026-12-24", "2026-12-20", "", "last"),
            ("2026-01-01", "2026-01-02", "", "last"),
            ("2026-12-24", "2026-02-31", "", "last"),
            ("2026-12-24", "", "Camille Martin", "replacement"),
            ("2026-12-24", "", "Personne", "replacement"),
        ):
            page = await desk.send(
                "/console/profil/absence", status=422, first=first, last=last, replacement=replacement
            )
            assert f'id="{field}-error"' in page, (first, last, replacement)
            assert f'value="{first}"' in page
        assert "Aucune absence prévue" in await desk.read("/console/profil")


async def test_an_administrator_notes_somebodys_absence(office: Office) -> None:
    path = f"/console/annuaire/{office.camille}"
    async with office.at_desk(office.nadia) as desk:
        assert 'id="first-error"' in await desk.send(f"{path}/absence", status=422)
        page = await desk.read(await desk.send(f"{path}/absence", first="2026-11-24"))
        assert "Mardi 24 novembre" in page
        await desk.send(f"{path}/retour")
        assert "Aucune absence prévue" in await desk.read(path)


async def test_my_page_says_what_the_directory_holds(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        page = words(await desk.read("/console/profil"))
    for word in ("Référent", "Doubs (25), Haute-Saône (70)", "Driss Benali", "camille@exemple.fr"):
        assert word in page
