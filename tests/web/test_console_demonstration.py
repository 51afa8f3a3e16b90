"""Every page of the console says that it shows a demonstration, and is full."""

import pytest

from handlers.demo.scene import Plan
from handlers.demo.seeding import Made, seed
from handlers.staff import FIRST
from handlers.turn import Turn
from storage import directory
from tests.web.office import Office, words
from tests.web.site import Site

SAID = "Données de démonstration : tout est inventé"
PAGES = {
    "?vue=toutes": "Démo",
    "/fiches": "Remboursements des partenaires",
    "/sans-reponse": "virement",
    "/validation": "Notre virement de remboursement du 15",
    "/annuaire": "Démo Bureau national",
    "/absences": "Démo Lille",
    "/semaine": "Je n'ai pas reçu mon virement, pourquoi ?",
    "/blocages": "Les classes ne voient plus l'offre dans ADAGE",
    "/reunion": "Relancer le rectorat",
    "/qualite": "Treize dernières semaines",
    "/structures?jours=30": "Démo, ",
    "/silence": "territoires sur 107 sans contact",
    "/semaine/lettre": "Je n'ai pas reçu mon virement",
    "/diffusions": "Les virements partent le 17",
    "/journal": "Démo Dijon",
    "/profil": FIRST,
}


@pytest.fixture
async def seeded(site: Site) -> Office:
    office = Office(site, 0, 0, 0)
    assert isinstance(await office.turn(lambda turn: seed(turn, Plan(weeks=6, scale=0.5))), Made)
    return Office(site, await office.turn(_first), 0, 0)


def _first(turn: Turn) -> int:
    found = directory.by_name(turn.session, FIRST)
    assert found is not None
    return found.id


async def test_every_page_says_so_and_is_full(seeded: Office) -> None:
    async with seeded.at_desk(seeded.nadia) as desk:
        for path, shown in PAGES.items():
            page = words(await desk.read(f"/console{path}"))
            assert SAID in page, path
            assert shown in page.split("Aller au contenu")[-1], path


async def test_no_other_console_says_so(office: Office) -> None:
    async with office.at_desk(office.nadia) as desk:
        assert SAID not in words(await desk.read("/console"))


async def test_the_public_page_says_so_too(seeded: Office, site: Site) -> None:
    async with site.client() as client, client.get("/qualite") as answer:
        page = words(await answer.text())
    assert SAID in page
    assert "de réponses fausses" in page
    assert page.split("Semaine par semaine")[1].count("/2026 (S") == 6
