"""A broadcast on its way, and the draft of a newsletter, in a browser."""

import pytest
from playwright.async_api import Browser, expect

from tests.web.matrix import BROADCAST, Row
from tests.web.office import Office
from tests.web.targets import place
from tests.web.test_console_browser import DESK, assert_good, at_desk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="session"),
]


async def test_a_broadcast_on_its_way_is_followed_and_stopped(browser: Browser, live_office: Office) -> None:
    path, _ = await place(live_office, Row("GET", BROADCAST, "questions"))
    async with at_desk(browser, live_office, live_office.nadia, width=390) as page:
        await page.goto(path)
        await page.get_by_label("J’ai relu : ce message peut partir").check()
        await page.get_by_role("button", name="Envoyer à 1 personne").click()
        await expect(page.get_by_role("status").first).to_contain_text("L'envoi a commencé")
        await assert_good(page, path)
        await page.get_by_role("button", name="Arrêter l’envoi").click()
        await expect(page.get_by_role("status").first).to_contain_text("ne partira pas")
        await assert_good(page, path)


async def test_the_draft_is_copied_by_a_button_or_selected(browser: Browser, live_office: Office) -> None:
    async with at_desk(browser, live_office, live_office.camille, width=DESK) as page:
        await page.goto("/console/semaine/lettre")
        await page.get_by_role("button", name="Copier le Markdown").click()
        await expect(page.locator("#markdown-copied")).to_contain_text("copi", ignore_case=True)
        field = page.get_by_label("Le brouillon en Markdown")
        await field.fill("# À moi")
        assert await field.input_value() == "# À moi"
