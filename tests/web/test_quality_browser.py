"""Judging in a real browser: by keyboard alone; and the public page, full, checked by axe."""

import pytest
from playwright.async_api import Browser, expect

from tests.web.browsing import DESK, PHONE, assert_accessible, opened, overflow
from tests.web.judging import QUALITY, drawn, judges
from tests.web.office import Office
from tests.web.site import Site
from tests.web.test_console_browser import at_desk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="session"),
]


async def test_one_after_another_by_arrows_and_enter(browser: Browser, live_office: Office) -> None:
    await drawn(live_office, "la première", "la deuxième", "la troisième")
    async with at_desk(browser, live_office, live_office.camille) as page:
        await page.goto(QUALITY)
        for said in ("C'est noté : juste.", "C'est noté : incomplète. Les rédacteurs sont prévenus."):
            await page.keyboard.press("Space")
            if "incomplète" in said:
                await page.keyboard.press("ArrowRight")
            await page.keyboard.press("Enter")
            await expect(page.get_by_role("status").first).to_have_text(said)
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="3 sur 3")).to_be_visible()


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "dark"), (DESK, "light")], ids=["phone", "desk"])
async def test_the_public_page_is_accessible_empty_and_full(
    browser: Browser, live_site: Site, live_office: Office, size: dict[str, int], scheme: str
) -> None:
    async with opened(browser, live_site, size=size, scheme=scheme, path="/qualite") as page:
        await assert_accessible(page)
        await drawn(live_office, *(f"question {number}" for number in range(30)))
        async with live_office.at_desk(live_office.camille) as desk:
            for verdict in ("right", "incomplete", "wrong"):
                await judges(desk, verdict)
        await page.reload()  # what was kept is ten minutes old at most
        await expect(page.get_by_text("33,3 % de réponses fausses")).to_be_visible()
        await assert_accessible(page)
        assert await overflow(page) <= 0
