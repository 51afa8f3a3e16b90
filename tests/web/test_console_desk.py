"""The list of demands."""

import re

import pytest

from tests.web.office import Office, words


async def test_a_referent_sees_their_territories_and_the_desk_sees_all(office: Office) -> None:
    doubs, paris = await office.demand("compte bloqué"), await office.demand("crédit épuisé", territory="75")
    async with office.at_desk(office.camille) as desk:
        page = await desk.read("/console?vue=territoires")
    assert f'href="/console/demandes/{doubs}"' in page
    assert f'href="/console/demandes/{paris}"' not in page
    assert "Mes territoires" in page
    async with office.at_desk(office.nadia) as desk:
        page = await desk.read("/console?vue=territoires")
    assert f'href="/console/demandes/{doubs}"' in page
    assert f'href="/console/demandes/{paris}"' in page
    assert "Tous les territoires" in page


async def test_tabs_count_what_they_hold(office: Office) -> None:
    first, second, third = [await office.demand(f"question {n}") for n in range(3)]
    async with office.at_desk(office.camille) as desk:
        await desk.send(f"/console/demandes/{first}/prise")
        await desk.send(f"/console/demandes/{second}/cloture")
        page = words(await desk.read("/console?vue=a-moi"))
        assert "À moi 1 demande En attente 1 demande Mes territoires 2 demandes Closes 1 demande" in page
        assert "Toutes 3 demandes" in page
        for view, number in (("a-moi", first), ("en-attente", third), ("closes", second)):
            listed = await desk.read(f"/console?vue={view}")
            assert f"/console/demandes/{number}" in listed
            assert listed.count("list__what") == 1
            assert f'vue={view}" aria-current="page"' in listed


async def test_a_line_says_what_a_referent_needs(office: Office) -> None:
    number = await office.demand("mon compte est bloqué", audience="partenaire", minutes_ago=190)
    async with office.at_desk(office.camille) as desk:
        line = words(await desk.read("/console"))
    theme = next(iter(office.site.world.knowledge.themes.values()))
    for word in (
        f"n° {number}",
        "mon compte est bloqué",
        theme,
        "En attente",
        "Partenaire culturel",
        "Doubs (25)",
        "personne",
        "il y a 3 h",
    ):
        assert word in line


async def test_what_somebody_has_not_seen_is_marked_for_them(office: Office) -> None:
    number = await office.demand()
    async with office.at_desk(office.camille) as desk, office.at_desk(office.nadia) as other:
        assert "(1) " in (page := await desk.read("/console"))
        assert "Nouvelle" in words(page)
        await desk.read(f"/console/demandes/{number}")
        page = await desk.read("/console")
        assert "Nouvelle" not in words(page)
        assert "<title>En attente" in page
        await office.writes(number, "j'ajoute ceci")
        assert "À lire" in words(await desk.read("/console"))
        assert "Nouvelle" in words(await other.read("/console"))
        await desk.read(f"/console/demandes/{number}")
        assert "À lire" not in words(await desk.read("/console?vue=en-attente"))
        assert f"/demandes/{number}" not in await desk.read("/console?vue=en-attente&nonlues=1")
        assert f"/demandes/{number}" in await other.read("/console?vue=en-attente&nonlues=1")


async def test_near_and_late_are_said_in_words_until_the_reply(office: Office) -> None:
    """Two open days after a Monday at ten: near on Tuesday at close, late on Wednesday after ten."""
    number = await office.demand()
    async with office.at_desk(office.camille) as desk:
        page = await desk.read("/console")
        assert "à répondre avant 25/11 à 10:00" in page
        assert "Échéance proche" not in page
    office.site.clock.advance(days=1, hours=8)
    async with office.at_desk(office.camille) as desk:
        page = await desk.read("/console")
        assert "Échéance proche" in page
        assert "En retard" not in page
    office.site.clock.advance(days=1)
    async with office.at_desk(office.camille) as desk:
        page = await desk.read("/console")
        assert "En retard" in page
        assert "Échéance proche" not in page
        assert "En retard" in await desk.read(f"/console/demandes/{number}")
        await desk.send(f"/console/demandes/{number}/reponse", text="Bonjour")
        assert "En retard" not in await desk.read("/console")


