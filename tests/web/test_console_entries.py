"""The console's entries: found, read as each door shows them, put on hold, and tried."""

import re

import pytest
from playwright.async_api import Browser, expect

from tests.web.office import Office, words
from tests.web.site import KNOWLEDGE, LIBRARY
from tests.web.test_console_browser import DESK, assert_good, at_desk

ENTRY = KNOWLEDGE.entries["pro-create-account"]
ASKED = "comment créer un compte pass Culture Pro ?"


def _listed(html: str) -> set[str]:
    return set(re.findall(r'href="/console/fiches/([a-z0-9-]+)"', html))


async def test_entries_are_found_whatever_the_accents(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        everything = await desk.read("/console/fiches")
        assert f"{len(KNOWLEDGE.entries)} fiches" in everything
        assert "Page 1 sur" in everything
        assert KNOWLEDGE.hash in everything
        assert ENTRY.id in _listed(await desk.read(f"/console/fiches?q={ENTRY.id}"))
        capitals = ENTRY.title.upper().replace("É", "E")
        assert ENTRY.id in _listed(await desk.read(f"/console/fiches?q={capitals}"))
        assert ENTRY.id in _listed(await desk.read(f"/console/fiches?q={ENTRY.phrasings[-1]}"))
        assert "Aucune fiche" in await desk.read("/console/fiches?q=zzzz+introuvable")


async def test_confidence_is_shown_with_the_curve_that_it_comes_from(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        shown = await desk.read("/console/confiance")
    confidence = LIBRARY.matcher.confidence
    assert f">{round(100 * confidence.thresholds.answer)}<" in shown
    assert shown.count("<circle") == len(confidence.curve) > 5
    for one in confidence.curve:
        assert f"</span> {one.count}</td>" in shown


async def test_entries_are_filtered(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        one_theme = _listed(await desk.read(f"/console/fiches?theme={ENTRY.theme}"))
        assert one_theme
        assert {KNOWLEDGE.entries[entry_id].theme for entry_id in one_theme} == {ENTRY.theme}
        for entry_id in _listed(await desk.read("/console/fiches?public=collectivite")):
            assert {"collectivite", "general"} & set(KNOWLEDGE.entries[entry_id].audiences)
        assert _listed(await desk.read("/console/fiches?suspendues=1")) == set()
        await office.hold("montant")
        held = _listed(await desk.read("/console/fiches?suspendues=1"))
        assert held
        assert all("montant" in KNOWLEDGE.entries[entry_id].tags for entry_id in held)
        for odd in ("page=99", "page=x", "theme=rien", "public=roi", "q=%00"):
            await desk.read(f"/console/fiches?{odd}")
    office.site.clock.advance(days=400)
    async with office.at_desk(office.camille) as desk:
        assert ENTRY.id in _listed(await desk.read(f"/console/fiches?revoir=1&q={ENTRY.id}"))


async def test_an_entry_is_shown_as_each_door_says_it(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        shown = await desk.read(f"/console/fiches/{ENTRY.id}")
        assert "Sur Telegram" in shown
        assert shown.count("Réponse automatique.") >= 2
        assert ENTRY.sources[0].url in shown
        assert len(re.findall(r"<li>", shown)) > len(ENTRY.phrasings)
        assert "Suspendre" not in shown
        await desk.read("/console/fiches/n-existe-pas", status=404)
        for entry in KNOWLEDGE.entries.values():
            if entry.variants or entry.facile:
                await desk.read(f"/console/fiches/{entry.id}")


async def test_the_national_desk_freezes_and_thaws(office: Office) -> None:
    async with office.at_desk(office.nadia) as desk:
        back = await desk.send("/console/gels", etiquette="montant", raison="nouveau décret")
        listed = await desk.read(back)
        assert "nouveau décret" in listed
        assert "par Nadia Ferrand" in listed
        again = await desk.send("/console/gels", status=422, etiquette="montant", raison="encore")
        assert "« montant » est déjà suspendu." in again
        assert 'value="encore"' in again
        back = await desk.send("/console/gels", fiche=ENTRY.id, raison="revue")
        assert back == f"/console/fiches/{ENTRY.id}?fait=gel"
        shown = await desk.read(back)
        assert "Suspendue" in shown
        (number,) = re.findall(r"/console/gels/(\d+)/fin", shown)
        assert "Dites pourquoi" in await desk.send("/console/gels", status=422, fiche=ENTRY.id, raison=" ")
        await desk.send(f"/console/gels/{number}/fin", fiche=ENTRY.id)
        assert "Suspendue" not in await desk.read(f"/console/fiches/{ENTRY.id}")
        await desk.send("/console/gels/999/fin", status=404)
    async with office.at_desk(office.camille) as desk:
        seen = await desk.read("/console/fiches")
        assert "nouveau décret" in seen
        assert "Remettre en service" not in seen


async def test_a_sentence_is_tried(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        tried = await desk.send("/console/essai", status=200, phrase=ASKED, public="partenaire")
        assert "Répondrait" in tried
        assert f"/console/fiches/{ENTRY.id}" in tried
        assert "pro" in words(tried)
        weather = "quel temps fera-t-il demain à Lille ?"
        assert "Déclinerait" in await desk.send("/console/essai", status=200, phrase=weather)
        assert "urgence" in await desk.send("/console/essai", status=200, phrase="j'ai envie de mourir")
        async with office.at_desk(office.nadia) as national:
            await national.send("/console/gels", fiche=ENTRY.id, raison="revue")
        held = await desk.send("/console/essai", status=200, phrase=ASKED)
        assert "Passerait la main" in held
        assert "Suspendue" in held


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (DESK, "light")])
async def test_the_pages_are_accessible_and_fit(
    browser: Browser, live_office: Office, width: int, scheme: str
) -> None:
    await live_office.hold("montant")
    LIBRARY.find("", None, None)  # building takes longer on a busy machine than browsers wait
    async with at_desk(browser, live_office, live_office.nadia, width=width, scheme=scheme) as page:
        held = next(entry for entry in KNOWLEDGE.entries.values() if "montant" in entry.tags)
        for name in ("fiches", "fiches?q=zzzz", f"fiches/{held.id}", "confiance"):
            path = f"/console/{name}"
            await page.goto(path)
            await page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
            await assert_good(page, path)
        await page.goto("/console/fiches")
        await page.get_by_text("Suspendre des fiches").click()
        await page.get_by_label("Étiquette").select_option("remboursement")
        await page.get_by_label("Pourquoi").fill("nouveau calendrier")
        await page.get_by_role("button", name="Suspendre", exact=True).click()
        await expect(page.get_by_text("nouveau calendrier")).to_be_visible()
        await page.get_by_role("link", name="Essayer une phrase").click()
        await page.get_by_label("Ce qu’une personne écrirait").fill(ASKED)
        await page.get_by_role("button", name="Essayer").click()
        await expect(page.get_by_role("heading", name="Répondrait")).to_be_visible()
        await assert_good(page, "trial")
