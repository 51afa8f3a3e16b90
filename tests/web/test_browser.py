"""The chat in a real browser: live, and when things go wrong."""

import asyncio
import re

import pytest
from playwright.async_api import Browser, BrowserContext, Page, Request, Route, expect

from tests.web.browsing import PHONE, ask, assert_accessible, opened, talk
from tests.web.site import Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("browser"),
]


async def test_a_conversation_live(browser: Browser, live_site: Site) -> None:
    async with opened(browser, live_site) as page:
        await talk(page, live_site)
        assert await page.context.cookies() != []
        await expect(page.locator("#message")).to_be_focused()
        await expect(page.locator(".welcome")).to_be_hidden()
        rows = await page.locator(".message").count()
        await page.reload()
        await expect(page.locator(".message")).to_have_count(rows)
        await expect(page.locator("#ticket-number")).to_be_visible()


async def test_nothing_is_stored_in_the_browser_before_the_first_action(
    browser: Browser, live_site: Site
) -> None:
    async with opened(browser, live_site) as page:
        await page.get_by_text("Jeune", exact=True).click()
        await page.get_by_label("Votre message").fill("je n'envoie pas")
        assert await page.context.cookies() == []
        assert await page.evaluate("localStorage.length + sessionStorage.length") == 0


async def test_audience_changes_the_suggestions_and_goes_with_the_question(
    browser: Browser, live_site: Site
) -> None:
    async with opened(browser, live_site) as page:
        await page.get_by_role("link", name="Partenaire culturel").click()
        await expect(page.get_by_role("heading", name="partenaires culturels")).to_be_visible()
        await expect(page.get_by_role("heading", name="Souvent demandé", exact=True)).to_be_hidden()
        suggestion = page.locator(".suggestions:not([hidden]) .suggestion").first
        question = await suggestion.inner_text()
        await suggestion.click()
        await expect(page.locator(".message--visitor[data-seq]")).to_contain_text(question)
    public_id = await live_site.only_conversation()
    assert await live_site.turn(public_id, lambda turn, contact: contact.audience) == "partenaire"


async def test_a_choice_is_made_once_and_its_buttons_go(browser: Browser, live_site: Site) -> None:
    async with opened(browser, live_site) as page:
        await ask(page, "bonjour")
        await live_site.bot_says(await live_site.only_conversation(), "Est-ce clair ?", "Oui", "Non")
        await page.get_by_role("button", name="Oui").click()
        await expect(page.locator(".message--visitor[data-seq]").last).to_contain_text("Oui")
        await expect(page.locator(".choice")).to_have_count(0)
        await expect(page.get_by_label("Votre message")).to_be_focused()
    assert len(await live_site.inbox()) == 2


@pytest.mark.fault(67)
async def test_a_lost_network_is_said_and_retried_with_the_same_id(browser: Browser, live_site: Site) -> None:
    sent: list[str] = []

    async def refuse(route: Route, request: Request) -> None:
        sent.append(str((request.post_data_json or {})["id"]))
        await route.abort("connectionfailed")

    async with opened(browser, live_site) as page:
        await ask(page, "un")
        await page.route("**/api/chat/messages", refuse)
        await page.get_by_label("Votre message").fill("deux")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("Non envoyé.")).to_be_visible()
        await page.unroute("**/api/chat/messages")
        await page.get_by_role("button", name="Réessayer").click()
        await expect(page.locator(".message--visitor[data-seq]")).to_have_count(2)
        await expect(page.get_by_text("Non envoyé.")).to_have_count(0)
    assert len(set(sent)) == 1
    assert [key for key, _ in await live_site.inbox()][-1].endswith(sent[0])


@pytest.mark.fault(67)
@pytest.mark.fault(68)
async def test_an_answer_that_was_lost_makes_no_second_message(browser: Browser, live_site: Site) -> None:
    async def lose_answer(route: Route) -> None:
        await route.fetch()
        await route.abort("connectionreset")

    async with opened(browser, live_site) as page:
        await page.route("**/api/chat/messages", lose_answer, times=1)
        await page.get_by_label("Votre message").fill("bonjour")
        await page.keyboard.press("Enter")
        await expect(page.locator(".message--visitor[data-seq]")).to_have_count(1)
    assert len(await live_site.inbox()) == 1


@pytest.mark.fault(69)
async def test_where_events_are_held_back_it_polls(browser: Browser, live_site: Site) -> None:
    async with opened(browser, live_site) as page:
        await page.route("**/api/chat/events*", lambda route: route.fulfill(status=502, body=""))
        await ask(page, "bonjour")
        await live_site.bot_says(await live_site.only_conversation(), "Bonjour à vous !")
        await expect(page.get_by_text("Bonjour à vous !")).to_be_visible()


@pytest.mark.fault(67)
async def test_a_broken_line_is_taken_up_again_without_gap_or_double(
    browser: Browser, live_site: Site
) -> None:
    async with opened(browser, live_site) as page:
        await ask(page, "bonjour")
        public_id = await live_site.only_conversation()
        await page.context.set_offline(True)
        await live_site.bot_says(public_id, "pendant la coupure")
        await asyncio.sleep(0.5)
        await page.context.set_offline(False)
        await live_site.bot_says(public_id, "après la coupure")
        await expect(page.get_by_text("après la coupure")).to_be_visible(timeout=15000)
        numbers = await page.locator(".message").evaluate_all(
            "all => all.map(one => Number(one.dataset.seq))"
        )
    assert numbers == [1, 2, 3]


