"""The chat for everybody: by keyboard, small, large, dark, printed, and checked by axe."""

import pytest
from playwright.async_api import Browser, expect

from tests.web.browsing import DESK, PHONE, ask, assert_accessible, opened, overflow, talk
from tests.web.site import Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("browser"),
]


async def test_empty_and_too_long_are_explained_where_one_writes(browser: Browser, live_site: Site) -> None:
    async with opened(browser, live_site) as page:
        field = page.get_by_label("Votre message")
        await field.press("Enter")
        await expect(page.get_by_role("alert").first).to_contain_text("Écrivez d’abord votre message")
        await expect(field).to_have_attribute("aria-invalid", "true")
        await field.fill("é" * 4000)
        await expect(page.get_by_text("Encore 96 caractères").last).to_be_visible()
        await field.fill("é" * 4100)
        await expect(page.get_by_text("4 caractères de trop")).to_be_visible()
        await field.press("Enter")
        await expect(page.get_by_role("alert").first).to_contain_text("dépasse 4096 caractères")
    assert await live_site.inbox() == []


async def test_keyboard_alone(browser: Browser, live_site: Site) -> None:
    """From the skip link to the answer's button, and the focus is never taken away."""
    async with opened(browser, live_site) as page:
        await page.keyboard.press("Tab")
        await expect(page.get_by_text("Aller à la zone de message")).to_be_focused()
        await page.keyboard.press("Enter")
        await page.keyboard.type("bonjour")
        await page.keyboard.press("Shift+Enter")
        await page.keyboard.type("à vous")
        await page.keyboard.press("Enter")
        await expect(page.locator(".message--visitor[data-seq]")).to_contain_text("à vous")
        await page.keyboard.type("je continue d'écr")
        await live_site.bot_says(await live_site.only_conversation(), "Est-ce clair ?", "Oui", "Non")
        await expect(page.get_by_role("button", name="Oui")).to_be_visible()
        await page.keyboard.type("ire")
        await expect(page.get_by_label("Votre message")).to_have_value("je continue d'écrire")
        await page.keyboard.press("Shift+Tab")
        await page.keyboard.press("Shift+Tab")
        await expect(page.get_by_role("button", name="Oui")).to_be_focused()
        outline = await page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert outline == "3px"
        await page.keyboard.press("Enter")
        await expect(page.locator(".message--visitor[data-seq]").last).to_contain_text("Oui")


async def test_focus_is_never_behind_the_dock(browser: Browser, live_site: Site) -> None:
    async with opened(browser, live_site, size=PHONE) as page:
        await page.evaluate("window.scrollTo(0, 0)")
        hidden = []
        dock = page.locator(".dock")
        for _ in range(14):
            await page.keyboard.press("Tab")
            focused = await page.evaluate(
                "(() => { const a = document.activeElement, r = a.getBoundingClientRect();"
                " return [a.closest('.dock, .skip') !== null, r.bottom, a.textContent.trim()] })()"
            )
            top: float = await dock.evaluate("dock => dock.getBoundingClientRect().top")
            if not focused[0] and focused[1] > top + 1:
                hidden.append(focused)
    assert hidden == []


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "dark"), (DESK, "light")], ids=["phone", "desk"])
async def test_axe_finds_nothing(
    browser: Browser, live_site: Site, scheme: str, size: dict[str, int]
) -> None:
    async with opened(browser, live_site, scheme=scheme, size=size) as page:
        await assert_accessible(page)
        await page.get_by_role("link", name="Jeune", exact=True).click()
        await assert_accessible(page)
        await page.get_by_label("Votre message").press("Enter")
        await assert_accessible(page)
        await talk(page, live_site)
        await assert_accessible(page)
        await page.reload()
        await assert_accessible(page)
        for path in (
            "/confidentialite",
            "/accessibilite",
            "/mes-demandes",
            "/mes-donnees",
            "/nowhere",
            "/?fin=1",
        ):
            await page.goto(live_site.url + path)
            await assert_accessible(page)
        await page.goto(live_site.url)
        await page.get_by_role("button", name="Terminer et effacer").click()
        await assert_accessible(page)
        live_site.clock.advance(minutes=31)
        await page.goto(live_site.url)
        await assert_accessible(page)


@pytest.mark.parametrize(
    "size", [{"width": 320, "height": 640}, {"width": 640, "height": 400}], ids=["320", "200%"]
)
async def test_nothing_sticks_out_when_small_or_zoomed(
    browser: Browser, live_site: Site, size: dict[str, int]
) -> None:
    """A screen of 1280 × 800 at 200 % is one of 640 × 400."""
    async with opened(browser, live_site, size=size) as page:
        assert await overflow(page) <= 0
        await talk(page, live_site)
        await ask(page, "anticonstitutionnellement" * 20 + " https://exemple.fr/" + "a" * 200)
        assert await overflow(page) <= 0
        await expect(page.get_by_role("button", name="Parler au référent").first).to_be_visible()
        await page.get_by_role("button", name="Obtenir mon lien personnel").click()
        assert await overflow(page) <= 0
        for path in ("/confidentialite", "/accessibilite", "/mes-demandes", "/mes-donnees"):
            await page.goto(live_site.url + path)
            assert await overflow(page) <= 0, path


async def test_large_text_spacing_hides_nothing(browser: Browser, live_site: Site) -> None:
    """WCAG 1.4.12: the spacing that some readers need."""
    spaced = (
        "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
    )
    async with opened(browser, live_site, size={"width": 320, "height": 640}) as page:
        await page.evaluate(
            "css => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets = [s] }",
            spaced,
        )
        assert await overflow(page) <= 0


async def test_print_shows_the_conversation_and_the_number_alone(browser: Browser, live_site: Site) -> None:
    async with opened(browser, live_site) as page:
        await talk(page, live_site)
        await page.emulate_media(media="print")
        await expect(page.locator("#ticket-number")).to_be_visible()
        await expect(page.locator(".message--referent")).to_be_visible()
        for selector in (".dock", ".header", ".choices"):
            assert await page.locator(selector).first.is_hidden()


async def test_new_answers_are_announced_politely_in_a_log(browser: Browser, live_site: Site) -> None:
    async with opened(browser, live_site) as page:
        log = page.get_by_role("log", name="Échanges")
        await expect(log).to_have_attribute("aria-live", "polite")
        await ask(page, "bonjour")
        await expect(page.locator("#typing")).to_have_attribute("aria-hidden", "true")
        await live_site.bot_says(await live_site.only_conversation(), "Bonjour !")
        await expect(log.get_by_text("Bonjour !")).to_be_visible()
        await expect(page.locator("#typing")).to_be_hidden()
