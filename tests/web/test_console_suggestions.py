"""Beside a demand: templates, near entries, solved demands of one's own territories; what is inserted."""

import asyncio
import html
import re

import pytest

from handlers.turn import Turn
from storage import tickets, transcript
from tests.web.office import Desk, Office, words
from tests.web.site import LIBRARY

QUESTION = "comment créer un compte pass Culture Pro pour ma librairie ?"
ENTRY = "pro-create-account"


async def insert(desk: Desk, number: int, what: str, *, text: str = "", **more: str) -> str:
    """The page after « Insérer », without a script."""
    fields = {"quoi": what, "text": text, **more}
    return await desk.send(f"/console/demandes/{number}/insertion", fields, status=200)


def field_of(page: str) -> str:
    """What stands in the reply's field."""
    found = re.search(r'<textarea[^>]*id="text"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


async def test_the_nearest_entries_stand_beside_with_their_score(office: Office) -> None:
    await asyncio.to_thread(lambda: LIBRARY.matcher)  # until it is learnt, what was near then stands there
    number = await office.demand(QUESTION, audience="partenaire")
    async with office.at_desk(office.camille) as desk:
        page = await desk.read(f"/console/demandes/{number}")
    entry = office.site.world.knowledge.entries[ENTRY]
    beside = page.split("Fiches proches")[1].split("Déjà résolu")[0]
    assert beside.index(f"/console/fiches/{ENTRY}") < beside.index("sur 100")
    assert entry.title in beside.replace("&#39;", "'")
    assert re.search(r"</span>\d{2,3}<span", beside)


async def test_inserting_an_answer_keeps_what_was_typed_and_sends_nothing(office: Office) -> None:
    number = await office.demand(QUESTION, audience="partenaire")
    async with office.at_desk(office.camille) as desk:
        page = await insert(desk, number, f"fiche:{ENTRY}", text="Bonjour <b>Ada</b>,")
        assert "rien n'est encore envoyé" in words(page)
        typed = field_of(page)
        alone = await desk.client.post(
            f"/console/demandes/{number}/insertion",
            data={"quoi": f"fiche:{ENTRY}"},
            headers={"X-Souffleur-Part": "1"},
        )
        inserted = await alone.text()
    assert typed == f"Bonjour <b>Ada</b>,\n\n{inserted}"
    assert "Source" in inserted
    assert "information de" in inserted or "information d'" in inserted
    assert "Réponse automatique" not in inserted
    assert await office.replies(number) == []
    assert await office.state(number) == ("waiting", None, "25")


@pytest.mark.parametrize(
    ("address", "start"),
    [("web:alice", "{url}/fiches/"), ("telegram:42", "https://t.me/souffleur_bot?start=")],
)
async def test_a_link_leads_to_where_the_person_is_and_arrives_as_a_link(
    office: Office, address: str, start: str
) -> None:
    number = await office.demand(QUESTION, address=address)
    async with office.at_desk(office.camille) as desk:
        typed = field_of(await insert(desk, number, f"lien:{ENTRY}"))
        assert f"({start.format(url=office.site.url)}{ENTRY})" in typed
        page = await desk.read(await desk.send(f"/console/demandes/{number}/reponse", text=typed))
    assert f'href="{start.format(url=office.site.url)}{ENTRY}"' in page


async def test_a_template_is_filled_in_as_often_as_it_says(office: Office) -> None:
    number = await office.demand(QUESTION, audience="partenaire")
    async with office.at_desk(office.camille) as desk:
        page = await desk.read(f"/console/demandes/{number}")
        assert '<optgroup label="Pour cette demande">' in page
        typed = field_of(await insert(desk, number, "modele", modele="compte-pro"))
    assert "{" not in typed
    assert typed.count(f"({office.site.url}/fiches/") == 4
    assert typed.endswith("Camille Martin")


async def test_what_is_on_hold_is_neither_suggested_nor_inserted(office: Office) -> None:
    number = await office.demand(QUESTION, audience="partenaire")
    await office.hold("inscription")
    held = [one for one in office.site.world.knowledge.entries.values() if "inscription" in one.tags]
    async with office.at_desk(office.camille) as desk:
        page = await desk.read(f"/console/demandes/{number}")
        beside = page.split("Fiches proches")[1].split("Déjà résolu")[0]
        assert not any(f'"/console/fiches/{one.id}"' in beside for one in held)
        page = await desk.send(
            f"/console/demandes/{number}/insertion", status=422, quoi=f"fiche:{held[0].id}", text="Bonjour"
        )
    assert "Cette fiche est suspendue" in page
    assert field_of(page) == "Bonjour"


@pytest.mark.parametrize(
    "what", ["", "modele", "modele:nulle-part", "fiche:non", "resolue:x", "type:9", "a:b:c"]
)
async def test_what_is_not_offered_is_not_inserted(office: Office, what: str) -> None:
    number = await office.demand()
    async with office.at_desk(office.camille) as desk:
        page = await desk.send(f"/console/demandes/{number}/insertion", status=422, quoi=what, text="Bonjour")
    assert "n'est plus proposé" in words(page)
    assert field_of(page) == "Bonjour"


async def test_solved_demands_of_ones_own_territories_stand_beside_confirmed_first(office: Office) -> None:
    assumed = await solved(office, f"{QUESTION} vite", "Réponse supposée, joignez-moi au 06 12 34 56 78")
    confirmed = await solved(
        office, "je veux créer un compte pro pour une librairie", "Réponse confirmée", yes=True
    )
    unlike = await solved(office, "mon téléphone ne charge plus l'application", "Autre chose")
    elsewhere = await solved(office, QUESTION, "Réponse du Jura", territory="39")
    number = await office.demand(QUESTION)
    async with office.at_desk(office.camille) as desk:
        page = await desk.read(f"/console/demandes/{number}")
        beside = page.split("Déjà résolu")[1].split("Réponses types")[0]
        assert beside.index(f"/console/demandes/{confirmed}") < beside.index(f"/console/demandes/{assumed}")
        assert "Résolue, d’après la personne" in beside
        assert f"/console/demandes/{unlike}" not in beside
        assert f"/console/demandes/{elsewhere}" not in beside
        assert "06 12" not in beside
        assert "[téléphone]" in beside
        assert field_of(await insert(desk, number, f"resolue:{confirmed}")) == "Réponse confirmée"
        page = await desk.send(
            f"/console/demandes/{number}/insertion", status=422, quoi=f"resolue:{elsewhere}", text=""
        )
    assert "Réponse du Jura" not in page


async def test_an_erased_demand_is_suggested_no_more(office: Office) -> None:
    erased = await solved(office, QUESTION, "Réponse à effacer", yes=True)
    number = await office.demand(QUESTION)
    async with office.at_desk(office.camille) as desk:
        assert "Réponse à effacer" in await desk.read(f"/console/demandes/{number}")
        await office.forget(erased)
        assert "Réponse à effacer" not in await desk.read(f"/console/demandes/{number}")
        await desk.send(
            f"/console/demandes/{number}/insertion", status=422, quoi=f"resolue:{erased}", text=""
        )


async def test_who_sees_everything_is_suggested_their_own_territories_only(office: Office) -> None:
    await solved(office, QUESTION, "Réponse du Doubs", yes=True)
    number = await office.demand(QUESTION)
    async with office.at_desk(office.nadia) as desk:
        assert "Réponse du Doubs" not in await desk.read(f"/console/demandes/{number}")


async def test_looking_for_news_looks_nothing_up(office: Office) -> None:
    number = await office.demand(QUESTION)
    async with office.at_desk(office.camille) as desk:
        answer = await desk.client.get(f"/console/demandes/{number}", headers={"X-Souffleur-Live": "1"})
        assert "Fiches proches" not in await answer.text()


async def solved(
    office: Office, question: str, reply: str, *, territory: str = "25", yes: bool = False
) -> int:
    """A demand that was answered and closed; with `yes` its asker said that it is solved."""
    number = await office.demand(question, territory=territory)
    async with office.at_desk(office.nadia if territory == "39" else office.camille) as desk:
        await desk.send(f"/console/demandes/{number}/reponse", text=reply, cloture="1")

    def confirm(turn: Turn) -> None:
        ticket = tickets.get(turn.session, number)
        assert ticket is not None
        ticket.solved = yes or None

    await office.turn(confirm)
    return number


async def test_what_its_author_deleted_is_suggested_no_more(office: Office) -> None:
    number = await office.demand(QUESTION)
    async with office.at_desk(office.camille) as desk:
        await desk.send(f"/console/demandes/{number}/reponse", text="Réponse de trop")
        await desk.send(f"/console/demandes/{number}/reponse", text="Réponse juste", cloture="1")
        other = await office.demand(QUESTION)
        assert field_of(await insert(desk, other, f"resolue:{number}")) == "Réponse juste"

        def delete(turn: Turn) -> None:
            last = transcript.replies(turn.session, number)[-1]
            last.text, last.deleted_at = "", turn.now

        await office.turn(delete)
        assert field_of(await insert(desk, other, f"resolue:{number}")) == "Réponse de trop"
