"""Filters of the list that combine, and the search over what people said."""

import pytest

from handlers.turn import Turn
from storage import directory, tickets
from tests.web.office import Office, words


async def numbers(office: Office, who: int, query: str) -> set[int]:
    async with office.at_desk(who) as desk:
        page = await desk.read(f"/console?{query}")
    return {number for number in range(1, 30) if f'<a href="/console/demandes/{number}"' in page}


async def full(office: Office) -> list[int]:
    """Five demands that differ in everything."""
    found = [
        await office.demand("La Médiathèque est fermée", territory="25", audience="partenaire"),
        await office.demand("mon compte est bloqué", territory="70", audience="jeune", minutes_ago=3000),
        await office.demand("budget collectif", territory="71", audience="collectivite"),
        await office.demand("le cœur du sujet", territory=None, audience=None, minutes_ago=600),
        await office.demand("compte fermé", territory="25", audience="jeune"),
    ]
    async with office.at_desk(office.camille) as desk:
        await desk.send(f"/console/demandes/{found[4]}/reponse", text="Bonjour, votre xylophone est prêt.")
    return found


async def test_filters_combine(office: Office) -> None:
    first, second, third, fourth, fifth = await full(office)
    for query, expected in {
        "vue=toutes": {first, second, third, fourth, fifth},
        "vue=toutes&territoire=25": {first, fifth},
        "vue=toutes&territoire=region-27": {first, second, third, fifth},
        "vue=toutes&territoire=inconnu": {fourth},
        "vue=toutes&public=jeune": {second, fifth},
        "vue=toutes&public=inconnu": {fourth},
        "vue=toutes&territoire=25&public=jeune": {fifth},
        "vue=toutes&etat=repondue": {fifth},
        "vue=toutes&etat=attente&public=jeune": {second},
        "vue=toutes&age=plus-d-un-jour": {second},
        "vue=toutes&age=aujourdhui&public=jeune": {fifth},
        "vue=toutes&theme=inconnu": set(),
        "vue=toutes&theme=nulle-part": set(),
        "vue=toutes&territoire=99": set(),
        "q=compte": {second, fifth},
        "q=compte&territoire=25": {fifth},
        "q=mediatheque": {first},
        "q=COEUR": {fourth},
        "q=xylophone": {fifth},
        "q=xylophone+trompette": set(),
    }.items():
        assert await numbers(office, office.nadia, query) == expected, query


async def test_nobody_finds_or_counts_what_is_not_theirs(office: Office) -> None:
    first, second, third, _, fifth = await full(office)
    assert await numbers(office, office.camille, "vue=toutes") == {first, second, fifth}
    assert await numbers(office, office.driss, "vue=toutes") == {third}
    assert await numbers(office, office.driss, "q=compte") == set()
    async with office.at_desk(office.driss) as desk:
        page = await desk.read("/console?vue=toutes")
        assert "Saône-et-Loire (71) (1)" in words(page)
        assert "Doubs" not in words(page)
        assert await desk.read(f"/console?q={first}")
        assert await desk.read(f"/console?q={first}", status=200)


async def test_each_value_says_what_it_would_leave(office: Office) -> None:
    await full(office)
    async with office.at_desk(office.nadia) as desk:
        page = words(await desk.read("/console?vue=toutes&public=jeune"))
    for word in ("Doubs (25) (1)", "Haute-Saône (70) (1)", "Bourgogne-Franche-Comté, en entier (2)"):
        assert word in page
    assert "Partenaire culturel (1)" in page  # what another audience would leave, not this one
    assert "Saône-et-Loire (71)" not in page


async def test_a_filter_is_taken_away_by_its_chip(office: Office) -> None:
    await full(office)
    async with office.at_desk(office.nadia) as desk:
        page = await desk.read("/console?vue=toutes&territoire=25&public=jeune&q=compte")
        for word in ("Doubs (25)", "Jeune", "« compte »", "Tout effacer"):
            assert word in words(page)
        assert 'href="/console?vue=toutes&amp;q=compte&amp;territoire=25"' in page
        assert 'href="/console?vue=toutes&amp;q=compte&amp;public=jeune"' in page


