"""« Structures » at the console: added, found, brought on, linked to demands, erased."""

from handlers.turn import Turn
from storage import contacts, tickets
from tests.web.office import Desk, Office, words
from tests.web.test_console_calendar import away

LIST = "/console/structures"
NEW = f"{LIST}/nouvelle"
REX = {"nom": "Cinéma <Le Rex>", "type": "cinema", "departement": "25", "siret": "732 829 320 00074"}


async def test_a_structure_is_added_brought_on_and_back_and_its_way_is_shown(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        led = await desk.send(NEW, REX, depuis="2026-11-02", contact="Léa Petit", email="lea@rex.fr")
        page = words(await desk.read(led))
        assert "La structure est dans l'annuaire" in page
        assert "Cinéma <Le Rex>" in page
        assert "compte demandé, depuis 21 jours" in page
        assert "Passer à « compte validé »" in page
        await desk.send(f"{LIST}/1/etape", de="asked", vers="adage", le="2026-11-20")
        page = words(await desk.read(f"{LIST}/1"))
        assert "compte demandé franchie, 02/11/2026" in page
        assert "compte validé franchie, date inconnue" in page
        assert "ADAGE en cours, 20/11/2026" in page
        await desk.send(f"{LIST}/1/etape", de="adage", vers="bank")
        page = words(await desk.read(f"{LIST}/1"))
        assert "coordonnées bancaires en cours, 23/11/2026" in page
        assert "ADAGE à venir" in page
        assert "Étape : ADAGE, le 20/11/2026 par Camille Martin" in page
    async with office.at_desk(office.nadia) as desk:
        page = words(await desk.read("/console/journal"))
        assert "A changé l'étape d'une structure" in page
        assert "Structure n° 1" in page


async def test_who_saw_another_stage_changes_nothing(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        await desk.send(NEW, REX)
        await desk.send(f"{LIST}/1/etape", de="asked", vers="validated")
        page = await desk.send(f"{LIST}/1/etape", de="asked", vers="bank", status=409)
        assert "a changé entre-temps" in words(page)
        page = await desk.send(f"{LIST}/1/etape", de="validated", vers="bank", le="2099-01-01", status=422)
        assert 'id="le-error"' in page
        assert 'value="2099-01-01"' in page
        await desk.send(f"{LIST}/1/etape", de="validated", vers="validated", status=422)
        assert "compte validé en cours" in words(await desk.read(f"{LIST}/1"))


WRONG: list[tuple[dict[str, str], str, str]] = [
    ({"nom": "x"}, "de 2 à 200 caractères", "nom"),
    ({"nom": "Léa lea@exemple.fr"}, "une adresse ou un numéro de téléphone", "nom"),
    ({"type": "piscine"}, "Choisissez un type", "type"),
    ({"departement": "99"}, "n'est pas un département", "departement"),
    ({"departement": "71"}, "n'est pas l'un des vôtres", "departement"),
    ({"siret": "123"}, "quatorze chiffres", "siret"),
    ({"siret": "73282932000075"}, "sa clé est fausse", "siret"),
    ({"etape": "lune"}, "Cette étape n'est pas connue", "etape"),
    ({"depuis": "2099-01-01"}, "Ce jour ne va pas", "depuis"),
    ({"contact": "x" * 121}, "120 caractères au plus", "contact"),
    ({"email": "lea"}, "adresse", "email"),
]


async def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        for change, said, at in WRONG:
            page = await desk.send(NEW, REX | {"contact": "Léa Petit"} | change, status=422)
            assert said in words(page), change
            assert f'id="{at}-error"' in page, change
            assert "Cinéma &lt;Le Rex&gt;" in page or "nom" in change
        assert "0 structure " in words(await desk.read(LIST))


async def test_of_one_siret_and_one_name_in_a_territory_there_is_one(office: Office) -> None:
    async with office.at_desk(office.nadia) as desk:
        await desk.send(NEW, REX)
        page = words(await desk.send(NEW, REX | {"departement": "71"}, status=422))
        assert "déjà celui d'une autre structure" in page
        page = words(await desk.send(NEW, REX | {"nom": "CINEMA  <le rex>", "siret": ""}, status=422))
        assert "Ce département a déjà une structure de ce nom, la n° 1" in page
        await desk.send(NEW, REX | {"siret": "", "departement": "71"})
        # The post office's numbers have a key of their own.
        await desk.send(NEW, nom="La Poste", type="autre", departement="25", siret="35600000000001")
        assert "3 structures" in words(await desk.read(LIST))
        same = await desk.send(f"{LIST}/2", REX | {"siret": ""}, status=422)
        assert "la n° 1" in words(same)
        await desk.send(f"{LIST}/1", REX | {"nom": "Le Rex"})
        assert "Modifiée : nom par Nadia Ferrand" in words(await desk.read(f"{LIST}/1"))


async def test_the_list_is_searched_filtered_and_given_as_a_file(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        await desk.send(NEW, REX, depuis="2026-10-01")
        await desk.send(NEW, nom="=1+1", type="college", departement="70", depuis="2026-10-24")
        await desk.send(
            NEW,
            nom="Médiathèque",
            type="bibliotheque",
            departement="25",
            etape="reimbursed",
            depuis="2026-01-01",
        )
        for query, count in (
            ("", "3 structures "),
            ("q=MEDIATHEQUE", "1 structure "),
            ("q=7328", "1 structure "),
            ("q=%25", "0 structure "),
            ("territoire=25", "2 structures "),
            ("territoire=71", "0 structure "),
            ("type=college", "1 structure "),
            ("etape=reimbursed", "1 structure "),
            ("jours=29", "2 structures "),
            ("jours=30", "1 structure "),
            ("jours=abc&type=rien", "3 structures "),
        ):
            assert count in words(await desk.read(f"{LIST}?{query}")), query
        file = await desk.read(f"{LIST}.csv?jours=29")
        assert '"Nom";"Type";"Département";"SIRET";"Étape";"Depuis"' in file
        assert '"\'=1+1"' in file
        assert '"Haute-Saône (70)"' in file
        assert "Médiathèque" not in file
        assert "Librairie du Centre" in await desk.read(f"{LIST}/modele.csv")
    async with office.at_desk(office.driss) as desk:
        assert "0 structure " in words(await desk.read(LIST))
        assert "Rex" not in await desk.read(f"{LIST}.csv")
    async with office.at_desk(office.nadia) as desk:
        assert "structures.csv" in words(await desk.read("/console/journal"))


async def test_who_replaces_somebody_keeps_their_structures_meanwhile(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        await desk.send(NEW, REX)
    async with office.at_desk(office.driss) as desk:
        await desk.read(f"{LIST}/1", status=404)
        await away(office, office.camille, "2026-11-23", "2026-11-24", replacement=office.driss)
        assert "1 structure " in words(await desk.read(LIST))
        await desk.send(f"{LIST}/1/etape", de="asked", vers="validated")
        assert "par Driss Benali" in words(await desk.read(f"{LIST}/1"))


async def test_a_contact_is_erased_and_a_structure_deleted_after_a_tick(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        await desk.send(NEW, REX, contact="Léa Petit", email="lea@rex.fr")
        page = words(await desk.read(await desk.send(f"{LIST}/1/effacement")))
        assert "Le contact est effacé" in page
        assert "lea@rex.fr" not in page
        assert "Contact effacé par Camille Martin" in page
        assert "Cochez la case" in words(await desk.send(f"{LIST}/1/suppression", status=422))
        led = await desk.send(f"{LIST}/1/suppression", sure="1")
        assert "La structure est supprimée" in words(await desk.read(led))
        await desk.read(f"{LIST}/1", status=404)


async def test_a_demand_is_linked_to_the_structure_its_asker_named(office: Office) -> None:
    number = await office.demand(audience="partenaire")
    await office.turn(lambda turn: _named(turn, number, "cinema le rex"))
    async with office.at_desk(office.camille) as desk:
        await desk.send(NEW, REX | {"nom": "Le Rex"})
        await desk.send(NEW, nom="Librairie Rialto", type="librairie", departement="25")
        demand = f"/console/demandes/{number}"
        page = words(await desk.read(demand))
        assert "Relier à Le Rex (Cinéma)" in page
        assert "Relier à Librairie" not in page
        page = words(await desk.read(await desk.send(f"{demand}/structure", structure="1")))
        assert "La demande est reliée à sa structure" in page
        assert "Le Rex (Cinéma) compte demandé" in page
        page = words(await desk.read(f"{LIST}/1"))
        assert f"Demandes (1) n° {number}" in page
        await desk.send(f"{demand}/structure", structure="rialto")
        assert "Demandes (0)" in words(await desk.read(f"{LIST}/1"))
        assert "Demandes (1)" in words(await desk.read(f"{LIST}/2"))
        for named, said in (
            ("nulle part", "Je ne trouve pas"),
            ("r", "Plusieurs structures"),
            ("9", "Je ne"),
        ):
            page = await desk.send(f"{demand}/structure", structure=named, status=422)
            assert said in words(page), named
            assert 'id="structure-error"' in page
        await desk.send(f"{demand}/structure/retrait")
        assert "Demandes (0)" in words(await desk.read(f"{LIST}/2"))


async def test_a_structure_that_a_demand_tells_of_is_added_and_linked_to_it(office: Office) -> None:
    number, other = await office.demand(audience="partenaire"), await office.demand(territory="71")
    await office.turn(lambda turn: _named(turn, number, "cinema le rex"))
    async with office.at_desk(office.camille) as desk:
        demand, new = f"/console/demandes/{number}", f"{NEW}?demande={number}"
        assert f'href="{new}"' in await desk.read(demand)
        page = await desk.read(new)
        assert 'value="cinema le rex"' in page
        assert 'value="25" selected' in page
        page = await desk.send(NEW, REX | {"nom": "x"}, demande=str(number), status=422)
        assert f'name="demande" value="{number}"' in page
        assert await desk.send(NEW, REX, demande=str(number)) == f"{demand}?fait=structure"
        page = await desk.read(demand)
        assert "Cinéma &lt;Le Rex&gt; (Cinéma)" in page
        assert f'href="{new}"' not in page
        # Somebody else's demand is as good as none.
        assert 'name="demande"' not in await desk.read(f"{NEW}?demande={other}")
        led = await desk.send(NEW, REX | {"nom": "Rialto", "siret": ""}, demande=str(other))
        assert led == f"{LIST}/2?fait=ajout"
        assert "Demandes (0)" in words(await desk.read(f"{LIST}/2"))


async def test_an_erased_demand_belongs_to_no_structure_any_more(office: Office) -> None:
    number = await office.demand()
    async with office.at_desk(office.camille) as desk:
        await desk.send(NEW, REX)
        await desk.send(f"/console/demandes/{number}/structure", structure="1")
        await office.forget(number)
        assert "Demandes (0)" in words(await desk.read(f"{LIST}/1"))
        page = await desk.send(f"/console/demandes/{number}/structure", structure="1", status=409)
        assert "effac" in words(page)


async def test_demands_of_others_are_counted_and_not_shown(office: Office) -> None:
    number = await office.demand(territory="71")
    async with office.at_desk(office.nadia) as nadia, office.at_desk(office.camille) as camille:
        await nadia.send(NEW, REX)
        await nadia.send(f"/console/demandes/{number}/structure", structure="1")
        page = words(await camille.read(f"{LIST}/1"))
        assert "1 demande d'autres territoires" in page
        assert f"n° {number}" not in page.split("Demandes (1)")[1]


async def silent(desk: Desk) -> str:
    return words(await desk.read("/console/silence"))


async def test_the_map_of_silence_hears_partners_and_stages_and_no_young_people(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        assert "2 territoires sur 2 sans contact depuis 90 jours" in await silent(desk)
        await office.question("bonjour", territory="25", audience="jeune")
        await office.question("bonjour", territory="25", audience="partenaire", outcome="smalltalk")
        await office.question("bonjour", territory="25", audience="partenaire", days_ago=91)
        assert "2 territoires sur 2" in await silent(desk)
        await office.question("une offre", territory="25", audience="partenaire", days_ago=60)
        page = await silent(desk)
        assert "1 territoire sur 2" in page
        assert "Doubs (25) 24/09 à" in page
        await desk.send(NEW, nom="Collège Hugo", type="college", departement="70")
        await desk.send(NEW, nom="Le Rex", type="cinema", departement="25")
        page = await silent(desk)
        assert "1 territoire sur 2" in page, "that somebody added one is no contact"
        assert "Collège 1 1 1" in page
        assert "Cinéma 1 1 0" in page
        await desk.send(f"{LIST}/1/etape", de="asked", vers="validated")
        page = await silent(desk)
        assert "0 territoire sur 2" in page
        assert "Collège 1 1 0" in page


async def test_a_demand_that_is_linked_counts_for_its_structures_kind_alone(office: Office) -> None:
    number = await office.demand(audience="partenaire", territory="25")
    async with office.at_desk(office.camille) as desk:
        for name, kind in (("Le Rex", "cinema"), ("Rialto", "librairie")):
            await desk.send(NEW, nom=name, type=kind, departement="25")
        assert "Librairie 1 1 0" in await silent(desk)
        await desk.send(f"/console/demandes/{number}/structure", structure="1")
        page = await silent(desk)
        assert "Cinéma 1 1 0" in page
        assert "Librairie 1 1 1" in page


async def test_the_whole_country_stands_on_the_map_of_who_sees_all(office: Office) -> None:
    async with office.at_desk(office.nadia) as desk:
        page = await desk.read("/console/silence")
        assert "107 territoires sur 107" in words(page)
        assert page.count('class="tile tile--silent"') == page.count('<rect class="tile ')
        assert "Nouvelle-Calédonie (988)" in words(page)
    async with office.at_desk(office.camille) as desk:
        page = await desk.read("/console/silence")
        assert page.count("tile--silent") == 2


async def test_the_week_tells_of_what_is_stuck_and_silent(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        await desk.send(NEW, REX, depuis="2026-10-01")
        page = words(await desk.read("/console/semaine"))
        assert "1 à la même étape depuis plus de 30 jours" in page
        assert "2 territoires sur 2 sans contact depuis 90 jours" in page


def _named(turn: Turn, number: int, structure: str) -> None:
    ticket = tickets.get(turn.session, number)
    assert ticket is not None
    assert ticket.contact_id is not None
    contact = contacts.get(turn.session, ticket.contact_id)
    assert contact is not None
    contact.structure = ticket.structure = structure