async def test_the_page_follows_a_burst_of_messages_but_not_a_reader(
    browser: Browser, live_site: Site
) -> None:
    async with opened(browser, live_site, size=PHONE, moving=True) as page:
        await ask(page, "bonjour")
        public_id = await live_site.only_conversation()
        for number in range(6):
            await live_site.bot_says(public_id, f"Message {number}. " + "Encore des mots. " * 20)
        await expect(page.get_by_text("Message 5.")).to_be_in_viewport()
        await asyncio.sleep(1.2)
        await page.mouse.wheel(0, -3000)
        await expect(page.get_by_text("Message 0.")).to_be_in_viewport()
        await live_site.bot_says(public_id, "Message 6.")
        await expect(page.get_by_role("button", name="Nouveau message")).to_be_visible()
        await expect(page.get_by_text("Message 0.")).to_be_in_viewport()
        await page.get_by_role("button", name="Nouveau message").click()
        await expect(page.get_by_text("Message 6.")).to_be_in_viewport()
        await expect(page.get_by_role("button", name="Nouveau message")).to_be_hidden()


@pytest.mark.fault(72)
async def test_words_of_others_never_become_code(browser: Browser, live_site: Site) -> None:
    hostile = '<img src=x onerror="document.title=\'pwned\'"><script>document.title="pwned"</script>'
    async with opened(browser, live_site) as page:
        await ask(page, hostile)
        public_id = await live_site.only_conversation()
        number = await live_site.hand_over(public_id)
        await live_site.referent_says(public_id, number, hostile)
        await expect(page.locator(".message--referent .message__body")).to_have_text(hostile)
        await page.reload()
        await expect(page.locator(".message--visitor .message__body")).to_have_text(hostile)
        assert await page.locator(".message img, .message script").count() == 0
        assert "pwned" not in await page.title()


async def test_after_idle_minutes_the_open_page_locks_itself(browser: Browser, live_site: Site) -> None:
    async with opened(browser, live_site) as page:
        await ask(page, "ma question secrète")
        live_site.clock.advance(minutes=31)
        await expect(page.get_by_role("heading", name="Est-ce toujours vous ?")).to_be_visible(timeout=15000)
        await expect(page.get_by_text("secrète")).to_have_count(0)
        await page.get_by_role("button", name="Oui, revoir ma conversation").click()
        await expect(page.get_by_text("ma question secrète")).to_be_visible()


async def test_end_leaves_nothing_even_behind_the_back_button(browser: Browser, live_site: Site) -> None:
    async with opened(browser, live_site) as page:
        await ask(page, "ma question secrète")
        await page.get_by_role("button", name="Terminer et effacer").click()
        await expect(page.get_by_text("C’est terminé")).to_be_visible()
        assert await page.context.cookies() == []
        await page.go_back()
        await expect(page.get_by_text("secrète")).to_have_count(0)


async def test_personal_link_can_be_copied_and_opens_elsewhere(browser: Browser, live_site: Site) -> None:
    async with opened(browser, live_site) as page:
        await talk(page, live_site)
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await page.get_by_role("button", name="Obtenir mon lien personnel").click()
        url = await page.get_by_label("Adresse du lien").input_value()
        await page.get_by_role("button", name="Copier le lien").click()
        await expect(page.get_by_text("Lien copié.")).to_be_visible()
        assert await page.evaluate("navigator.clipboard.readText()") == url
        await assert_accessible(page)
    async with opened(browser, live_site, size=PHONE, path=url.removeprefix(live_site.url)) as phone:
        await assert_accessible(phone)
        await phone.get_by_role("button", name="Ouvrir ma conversation").click()
        await expect(phone).to_have_url(live_site.url + "/")
        await expect(phone.locator(".message--referent")).to_contain_text("je regarde votre dossier")


async def test_everything_without_javascript(browser: Browser, live_site: Site) -> None:
    async with opened(browser, live_site, javascript=False) as page:
        await page.get_by_role("link", name="Jeune", exact=True).click()
        await expect(page.get_by_role("heading", name="par les jeunes")).to_be_visible()
        await page.get_by_label("Votre message").fill("bonjour")
        await page.get_by_role("button", name="Envoyer", exact=True).click()
        await expect(page.locator(".message--visitor")).to_contain_text("bonjour")
        public_id = await live_site.only_conversation()
        await live_site.bot_says(public_id, "Est-ce clair ?", "Oui", "Non")
        await page.reload()
        await page.get_by_role("button", name="Non").click()
        await expect(page.locator(".message--visitor").last).to_contain_text("Non")
        await live_site.hand_over(public_id)
        await page.reload()
        await page.get_by_label("Prévenez-moi par e-mail").fill("lea@exemple.fr")
        await page.get_by_role("button", name="Me prévenir").click()
        await expect(page.get_by_text("lea@exemple.fr")).to_be_visible()
        await page.get_by_role("button", name="Terminer et effacer").click()
        await page.get_by_role("button", name="Terminer et effacer maintenant").click()
        await expect(page.get_by_text("C’est terminé")).to_be_visible()


async def test_several_tabs_show_the_same(browser: Browser, live_site: Site) -> None:
    async with opened(browser, live_site) as page:
        await ask(page, "bonjour")
        second = await _second_tab(page.context, live_site)
        await ask(second, "depuis l'autre onglet")
        await expect(page.locator(".message--visitor").last).to_contain_text("depuis l'autre onglet")
        assert re.search(r"\d\d:\d\d", await page.locator("time").last.inner_text())


async def _second_tab(context: BrowserContext, live_site: Site) -> Page:
    page = await context.new_page()
    await page.goto(live_site.url)
    return page
