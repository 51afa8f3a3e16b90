"""What is new comes by itself: the question that waits, and what the page does with its answer."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.web.office import QUESTION, Desk, Office
from tests.web.test_console_browser import assert_good, at_desk

LIVE = {"X-Souffleur-Live": "1"}


async def news(desk: Desk, mark: str = "", wait: int = 0) -> dict[str, Any]:
    answer = await desk.client.get(f"/console/nouvelles?depuis={mark}&attendre={wait}", headers=LIVE)
    assert answer.status == 200, await answer.text()
    found: dict[str, Any] = await answer.json()
    return found


async def at_demand(page: Page, number: int) -> None:
    """The demand is shown, and its scripts listen."""
    await expect(page.get_by_role("heading", name=f"Demande n° {number}")).to_be_visible()
    await page.wait_for_load_state()


async def test_the_mark_changes_with_ones_own_desk_only(office: Office) -> None:
    async with office.at_desk(office.camille) as camille, office.at_desk(office.driss) as driss:
        first, other = await news(camille), await news(driss)
        number = await office.demand()
        second = await news(camille, first["mark"], 25)
        assert (first["unread"], second["unread"]) == (0, 1)
        assert second["mark"] != first["mark"]
        assert await news(driss, other["mark"]) == other
        await camille.read(f"/console/demandes/{number}")
        third = await news(camille, second["mark"], 25)
        assert third["unread"] == 0
        await office.writes(number, "encore")
        fourth = await news(camille, third["mark"], 25)
        assert fourth["unread"] == 1
        assert len({one["mark"] for one in (first, second, third, fourth)}) == 4


async def test_a_question_waits_until_something_happens(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        mark = (await news(desk))["mark"]
        answer, number = await asyncio.gather(news(desk, mark, 25), office.demand())
        assert (answer["unread"], number) == (1, 1)


async def test_waiting_is_no_sign_of_life(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        office.site.clock.advance(minutes=31)
        answer = await desk.client.get("/console/nouvelles", headers=LIVE)
        assert answer.status == 401


@pytest.mark.parametrize("query", ["attendre=x", "attendre=-1", "attendre=9999", "depuis=<b>", "attendre=²"])
async def test_strange_questions_are_answered_at_once(office: Office, query: str) -> None:
    async with office.at_desk(office.camille) as desk:
        assert (await desk.client.get(f"/console/nouvelles?{query}", headers=LIVE)).status == 200


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
@pytest.mark.asyncio(loop_scope="session")
class TestInABrowser:
    async def test_the_list_and_the_title_follow(self, browser: Browser, live_office: Office) -> None:
        number = await live_office.demand()
        async with at_desk(browser, live_office, live_office.camille) as page:
            await expect(page).to_have_title("(1) En attente – Demandes – Souffleur")
            await live_office.demand("une nouvelle question")
            await expect(page.get_by_role("link", name="une nouvelle question")).to_be_visible()
            await expect(page).to_have_title("(2) En attente – Demandes – Souffleur")
            await expect(page.locator("#news")).to_have_text("Du nouveau dans la liste.")
            await expect(page.locator("#unread .count")).to_contain_text("2")
            await page.goto(f"/console/demandes/{number}")
            await expect(page).to_have_title(f"(1) Demande n° {number} – Souffleur")

    async def test_a_lost_connection_is_said_and_forgotten(
        self, browser: Browser, live_office: Office
    ) -> None:
        async with at_desk(browser, live_office, live_office.camille) as page:
            live_office.site.database.away = True
            await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
            await expect(page.locator("#lost")).to_contain_text("Connexion perdue : cette page date de")
            await assert_good(page, "lost")
            live_office.site.database.away = False
            await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
            await expect(page.locator("#lost")).to_be_hidden()
            await expect(page.get_by_role("navigation", name="Listes de demandes")).to_be_visible()


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
@pytest.mark.asyncio(loop_scope="session")
class TestKeys:
    async def test_a_days_work_by_single_keys(self, browser: Browser, live_office: Office) -> None:
        first = await live_office.demand("première question", minutes_ago=9)
        second = await live_office.demand("deuxième question")
        async with at_desk(browser, live_office, live_office.camille) as page:
            await page.keyboard.press("j")
            await expect(page.get_by_role("link", name="première question")).to_be_focused()
            await page.keyboard.press("j")
            await expect(page.get_by_role("link", name="deuxième question")).to_be_focused()
            await page.keyboard.press("j")
            await expect(page.locator("#news")).to_have_text("Fin de la liste.")
            await page.keyboard.press("k")
            await page.keyboard.press("o")
            await at_demand(page, first)
            await page.keyboard.press("t")
            await expect(page.get_by_role("status").first).to_have_text("Cette demande est à vous.")
            await page.wait_for_load_state()
            await page.keyboard.press("j")
            await at_demand(page, second)
            await page.keyboard.press("k")
            await at_demand(page, first)
            await page.keyboard.press("r")
            reply = page.get_by_role("textbox", name="Votre réponse")
            await expect(reply).to_be_focused()
            await page.keyboard.type("jkt? e")
            await expect(reply).to_have_value("jkt? e")
            await page.keyboard.press("Control+Enter")
            await expect(page.get_by_role("status").first).to_have_text("Votre réponse est partie.")
            await page.wait_for_load_state()
            await page.keyboard.press("e")
            await expect(page.get_by_role("button", name="Clore la demande")).to_be_focused()
            await page.keyboard.press("Enter")
            await expect(page.get_by_role("status").first).to_contain_text("La demande est close.")
            await page.wait_for_load_state()
            await page.keyboard.press("t")
            await expect(page.locator("#news")).to_have_text("Il n’y a rien à prendre ici.")
            await page.keyboard.press("g")
            await page.keyboard.press("i")
            await page.wait_for_url("**/console", wait_until="load")
            await page.keyboard.press("/")
            await expect(page.get_by_label("Chercher : mots, structure ou numéro")).to_be_focused()
        assert await live_office.replies(first) == ["jkt? e"]
        assert (await live_office.state(first))[0] == "closed"

    async def test_the_list_of_keys(self, browser: Browser, live_office: Office) -> None:
        async with at_desk(browser, live_office, live_office.camille) as page:
            await page.keyboard.press("?")
            dialog = page.get_by_role("dialog", name="Raccourcis clavier")
            await expect(dialog).to_be_visible()
            await assert_good(page, "keys")
            await page.keyboard.press("Escape")
            await expect(dialog).to_be_hidden()
            button = page.get_by_role("button", name="Raccourcis clavier")
            await button.focus()
            await page.keyboard.press("Enter")
            await expect(dialog).to_be_visible()
            await page.keyboard.press("Escape")
            await expect(button).to_be_focused()

    async def test_keys_can_be_switched_off(self, browser: Browser, live_office: Office) -> None:
        await live_office.demand()
        async with at_desk(browser, live_office, live_office.camille) as page:
            await page.goto("/console/profil")
            await page.get_by_label("Une seule touche suffit pour agir").uncheck()
            card = page.get_by_role("region", name="Raccourcis clavier")
            await card.get_by_role("button", name="Enregistrer").click()
            await expect(page.get_by_role("status").first).to_contain_text("est enregistré")
            await page.goto("/console")
            await page.keyboard.press("j")
            await page.keyboard.press("?")
            await expect(page.get_by_role("dialog")).to_have_count(0)
            await expect(page.get_by_role("link", name=QUESTION)).not_to_be_focused()
            await page.get_by_role("button", name="Raccourcis clavier").click()
            await expect(page.get_by_text("Ils sont désactivés")).to_be_visible()
