"""Writing in a real browser: preview while one types, insertion at the cursor, notes; axe on each page."""

import pytest
from playwright.async_api import Browser, expect

from tests.web.office import Office
from tests.web.site import LIBRARY
from tests.web.test_console_browser import DESK, assert_good, at_desk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="session"),
]
QUESTION = "comment créer un compte pass Culture Pro pour ma librairie ?"


async def full(office: Office) -> int:
    """A demand beside which everything stands: entries, a solved one, a shared reply, notes."""
    LIBRARY.find(QUESTION, None, None)  # until it is learnt, nothing is looked up
    solved = await office.demand(QUESTION, audience="partenaire")
    number = await office.demand(QUESTION, audience="partenaire")
    async with office.at_desk(office.camille) as desk:
        await desk.send(f"/console/demandes/{solved}/reponse", text="Bonjour, **voici**.", cloture="1")
        await desk.send(
            f"/console/demandes/{solved}/partage",
            titre="Créer un compte Pro pour une librairie",
            type="Passez par la **page d'inscription**.",
            impersonnel="1",
        )
        await desk.send(f"/console/demandes/{number}/reponse", text="Bonjour,\n- un\n- deux")
        await desk.send(f"/console/demandes/{number}/note", note="À rappeler jeudi.")
    return number


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (DESK, "light")])
async def test_the_pages_of_writing_are_accessible_and_fit(
    browser: Browser, live_office: Office, width: int, scheme: str
) -> None:
    number = await full(live_office)
    async with at_desk(browser, live_office, live_office.camille, width=width, scheme=scheme) as page:
        for path in (f"/console/demandes/{number}", "/console/reponses", "/fiches/pro-create-account"):
            await page.goto(path)
            await page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
            await assert_good(page, path)
        await page.goto("/console/reponses?q=orchestre")
        await assert_good(page, "nothing found")
        await page.goto(f"/console/demandes/{number}")
        await page.get_by_label("Votre réponse").fill("**gras**\n- un")
        await expect(page.get_by_role("region", name="Aperçu")).to_be_visible()
        await assert_good(page, "preview")


async def test_the_preview_follows_what_is_typed(browser: Browser, live_office: Office) -> None:
    number = await live_office.demand()
    async with at_desk(browser, live_office, live_office.camille) as page:
        await page.goto(f"/console/demandes/{number}")
        preview = page.get_by_role("region", name="Aperçu")
        await page.get_by_label("Votre réponse").fill("Bonjour, une phrase sans rien.")
        await expect(page.get_by_role("button", name="Aperçu")).to_be_hidden()
        await page.get_by_label("Votre réponse").fill("Voici **la marche** <b>non</b>")
        await expect(preview.locator("strong")).to_have_text("la marche")
        await expect(preview).to_contain_text("<b>non</b>")
        await page.get_by_label("Votre réponse").fill("Plus rien")
        await expect(preview).to_be_hidden()
    assert await live_office.replies(number) == []


async def test_what_is_inserted_goes_to_the_cursor(browser: Browser, live_office: Office) -> None:
    number = await full(live_office)
    async with at_desk(browser, live_office, live_office.camille) as page:
        await page.goto(f"/console/demandes/{number}")
        field = page.get_by_label("Votre réponse")
        await field.fill("Voir et merci")
        await field.evaluate("field => field.setSelectionRange(4, 4)")
        await page.get_by_role("button", name="Insérer le lien").first.click()
        await expect(page.locator("#news")).to_have_text("C’est inséré dans votre réponse.")
        typed = await field.input_value()
        assert typed.startswith("Voir [")
        assert typed.endswith(") et merci")
        await expect(field).to_be_focused()
        await field.fill("")
        await page.get_by_label("Modèle").select_option("resolu")
        await page.get_by_role("button", name="Insérer le modèle").click()
        await expect(field).to_have_value(_filled(live_office, number))
        await field.fill("")
        await page.get_by_role("button", name="Insérer : Créer un compte Pro pour une librairie").click()
        await expect(page.locator("#partagees")).to_have_value(" 1")
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_text("Votre réponse est partie.")).to_be_visible()
        await page.goto("/console/reponses")
        await expect(page.get_by_text("Utilisée 1 fois.")).to_be_visible()


async def test_everything_works_without_javascript(browser: Browser, live_office: Office) -> None:
    number = await full(live_office)
    async with at_desk(browser, live_office, live_office.camille, javascript=False) as page:
        await page.goto(f"/console/demandes/{number}")
        field = page.get_by_label("Votre réponse")
        await field.fill("Bonjour **Ada**,")
        await page.get_by_role("button", name="Aperçu").click()
        await expect(page.get_by_role("region", name="Aperçu").locator("strong")).to_have_text("Ada")
        await page.get_by_role("button", name="Insérer la réponse").first.click()
        await expect(page.get_by_role("status").first).to_contain_text("rien n'est encore envoyé")
        assert (await field.input_value()).startswith("Bonjour **Ada**,\n\n")
        await page.get_by_role("button", name="Envoyer", exact=True).click()
        await expect(page.locator(".said--referent").last.locator("strong").first).to_have_text("Ada")
        await page.get_by_text("Ajouter une note interne").click()
        await page.get_by_label("Note interne – la personne ne la voit pas").fill("vue avec le lycée")
        await page.get_by_role("button", name="Garder la note").click()
        await expect(page.locator(".said--note").last).to_contain_text(
            "Note interne – la personne ne la voit pas"
        )


def _filled(office: Office, number: int) -> str:
    template = office.site.world.knowledge.templates["resolu"]
    values = {"territoire": "Doubs (25)", "référent": "Camille Martin", "numéro": str(number)}
    return template.filled(values, str)
