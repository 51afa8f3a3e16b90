"""The main job, end to end in a browser: a question comes in, an answer or a referent comes out."""

import io
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser, Page, ViewportSize, expect

from bot.library import Library
from handlers import login
from handlers.turn import Turn
from storage import directory
from tests.stage import Stage, open_stage

PICTURES = Path(__file__).parents[2] / "docs"
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 800}


pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def live_stage(tmp_path: Path, library: Library) -> AsyncIterator[Stage]:
    async with open_stage(f"sqlite:///{tmp_path / 'souffleur.db'}", tmp_path, library) as stage:
        yield stage


async def test_a_stranger_asks_and_reads_the_referents_reply(live_stage: Stage, browser: Browser) -> None:
    stage = live_stage
    visitor = await (
        await browser.new_context(viewport=PHONE, locale="fr-FR", reduced_motion="reduce")
    ).new_page()
    await visitor.goto(stage.url)
    await _ask(visitor, "comment créer un compte pass Culture Pro ?")
    await expect(visitor.get_by_text("Source")).to_be_visible()
    await _picture(visitor, "chat")
    await visitor.locator(".message").get_by_role("button", name="Parler au référent").last.click()
    await expect(visitor.locator("#ticket-number")).to_have_text("1")
    await _ask(visitor, "Besancon 25000")
    await expect(visitor.get_by_text("Doubs (25)")).to_be_visible()

    referent = await (await browser.new_context(viewport=DESK, locale="fr-FR")).new_page()
    await referent.goto(await stage.turn(lambda turn: _console_link(turn, stage.url)))
    await referent.get_by_role("main").get_by_role("button").click()
    await referent.goto(f"{stage.url}/console/demandes/1")
    await expect(referent.get_by_text("comment créer un compte pass Culture Pro ?").first).to_be_visible()
    await referent.get_by_label("Votre réponse").fill("Bonjour, votre SIRET suffit : je vous accompagne.")
    await _picture(referent, "console")
    await referent.get_by_role("button", name="Envoyer", exact=True).click()
    await expect(visitor.get_by_text("votre SIRET suffit")).to_be_visible()

    await visitor.reload()
    await expect(visitor.get_by_text("votre SIRET suffit")).to_be_visible()
    await visitor.context.close()
    await referent.context.close()


async def _ask(page: Page, text: str) -> None:
    await page.get_by_label("Votre message").fill(text)
    await page.get_by_role("button", name="Envoyer", exact=True).click()
    await expect(page.locator(".message--visitor").last).to_contain_text(text)


async def _picture(page: Page, name: str) -> None:
    """Makes the README's picture again, when `make pictures` asks for it: small, in few colours."""
    if "SOUFFLEUR_PICTURES" not in os.environ:
        return
    picture = Image.open(io.BytesIO(await page.screenshot()))
    picture.thumbnail((800, 620))
    PICTURES.mkdir(exist_ok=True)
    picture.convert("RGB").quantize(64).save(PICTURES / f"{name}.png", optimize=True)


def _console_link(turn: Turn, url: str) -> str:
    admin = directory.add(
        turn.session, name="Référent national", role="admin", national=True, email=None, now=turn.now
    )
    return login.link(turn, admin).replace(turn.world.public_url, url)
