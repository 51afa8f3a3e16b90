"""The console in a real browser: live, by keyboard, small, large, dark, and checked by axe."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, Route, expect

from handlers.turn import Turn
from storage import directory
from tests.web.browsing import assert_accessible
from tests.web.office import QUESTION, Office

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.asyncio(loop_scope="session"),
]
DESK = 1280


@asynccontextmanager
async def at_desk(
    browser: Browser,
    office: Office,
    who: int | None,
    *,
    width: int = DESK,
    scheme: str = "light",
    javascript: bool = True,
) -> AsyncIterator[Page]:
    """A fresh browser in which somebody has logged in; whatever its console reports fails the test."""
    context = await browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
        java_script_enabled=javascript,
        reduced_motion="reduce",
        base_url=office.site.url,
    )
    page = await context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on(
        "console",
        lambda message: troubles.append(message.text) if "Content Security Policy" in message.text else None,
    )
    if who is not None:
        await page.goto(await office.link(who))
        await page.get_by_role("button", name="Ouvrir la console").click()
        await page.wait_for_url("**/console", wait_until="load")
    yield page
    await context.close()
    assert troubles == []


async def busy(office: Office) -> list[int]:
    """Demands in every state, for pages that are full."""
    numbers = [await office.demand(f"question {n} {'longue ' * 9 * n}") for n in range(4)]
    numbers.append(await office.demand("sur Telegram", address="telegram:42", minutes_ago=6000))
    async with office.at_desk(office.camille) as desk:
        await desk.send(f"/console/demandes/{numbers[1]}/reponse", text="Bonjour,\n\nvoici.")
        await desk.send(f"/console/demandes/{numbers[2]}/reponse", text="Voilà", cloture="1")
        await desk.send(f"/console/demandes/{numbers[4]}/reponse", text="x" * 300)
        await desk.send(f"/console/demandes/{numbers[0]}/blocage", blocage="x" * 200, sujet="adage")
        await desk.send("/console/reunion", qui="Driss", quoi="x" * 300)
    await office.writes(numbers[1], "Merci, mais https://" + "a" * 90 + ".fr ?")
    return numbers


async def assert_good(page: Page, name: str) -> None:
    await assert_accessible(page, name)
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(wide) <= 0, name


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (DESK, "light")])
async def test_doors_and_troubles_are_accessible_and_fit(
    browser: Browser, live_office: Office, width: int, scheme: str
) -> None:
    """What no route shows by itself; all routes are in test_console_accessible.py."""
    office = live_office
    async with at_desk(browser, office, None, width=width, scheme=scheme) as page:
        for path in ("/console/login", "/console/login?envoye=1", "/console/login/nope"):
            await page.goto(path)
            await assert_good(page, path)
        await page.goto(await office.link(office.camille))
        await assert_good(page, "enter")
    async with at_desk(browser, office, office.nadia, width=width, scheme=scheme) as page:
        await page.goto("/console/demandes/999")
        await assert_good(page, "not found")
        await page.goto("/console/annuaire/nouveau")
        await page.get_by_label("Territoires").fill("Atlantide")
        await page.get_by_role("button", name="Ajouter à l’annuaire").click()
        await assert_good(page, "errors")
        await page.goto(f"/console/annuaire/{office.camille}")
        await page.get_by_role("button", name="Créer une invitation").click()
        await assert_good(page, "invitation")


async def test_the_day_of_a_referent_without_javascript(browser: Browser, live_office: Office) -> None:
    office, number = live_office, await live_office.demand()
    async with at_desk(browser, office, office.camille, javascript=False) as page:
        await page.get_by_role("link", name=QUESTION).click()
        await page.get_by_role("button", name="Prendre la demande").click()
        await expect(page.get_by_role("status").first).to_have_text("Cette demande est à vous.")
        await page.get_by_label("Votre réponse").fill("Bonjour, voici.")
        await page.get_by_role("button", name="Envoyer", exact=True).click()
        await expect(page.locator(".said--referent")).to_contain_text("Bonjour, voici.")
        await page.get_by_text("Transmettre", exact=True).click()
        await page.get_by_label("À un territoire").fill("Saône-et-Loire")
        await page.get_by_role("button", name="Transmettre au territoire").click()
        await expect(page.get_by_role("status").first).to_contain_text("est transmise")
        await page.get_by_role("button", name="Se déconnecter").click()
        await expect(page.get_by_text("Vous êtes déconnecté.")).to_be_visible()
    assert await office.state(number) == ("waiting", None, "71")


async def test_control_and_enter_send(browser: Browser, live_office: Office) -> None:
    number = await live_office.demand()
    async with at_desk(browser, live_office, live_office.camille) as page:
        await page.goto(f"/console/demandes/{number}")
        await page.get_by_label("Votre réponse").fill("Bonjour")
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_text("Votre réponse est partie.")).to_be_visible()
    assert await live_office.replies(number) == ["Bonjour"]
    assert (await live_office.state(number))[0] == "answered"


async def test_a_double_click_on_send_sends_once(browser: Browser, live_office: Office) -> None:
    number = await live_office.demand()
    async with at_desk(browser, live_office, live_office.camille) as page:
        await page.goto(f"/console/demandes/{number}")
        await page.get_by_label("Votre réponse").fill("Bonjour")
        await page.get_by_role("button", name="Envoyer", exact=True).dblclick()
        await expect(page.get_by_text("Votre réponse est partie.")).to_be_visible()
    assert await live_office.replies(number) == ["Bonjour"]


async def test_news_appear_by_themselves_and_a_draft_stays(browser: Browser, live_office: Office) -> None:
    number = await live_office.demand()
    async with at_desk(browser, live_office, live_office.camille) as page:
        await page.goto(f"/console/demandes/{number}")
        draft = page.get_by_label("Votre réponse")
        await draft.fill("je commence à")
        await live_office.writes(number, "encore une chose")
        await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        await expect(page.locator(".said--visitor").last).to_contain_text("encore une chose")
        await expect(page.locator("#news")).to_have_text("Nouveau message dans cette demande.")
        await expect(draft).to_have_value("je commence à")
        await expect(draft).to_be_focused()


async def test_the_list_refreshes_and_keeps_the_focus(browser: Browser, live_office: Office) -> None:
    await live_office.demand()
    async with at_desk(browser, live_office, live_office.camille) as page:
        link = page.get_by_role("link", name=QUESTION)
        await link.focus()
        await live_office.demand("une nouvelle question")
        await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        await expect(page.get_by_role("link", name="une nouvelle question")).to_be_visible()
        await expect(link).to_be_focused()


async def test_a_warning_comes_before_the_end_and_one_may_stay(browser: Browser, live_office: Office) -> None:
    async with at_desk(browser, live_office, live_office.camille) as page:
        live_office.site.clock.advance(minutes=29)
        await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        dialog = page.get_by_role("dialog", name="Êtes-vous toujours là ?")
        await expect(dialog).to_be_visible()
        await assert_good(page, "warning")
        await page.keyboard.press("Enter")
        await expect(dialog).to_be_hidden()
        await expect(page.locator("#session")).to_contain_text("10:59")
        live_office.site.clock.advance(minutes=29)
        await page.goto("/console")
        await expect(page.get_by_role("heading", name="Demandes")).to_be_visible()


async def test_what_is_being_written_survives_the_end_of_the_session(
    browser: Browser, live_office: Office
) -> None:
    number = await live_office.demand()
    async with at_desk(browser, live_office, live_office.camille) as page:
        await page.goto(f"/console/demandes/{number}")
        await page.get_by_label("Votre réponse").fill("un long texte")
        live_office.site.clock.advance(minutes=31)
        await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        dialog = page.get_by_role("dialog", name="Votre session est terminée")
        await expect(dialog).to_be_visible()
        await expect(page.locator(".said").first).to_be_hidden()
        await assert_good(page, "ended")
        other = await page.context.new_page()
        await other.goto(await live_office.link(live_office.camille))
        await other.get_by_role("button", name="Ouvrir la console").click()
        await page.get_by_role("button", name="Je me suis reconnecté").click()
        await expect(dialog).to_be_hidden()
        await page.get_by_role("button", name="Envoyer", exact=True).click()
        await expect(page.get_by_text("Votre réponse est partie.")).to_be_visible()
    assert await live_office.replies(number) == ["un long texte"]


async def test_without_a_draft_the_end_of_the_session_leads_to_the_login(
    browser: Browser, live_office: Office
) -> None:
    async with at_desk(browser, live_office, live_office.camille) as page:
        # Asked for beforehand: the page's own question for news may be what leads away.
        await page.evaluate("setTimeout(() => document.dispatchEvent(new Event('visibilitychange')), 200)")
        live_office.site.clock.advance(minutes=31)
        await page.wait_for_url("**/console/login")


async def test_a_lost_network_says_so_and_keeps_the_session(browser: Browser, live_office: Office) -> None:
    async def lose(route: Route) -> None:
        await route.abort("connectionfailed")

    async with at_desk(browser, live_office, live_office.camille) as page:
        await page.route("**/console*", lose)
        await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        await page.wait_for_timeout(300)
        await expect(page.get_by_role("heading", name="Demandes")).to_be_visible()
        await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_the_header_is_one_line_whoever_is_in(browser: Browser, live_office: Office) -> None:
    office = live_office

    def rename(turn: Turn) -> None:
        nadia = directory.get(turn.session, office.nadia)
        assert nadia is not None
        nadia.name = "Marie-Christine Vandenberghe-Duplessis"

    await office.turn(rename)
    await office.proposal("le bidule violet")
    for _ in range(11):
        await office.demand()
    height = "document.querySelector('.header').offsetHeight"
    for width in (1216, DESK, 1400):
        async with at_desk(browser, office, office.nadia, width=width) as page:
            for path in ("/console", "/console/absences"):
                await page.goto(path)
                assert await page.evaluate(height) <= 64, (path, width)
                await expect(page.get_by_role("button", name="Se déconnecter")).to_be_in_viewport(ratio=1)


async def test_on_a_phone_the_menu_begins_where_one_is(browser: Browser, live_office: Office) -> None:
    async with at_desk(browser, live_office, live_office.nadia, width=390) as page:
        await page.goto("/console/profil")
        await expect(page.get_by_role("link", name="Mon profil").first).to_be_in_viewport(ratio=1)