async def test_without_a_wish_the_first_list_that_holds_something_is_shown(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        assert "Vous ne suivez aucune demande" in await desk.read("/console")
        number = await office.demand()
        assert 'vue=en-attente" aria-current="page"' in await desk.read("/console")
        await desk.send(f"/console/demandes/{number}/prise")
        assert 'vue=a-moi" aria-current="page"' in await desk.read("/console")


async def test_every_empty_list_helps(office: Office) -> None:
    async with office.at_desk(office.driss) as desk:
        for view, word in (
            ("a-moi", "Voir les demandes en attente"),
            ("en-attente", "Personne n’attend"),
            ("territoires", "Aucune demande ouverte"),
            ("closes", "six mois"),
        ):
            assert word in await desk.read(f"/console?vue={view}")


async def test_pages_of_twenty_oldest_first(office: Office) -> None:
    numbers = [await office.demand(f"question {n}", minutes_ago=100 - n) for n in range(45)]
    async with office.at_desk(office.camille) as desk:
        pages, path = [], "/console?vue=en-attente"
        while path:
            pages.append(await desk.read(path))
            path = _turned(pages[-1], "next")
        assert [_listed(page) for page in pages] == [numbers[:20], numbers[20:40], numbers[40:]]
        back = await desk.read(_turned(pages[2], "prev"))
        assert _listed(back) == numbers[20:40]
        first = await desk.read(_turned(back, "prev"))
        assert _listed(first) == numbers[:20]
        assert _turned(first, "prev") == ""


@pytest.mark.parametrize("view", ["closes", "toutes"])
async def test_pages_of_what_has_ended_newest_first(office: Office, view: str) -> None:
    numbers = [await office.demand(f"question {n}", minutes_ago=100 - n) for n in range(23)]
    for number in numbers:
        await office.close_quietly(number)
    async with office.at_desk(office.camille) as desk:
        first = await desk.read(f"/console?vue={view}")
        second = await desk.read(_turned(first, "next"))
    assert _listed(first) + _listed(second) == numbers[::-1]


@pytest.mark.parametrize("way", ["apres", "avant"])
@pytest.mark.parametrize("key", ["0", "-1", "a.b.c", "1.2", "1.2.3.4", "²", "1" * 40, "9.9999999999999999.9"])
async def test_a_page_that_is_none_is_the_first(office: Office, way: str, key: str) -> None:
    await office.demand()
    async with office.at_desk(office.camille) as desk:
        for view in ("en-attente", "closes", "toutes"):
            await desk.read(f"/console?vue={view}&{way}={key}")
        await desk.read(
            "/console?vue=<script>&etat=x&territoire=<b>&public=y&theme=z&age=w&fait=transmise&n=<b>"
        )


def _listed(page: str) -> list[int]:
    """Numbers of the demands that a page lists, in its order."""
    return [int(number) for number in re.findall(r'list__what"><a href="/console/demandes/(\d+)"', page)]


def _turned(page: str, way: str) -> str:
    """Where the page before or after is; "" if there is none."""
    found = re.search(rf'rel="{way}" href="([^"]+)"', page)
    return found[1].replace("&amp;", "&") if found else ""


async def test_words_of_people_are_escaped(office: Office) -> None:
    await office.demand('<img src=x onerror="alert(1)">')
    async with office.at_desk(office.camille) as desk:
        page = await desk.read("/console")
    assert "<img" not in page
    assert "&lt;img src=x" in page


async def test_an_erased_question_still_has_a_line(office: Office) -> None:
    number = await office.demand()

    await office.forget(number)
    async with office.at_desk(office.camille) as desk:
        assert "Question sans texte" in await desk.read("/console?vue=closes")
        page = await desk.read(f"/console/demandes/{number}")
    assert "Les textes de cette demande ont été effacés" in page


async def test_no_page_may_be_kept_by_the_browser(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        answer = await desk.client.get("/console")
        assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