async def test_an_excerpt_shows_what_was_looked_for(office: Office) -> None:
    number = await office.demand("bonjour")
    await office.writes(number, f"{'autre chose ' * 30}<b>Médiathèque</b> de Besançon {'et encore ' * 30}")
    async with office.at_desk(office.camille) as desk:
        page = await desk.read("/console?q=mediatheque+besancon")
    assert "&lt;b&gt;<mark>Médiathèque</mark>&lt;/b&gt; de <mark>Besançon</mark>" in page
    assert "autre chose " * 20 not in page


async def test_a_number_leads_to_the_demand(office: Office) -> None:
    number = await office.demand()
    async with office.at_desk(office.camille) as desk:
        for typed in (f"{number}", f"n° {number}", f"%23{number}", f"demande n°{number}"):
            answer = await desk.client.get(f"/console?q={typed}", allow_redirects=False)
            assert answer.headers["Location"] == f"/console/demandes/{number}"
        await desk.read("/console?q=424242")
    async with office.at_desk(office.driss) as desk:
        await desk.read(f"/console?q={number}")


@pytest.mark.parametrize("typed", ['"', "compte AND", "(", "*", "%00", "<script>", "é" * 400, "^a:b"])
async def test_nothing_that_is_typed_is_an_error(office: Office, typed: str) -> None:
    await office.demand()
    async with office.at_desk(office.camille) as desk:
        page = await desk.read(f"/console?q={typed}")
    assert "<script>" not in page.replace("<script src", "")


async def test_nothing_found_helps(office: Office) -> None:
    await office.demand()
    async with office.at_desk(office.camille) as desk:
        page = words(await desk.read("/console?q=xylophone&territoire=25"))
    assert "Aucune demande ne correspond" in page
    assert "Vérifiez l'orthographe" in page
    assert "Retirez un filtre" in page


async def test_the_structure_is_found_and_what_was_erased_is_not(office: Office) -> None:
    number = await office.demand("mon xylophone")

    def settle(turn: Turn) -> None:
        ticket = tickets.get(turn.session, number)
        assert ticket is not None
        ticket.structure = "Le Zénith"

    await office.turn(settle)
    assert await numbers(office, office.camille, "q=xylophone+zenith") == {number}
    await office.forget(number)
    assert await numbers(office, office.camille, "q=xylophone") == set()
    assert await numbers(office, office.camille, "vue=closes") == {number}


async def test_the_promise_sorts_and_filters(office: Office) -> None:
    answered, late = await office.demand("répondue"), await office.demand("en retard")
    async with office.at_desk(office.camille) as desk:
        await desk.send(f"/console/demandes/{answered}/reponse", text="Voilà")
    office.site.clock.advance(days=4)
    fresh = await office.demand("nouvelle")
    assert await numbers(office, office.camille, "vue=territoires&delai=depasse") == {late}
    assert await numbers(office, office.camille, "vue=territoires&delai=bientot") == set()
    async with office.at_desk(office.camille) as desk:
        page = await desk.read("/console?vue=territoires")
    places = [page.index(f'"/console/demandes/{number}"') for number in (late, fresh, answered)]
    assert places == sorted(places)


@pytest.mark.fault(13)
async def test_times_are_those_of_the_territory_and_say_so(office: Office) -> None:
    """Nine in the morning in Greenwich is ten in Besançon and one in the afternoon on La Réunion."""
    there, here = await office.demand("au loin", territory="974"), await office.demand("tout près")
    async with office.at_desk(office.nadia) as desk:
        line = words(await desk.read("/console?q=loin"))
        assert "(heure locale)" in line
        assert "(heure locale)" not in words(await desk.read("/console?q=pres"))
        page = words(await desk.read(f"/console/demandes/{there}"))
        assert (
            "Heure locale 13:00 (toutes les heures de cette page sont celles de : La Réunion (974))" in page
        )
        assert "La personne 13:00" in page
        assert "Heure locale" not in words(await desk.read(f"/console/demandes/{here}"))

    def move(turn: Turn) -> None:
        camille = directory.get(turn.session, office.camille)
        assert camille is not None
        directory.assign(turn.session, camille, ["974"])

    await office.turn(move)
    async with office.at_desk(office.camille) as desk:
        page = words(await desk.read(f"/console/demandes/{there}"))
    assert "La personne 13:00" in page
    assert "Heure locale" not in page
