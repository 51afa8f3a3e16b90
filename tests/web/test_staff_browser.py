"""The calendar, the journal and a colleague's page in a real browser: axe, small, large, dark, keyboard."""

import pytest
from playwright.async_api import Browser, expect

from tests.web.office import Office
from tests.web.targets import hire
from tests.web.test_console_browser import DESK, assert_good, at_desk
from tests.web.test_console_calendar import away

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="session"),
]
HALF = 640
DECEMBER = "/console/absences?mois=2026-12"


async def staffed(office: Office) -> int:
    """A lead whose region has somebody away each day, a day with many, and days with nobody."""
    lead = await hire(office, "lead", "39")
    for territory in ("25", "39", "70", "90", "21"):
        await away(office, await hire(office, territories=territory), "2026-12-14", "2026-12-18")
    await away(office, office.driss, "2026-12-21", "2026-12-31")
    await away(office, lead, "2026-12-24", "2026-12-24")
    return lead


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (DESK, "light")])
async def test_pages_about_people_are_accessible_and_fit(
    browser: Browser, live_office: Office, width: int, scheme: str
) -> None:
    office, lead = live_office, await staffed(live_office)
    colleague = f"/console/annuaire/{office.camille}"
    async with at_desk(browser, office, lead, width=width, scheme=scheme) as page:
        for path in (
            DECEMBER,
            "/console/absences",
            "/console/journal",
            "/console/journal?du=2030-01-01",
            colleague,
            "/console/annuaire",
            "/console/profil",
        ):
            await page.goto(path)
            await page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
            await assert_good(page, path)
        await page.goto(DECEMBER)
        await page.get_by_role("button", name="Noter l’absence").click()
        await expect(page.locator("#first-error")).to_be_visible()
        await assert_good(page, "an absence without days")


async def test_a_lead_notes_an_absence_by_keyboard(browser: Browser, live_office: Office) -> None:
    lead = await staffed(live_office)
    async with at_desk(browser, live_office, lead, javascript=False) as page:
        await page.goto(DECEMBER)
        await page.get_by_label("De qui").focus()
        await page.keyboard.type("Camille")
        await page.keyboard.press("Tab")
        await page.get_by_label("Premier jour").fill("2026-12-07")
        await page.get_by_role("button", name="Noter l’absence").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status").first).to_have_text("L'absence est notée.")
        take_back = page.get_by_role("button", name="Retirer l’absence de Camille Martin")
        await take_back.focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status").first).to_have_text("L'absence est retirée.")


async def test_the_table_is_for_desks_and_the_list_for_all(browser: Browser, live_office: Office) -> None:
    lead = await staffed(live_office)
    for width, shown in ((DESK, True), (HALF, False)):
        async with at_desk(browser, live_office, lead, width=width) as page:
            await page.goto(DECEMBER)
            await expect(page.locator(".month")).to_be_visible(visible=shown)
            await expect(page.get_by_role("heading", name="En décembre 2026")).to_be_visible()
            await page.evaluate("document.documentElement.style.fontSize = '200%'")
            wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert width == DESK or await page.evaluate(wide) <= 0
