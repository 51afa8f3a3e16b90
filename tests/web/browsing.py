"""What the browser tests share: fresh browsers on a running site, and what a visitor does there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from tests.web.site import Site

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
ANSWER = (
    "**Oui**, à 17 ans vous recevez 50 €.\n\n1. Créez votre compte ;\n2. Vérifiez votre identité.\n\n"
    "- Il reste valable jusqu'à vos 21 ans.\n\n"
    "Source : [service-public.fr](https://www.service-public.gouv.fr/particuliers/vosdroits/F34959)"
)


@asynccontextmanager
async def opened(
    browser: Browser,
    site: Site,
    *,
    size: dict[str, int] = DESK,
    scheme: str = "light",
    javascript: bool = True,
    path: str = "/",
    moving: bool = False,
) -> AsyncIterator[Page]:
    """A fresh browser on a page; whatever its console reports fails the test."""
    context = await browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        color_scheme="dark" if scheme == "dark" else "light",
        java_script_enabled=javascript,
        reduced_motion="no-preference" if moving else "reduce",
    )
    page = await context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on(
        "console",
        lambda message: troubles.append(message.text) if "Content Security Policy" in message.text else None,
    )
    await page.goto(site.url + path)
    yield page
    await context.close()
    assert troubles == []


async def ask(page: Page, text: str) -> None:
    await page.get_by_label("Votre message").fill(text)
    await page.get_by_role("button", name="Envoyer", exact=True).click()
    await expect(page.locator(".message--visitor[data-seq]").last).to_contain_text(text)


async def talk(page: Page, site: Site) -> str:
    """A question, its answer with choices, a hand-over, a referent's reply; the public id."""
    await ask(page, "Est-ce que j'ai droit au pass à 17 ans ?")
    public_id = await site.only_conversation()
    await site.bot_says(public_id, ANSWER, "Oui, merci", "Non")
    await expect(page.get_by_role("button", name="Oui, merci")).to_be_visible()
    number = await site.hand_over(public_id)
    await expect(page.locator("#ticket-number")).to_have_text(str(number))
    await site.referent_says(public_id, number, "Bonjour,\nje regarde votre dossier.")
    await expect(page.locator(".message--referent")).to_contain_text("je regarde votre dossier")
    return public_id


VIOLATIONS = {"resultTypes": ["violations"], "reporter": "no-passes"}
"""All rules are tried; what is in order stays in the page: to bring it here took a fifth of the time."""


async def assert_accessible(page: Page, name: str = "") -> None:
    results = await Axe().run(page, options=VIOLATIONS)
    assert results.violations_count == 0, f"{name}: {results.generate_report()}"


async def overflow(page: Page) -> int:
    """How many pixels stick out to the right."""
    width: int = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return width
