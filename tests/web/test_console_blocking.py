"""« Points bloquants » at the console: noted, filtered, joined, merged, solved, as a file."""

import pytest

from handlers.turn import Turn
from storage import blocking, contacts, transcript
from tests.web.office import Office, words

LIST = "/console/blocages"
WHAT = {"quoi": "Les <classes> ne voient plus l'offre", "sujet": "adage", "depuis": "2026-11-20"}


async def test_a_point_is_noted_from_a_demand_and_shown_with_it(office: Office) -> None:
    number = await office.demand()
    async with office.at_desk(office.camille) as desk:
        led = await desk.send(
            f"/console/demandes/{number}/blocage", blocage="Comptes bloqués", sujet="compte"
        )
        page = words(await desk.read(led))
        assert "Le blocage est noté au registre" in page
        assert "n° 1, Comptes bloqués" in page
        page = words(await desk.read(f"{LIST}/1"))
        assert f"Demande n° {number} Doubs (25)" in page
        assert "Suivi par Vous" in page
        other = await office.demand()
        await desk.send(f"/console/demandes/{other}/blocage", point="1")
        assert "Qui est bloqué (2)" in words(await desk.read(f"{LIST}/1"))
        again = await desk.send(f"/console/demandes/{other}/blocage", point="1", status=409)
        assert "compte déjà pour le point bloquant" in words(again)
    async with office.at_desk(office.driss) as desk:
        page = words(await desk.read(f"{LIST}/1"))
        assert "Une demande Doubs (25)" in page
        assert f"Demande n° {number}" not in page
        assert "Clore et prévenir" not in page


async def test_the_list_is_filtered_and_given_as_a_file(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        await desk.send(LIST, WHAT, qui="Collège Hugo")
        await desk.send(LIST, quoi="=1+1", sujet="pro")
        number = await office.demand(territory="70")
        await desk.send(f"/console/demandes/{number}/blocage", point="1")
        page = await desk.read(LIST)
        assert "Les &lt;classes&gt; ne voient plus" in page
        assert "2 points bloquants" in words(page)
        for query, count in (
            ("sujet=adage", "1 point "),
            ("territoire=70", "1 point "),
            ("territoire=71", "0 point "),
            ("amoi=1", "2 points "),
            ("vue=clos", "0 point "),
            ("vue=nimporte&sujet=quoi", "2 points "),
        ):
            assert count in words(await desk.read(f"{LIST}?{query}")), query
        file = await desk.read(f"{LIST}.csv")
        assert '"Numéro";"Sujet";"Point bloquant"' in file
        assert '"\'=1+1"' in file
        assert '"2";"Haute-Saône (70)"' in file
    async with office.at_desk(office.nadia) as desk:
        assert "blocages.csv" in words(await desk.read("/console/journal"))


async def test_two_points_become_one_and_each_demand_counts_once(office: Office) -> None:
    number = await office.demand()
    async with office.at_desk(office.camille) as desk:
        for _ in range(2):
            await desk.send(f"/console/demandes/{number}/blocage", blocage="Rien ne va", sujet="pro")
        await desk.send(f"{LIST}/1/ajout", qui="Cinéma Le Rex")
        led = await desk.send(f"{LIST}/1/fusion", avec="2")
        assert led == f"{LIST}/2?fait=reuni"
        page = words(await desk.read(led))
        assert "Qui est bloqué (2)" in page
        assert "Cinéma Le Rex" in page
        gone = words(await desk.read(f"{LIST}/1"))
        assert "Réuni à un autre" in gone
        assert "Clore et prévenir" not in gone
        assert "est déjà clos" in words(await desk.send(f"{LIST}/1/ajout", qui="Autre", status=409))


async def test_somebody_named_is_where_the_referent_serves_if_that_is_one_place(office: Office) -> None:
    async with office.at_desk(office.driss) as driss, office.at_desk(office.camille) as camille:
        await driss.send(LIST, WHAT, qui="Collège Hugo")
        await camille.send(f"{LIST}/1/ajout", qui="Cinéma Le Rex")
        page = words(await driss.read(f"{LIST}/1"))
        assert "Collège Hugo Saône-et-Loire (71)," in page
        assert "Qui est bloqué (2)" in page
        assert "1 point " in words(await driss.read(f"{LIST}?territoire=71"))
        assert "0 point " in words(await driss.read(f"{LIST}?territoire=25"))


async def test_who_is_concerned_reads_the_solution_and_only_they(office: Office) -> None:
    number, other = await office.demand(address="web:un"), await office.demand(address="web:deux")
    async with office.at_desk(office.camille) as desk:
        await desk.send(f"/console/demandes/{number}/blocage", blocage="Rien ne va", sujet="pro")
        empty = await desk.send(f"{LIST}/1/solution", solution=" ", status=422)
        assert 'id="solution-error"' in empty
        page = words(await desk.read(await desk.send(f"{LIST}/1/solution", solution="C'est réparé.")))
        assert "les personnes concernées sont prévenues" in page
        assert "Résolu" in page
        second = await desk.send(f"{LIST}/1/solution", solution="Encore.", status=409)
        assert "déjà clos" in words(second)
    assert [await _bot_said(office, address) for address in ("web:un", "web:deux")] == [1, 0]
    assert other != number


async def test_a_proposal_is_kept_or_dismissed_by_who_decides(office: Office) -> None:
    for _ in range(2):
        await office.turn(_propose)
    async with office.at_desk(office.camille) as desk:
        await desk.send(f"{LIST}/1/garde", status=404)
        assert "Un responsable ou le guichet national décide" in words(await desk.read(f"{LIST}/1"))
    async with office.at_desk(office.nadia) as desk:
        assert "2 points" in words(await desk.read(f"{LIST}?vue=proposes"))
        assert "Suivi par Vous" in words(await desk.read(await desk.send(f"{LIST}/1/garde")))
        assert "Écarté" in words(await desk.read(await desk.send(f"{LIST}/2/ecart")))
        await desk.send(f"{LIST}/2/garde", status=409)
        assert "Remonté" in words(await desk.read(await desk.send(f"{LIST}/1/remontee")))


@pytest.mark.parametrize(
    ("change", "said", "at"),
    [
        ({"quoi": " "}, "Dites ce qui bloque", "quoi"),
        ({"quoi": "écrire à lea@exemple.fr"}, "rien des personnes qui nous écrivent", "quoi"),
        ({"sujet": "rien"}, "Dites sur quoi cela bloque", "sujet"),
        ({"depuis": "2099-01-01"}, "Ce jour ne va pas", "depuis"),
        ({"depuis": "hier"}, "Ce jour ne va pas", "depuis"),
        ({"qui": "x" * 121}, "Dites qui est bloqué", "qui"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    office: Office, change: dict[str, str], said: str, at: str
) -> None:
    async with office.at_desk(office.camille) as desk:
        page = await desk.send(LIST, WHAT | {"qui": "Le Rex"} | change, status=422)
        assert said in words(page)
        assert f'id="{at}-error"' in page
        assert "Les &lt;classes&gt; ne voient" in page or "quoi" in change
        assert "Aucun point bloquant" in await desk.read(LIST)


async def _bot_said(office: Office, address: str) -> int:
    def look(turn: Turn) -> int:
        contact = contacts.by_address(turn.session, address)
        assert contact is not None
        rows = transcript.after(turn.session, contact.id, 0)
        return sum("réparé" in row.text for row in rows)

    return await office.turn(look)


def _propose(turn: Turn) -> None:
    blocking.add(
        turn.session, title="Proposé", subject="pro", since=turn.today, now=turn.now, state="proposed"
    )
