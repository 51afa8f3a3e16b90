"""Files and changed messages in a real browser: on the site and in the console, with axe on each page."""

import pytest
from playwright.async_api import Browser, FilePayload, expect

from handlers import revising
from handlers.turn import Turn
from storage import transcript
from storage.tables import Contact, Referent
from tests.web.browsing import DESK, PHONE, assert_accessible, opened, overflow, talk
from tests.web.office import Office
from tests.web.site import Site
from tests.web.test_console_browser import DESK as WIDE
from tests.web.test_console_browser import assert_good, at_desk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="session"),
]
PDF: FilePayload = {
    "name": "Notification.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.7\n" + bytes(300_000),
}


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
async def test_a_file_is_attached_while_a_demand_is_open(
    browser: Browser, live_site: Site, size: dict[str, int]
) -> None:
    async with opened(browser, live_site, size=size) as page:
        await expect(page.get_by_label("Joindre un fichier")).to_be_hidden()
        await talk(page, live_site)
        field = page.get_by_label("Joindre un fichier")
        await page.get_by_role("button", name="Envoyer le fichier").click()
        await expect(page.locator("#piece-error")).to_have_text("Choisissez d’abord un fichier.")
        await field.set_input_files([PDF])
        await page.get_by_role("button", name="Envoyer le fichier").click()
        await expect(page.locator("#piece-error")).to_have_text("Fichier envoyé.")
        link = page.get_by_role("link", name="Notification.pdf (300 Ko)")
        await expect(link).to_be_visible()
        async with page.expect_download() as download:
            await link.click()
        assert (await download.value).suggested_filename == "Notification.pdf"
        large: FilePayload = {**PDF, "buffer": b"%PDF-" + bytes(10_000_000)}
        await field.set_input_files([large])
        await page.get_by_role("button", name="Envoyer le fichier").click()
        await expect(page.locator("#piece-error")).to_contain_text("dépasse 10 Mo")
        await assert_accessible(page)
        assert await overflow(page) <= 0
        await page.reload()
        await expect(link).to_be_visible()


async def test_a_message_changes_and_goes_before_ones_eyes(browser: Browser, live_site: Site) -> None:
    async with opened(browser, live_site) as page:
        public_id = await talk(page, live_site)

        def own(turn: Turn, contact: Contact) -> tuple[Referent, int, int]:
            row = transcript.after(turn.session, contact.id, 0)[-1]
            referent = turn.session.get(Referent, row.referent_id)
            assert referent is not None
            assert row.ticket_number is not None
            referent.role = "admin"
            return referent, row.ticket_number, row.id

        await live_site.turn(public_id, lambda t, c: revising.edit(t, *own(t, c), "Voici la <b>suite</b>."))
        reply = page.locator(".message--referent")
        await expect(reply).to_contain_text("Voici la <b>suite</b>.")
        await expect(reply).to_contain_text("(modifié)")
        await live_site.turn(public_id, lambda t, c: revising.delete(t, *own(t, c)))
        await expect(reply).to_contain_text("Message supprimé")
        await expect(reply).not_to_contain_text("suite")
        await expect(page.locator("#status")).to_have_text("Un message a été supprimé.")
        await assert_accessible(page)


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (WIDE, "light")])
async def test_the_consoles_forms_for_files_and_messages(
    browser: Browser, live_office: Office, width: int, scheme: str
) -> None:
    number = await live_office.demand(address="telegram:42")
    async with at_desk(browser, live_office, live_office.camille, width=width, scheme=scheme) as page:
        await page.goto(f"/console/demandes/{number}")
        await page.get_by_text("Joindre un fichier").click()
        await page.get_by_label("Message qui l’accompagne").fill("Le modèle.")
        await page.get_by_label("Fichier", exact=True).set_input_files([PDF])
        await page.get_by_role("button", name="Envoyer le fichier").click()
        await expect(page.get_by_text("Votre fichier est parti.")).to_be_visible()
        await expect(page.get_by_role("link", name="Notification.pdf (300 Ko)")).to_be_visible()
        await page.get_by_label("Votre réponse").fill("Première version")
        await page.get_by_role("button", name="Envoyer", exact=True).click()
        await page.get_by_text("Modifier ou supprimer").last.click()
        await page.get_by_label("Nouveau texte").last.fill("Deuxième version")
        await page.get_by_role("button", name="Remplacer le message").click()
        await expect(page.locator(".said--referent").last).to_contain_text("Deuxième version")
        await expect(page.locator(".said--referent").last).to_contain_text("(modifié)")
        await page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        await assert_good(page, "files and forms")
        await page.get_by_role("button", name="Supprimer le message").last.click()
        await expect(page.locator(".said--referent").last).to_contain_text("Message supprimé")
