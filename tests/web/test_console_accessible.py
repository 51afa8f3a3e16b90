"""Every page of the console, in both schemes and at every width, by keyboard alone and magnified.

The pages are those of the matrix of rights, which fails when a route is missing: a new page is looked at here
without anything to add.
"""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.web.matrix import MATRIX
from tests.web.office import QUESTION, Office
from tests.web.targets import place
from tests.web.test_console_browser import DESK, assert_good, at_desk, busy

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="session"),
]
NO_PAGES = {
    "/console/nouvelles": "an answer for the page's own script",
    "/console/journal.csv": "a file",
    "/console/blocages.csv": "a file",
    "/console/structures.csv": "a file",
    "/console/structures/modele.csv": "a file",
    "/console/semaine.csv": "a file",
    "/console/semaine.xlsx": "a file",
    "/console/semaine/lettre.md": "a file",
    "/console/semaine/lettre.html": "a file",
    "/console/demandes/{number}/pieces/{piece}": "a file",
}
PAGES = [row for row in MATRIX if row.method == "GET" and row.path not in NO_PAGES]
LISTS = ("vue=toutes", "vue=territoires&public=jeune&territoire=25", "q=longue", "q=xylophone", "vue=a-moi")
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TWICE = "document.documentElement.style.fontSize = '200%'"
OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true })"


async def paths(office: Office) -> list[str]:
    """Every page about something that is there, and the list in each of its moods."""
    numbers = await busy(office)
    found = [f"/console?{query}" for query in LISTS] + [f"/console/demandes/{number}" for number in numbers]
    return found + [(await place(office, row))[0] for row in PAGES]


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (DESK, "light")])
async def test_axe_finds_nothing_on_any_page(
    browser: Browser, live_office: Office, width: int, scheme: str
) -> None:
    async with at_desk(browser, live_office, live_office.nadia, width=width, scheme=scheme) as page:
        for path in await paths(live_office):
            await page.goto(path)
            await page.evaluate(OPEN_ALL)
            await assert_good(page, path)


async def test_every_page_reflows(browser: Browser, live_office: Office) -> None:
    """With text twice its size nothing sticks out; at 320 pixels, which is 400 %, axe has looked too."""
    async with at_desk(browser, live_office, live_office.nadia, width=640) as page:
        for path in await paths(live_office):
            await page.goto(path)
            await page.evaluate(TWICE)
            await page.evaluate(OPEN_ALL)
            assert await page.evaluate(WIDE) <= 0, path


async def tab_to(page: Page, name: str, *, role: str, exact: bool = True) -> None:
    """Presses Tab until the element has the focus, and sees it: nothing covers it."""
    target = page.get_by_role(role, name=name, exact=exact).first  # type: ignore[arg-type]  # a role
    await expect(target).to_be_visible()
    for _ in range(60):
        await page.keyboard.press("Tab")
        if await target.evaluate("one => one === document.activeElement"):
            assert await target.evaluate(UNCOVERED), f"{name} has the focus under something else"
            return
    raise AssertionError(f"Tab never reaches {name}")


UNCOVERED = """one => {
  const box = one.getBoundingClientRect();
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 20));
  return top !== null && (one.contains(top) || top.contains(one));
}"""


@pytest.mark.parametrize("width", [390, DESK])
async def test_a_day_without_a_mouse(browser: Browser, live_office: Office, width: int) -> None:
    """Login, find, take, reply, close: Tab, Enter and letters, with no shortcut of ours."""
    number = await live_office.demand()
    await live_office.demand("une autre question")
    async with at_desk(browser, live_office, None, width=width) as page:
        await page.goto(await live_office.link(live_office.camille))
        await tab_to(page, "Ouvrir la console", role="button")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/console", wait_until="load")
        await tab_to(page, "Chercher : mots, structure ou numéro", role="searchbox")
        await page.keyboard.type("verification identite")
        await page.keyboard.press("Enter")
        await expect(page.locator(".list tbody tr")).to_have_count(1)
        await tab_to(page, QUESTION, role="link", exact=False)
        await page.keyboard.press("Enter")
        await tab_to(page, "Prendre la demande", role="button")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status").first).to_have_text("Cette demande est à vous.")
        await tab_to(page, "Votre réponse", role="textbox")
        await page.keyboard.type("Bonjour, voici.")
        await tab_to(page, "Envoyer", role="button")
        await page.keyboard.press("Enter")
        await expect(page.locator(".said--referent")).to_contain_text("Bonjour, voici.")
        await tab_to(page, "Clore la demande", role="button")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status").first).to_contain_text("La demande est close.")
    assert (await live_office.state(number))[0] == "closed"
    assert await live_office.replies(number) == ["Bonjour, voici."]
