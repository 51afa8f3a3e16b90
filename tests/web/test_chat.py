"""The chat page and its forms: the whole chat without JavaScript."""

import io
import re

import pytest

from tests.web.site import Site
from tests.web.visitor import begin, choice_ids, new_id, page, read, say, submit


async def test_nothing_is_stored_and_no_cookie_given_before_the_first_action(site: Site) -> None:
    async with site.client() as client:
        for path in ("/", "/?public=jeune", "/confidentialite", "/accessibilite", "/mes-donnees", "/healthz"):
            async with client.get(path) as response:
                assert response.status == 200
                assert "Set-Cookie" not in response.headers
        await say(client, "bonjour")
        assert [cookie.key for cookie in client.cookie_jar] == ["souffleur"]


async def test_notice_is_on_the_page_before_the_first_question(site: Site) -> None:
    async with site.client() as client:
        html = await page(client)
    notice = html[html.index('class="privacy"') :]
    notice = notice[: notice.index("</div>")]
    assert "robot" in notice
    assert "30 jours" in notice
    assert "mot de passe" in notice
    assert 'href="/confidentialite"' in notice
    assert len(re.findall(r"\.(?=\s)", re.sub(r"<[^>]+>", "", notice))) == 3
    assert html.index('class="privacy"') < html.index("<textarea")


async def test_a_question_and_its_answer_without_javascript(site: Site) -> None:
    async with site.client() as client:
        assert await submit(client, "/chat", id=new_id(), text="À quel âge ?") == (303, "/")
        await site.bot_says(await site.only_conversation(), "À **15** ans.", "Oui, merci", "Non")
        html = await page(client)
        assert "À quel âge ?" in html
        assert "À <strong>15</strong> ans." in html
        yes, _ = choice_ids(html)
        assert await submit(client, "/chat", id=new_id(), choice=yes) == (303, "/")
        html = await page(client)
        assert "Oui, merci" in html
        assert choice_ids(html) == []


@pytest.mark.fault(68)
async def test_the_same_form_sent_twice_is_one_message(site: Site) -> None:
    async with site.client() as client:
        identifier = new_id()
        for _ in range(2):
            assert await submit(client, "/chat", id=identifier, text="bonjour") == (303, "/")
        assert len(await read(client)) == 1


async def test_each_form_has_an_id_of_its_own(site: Site) -> None:
    async with site.client() as client:
        ids = re.findall(r'name="id" value="([^"]+)"', await page(client))
    assert len(ids) == len(set(ids)) >= 7


@pytest.mark.fault(67)
async def test_a_reload_finds_the_conversation_again(site: Site) -> None:
    async with site.client() as client:
        await say(client, "ma question à moi")
        for _ in range(2):
            assert "ma question à moi" in await page(client)
    async with site.client() as somebody_else:
        assert "ma question à moi" not in await page(somebody_else)


async def test_suggestions_by_audience_and_the_audience_comes_with_the_question(site: Site) -> None:
    async with site.client() as client:
        html = await page(client, "/?public=partenaire")
        shown = re.findall(r'data-suggestions="(\w+)" aria-labelledby="[\w-]+" (hidden)?', html)
        assert [name for name, hidden in shown if not hidden] == ["partenaire"]
        assert await submit(client, "/chat", id=new_id(), text="bonjour", audience="partenaire") == (303, "/")
    audience = await site.turn(await site.only_conversation(), lambda turn, contact: contact.audience)
    assert audience == "partenaire"


@pytest.mark.parametrize(
    "query", ["public=x", "public=<script>alert(1)</script>", "public=%00", "fin=1&public="]
)
async def test_forged_audience_shows_the_general_suggestions(site: Site, query: str) -> None:
    async with site.client() as client:
        html = await page(client, f"/?{query}")
    assert "<script>alert" not in html
    assert 'data-suggestions="general" aria-labelledby="suggestions-general" >' in html


async def test_empty_and_too_long_messages_come_back_with_what_is_wrong(site: Site) -> None:
    async with site.client() as client:
        async with client.post("/chat", data={"id": new_id(), "text": "   "}) as response:
            html = await response.text()
            assert response.status == 422
        assert "Votre message est vide" in html
        async with client.post("/chat", data={"id": new_id(), "text": "é" * 4097}) as response:
            html = await response.text()
            assert response.status == 422
        assert 'aria-invalid="true"' in html
        assert "é" * 4097 in html, "what was typed is not lost"


async def test_a_forged_choice_is_answered_on_the_page(site: Site) -> None:
    async with (
        site.client() as client,
        client.post("/chat", data={"id": new_id(), "choice": "1.0"}) as response,
    ):
        assert response.status == 422
        assert "Ce choix n&#39;est plus proposé" in await response.text()


async def test_an_upload_in_place_of_a_text_is_refused(site: Site) -> None:
    upload = {"id": new_id(), "text": io.BytesIO(b"\x00\x01")}
    async with site.client() as client, client.post("/chat", data=upload) as response:
        assert response.status == 422


@pytest.mark.parametrize(
    "kind",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded; charset=none",
        "text/plain",
    ],
)
async def test_a_form_that_is_none_is_refused(site: Site, kind: str) -> None:
    broken, headers = b"--x\r\n\xff%%%", {"Content-Type": kind}
    async with site.client() as client, client.post("/chat", data=broken, headers=headers) as response:
        assert response.status in (400, 422)
        assert (
            "Ce formulaire" in (html := await response.text()) or "Il manque" in html or "identifiant" in html
        )


@pytest.mark.fault(72)
@pytest.mark.parametrize(
    "text", ['"><img src=x onerror=alert(1)>', "</textarea><script>alert(1)</script>", "{{ 7*7 }}"]
)
async def test_words_of_people_stay_words(site: Site, text: str) -> None:
    async with site.client() as client:
        await say(client, text)
        html = await page(client)
    assert "<img" not in html
    assert "<script>alert" not in html
    assert "{{ 7*7 }}" in html or "7*7" not in text


async def test_handed_over_the_page_shows_number_link_telegram_and_mail(site: Site) -> None:
    async with site.client() as client:
        await say(client, "au secours")
        number = await site.hand_over(await site.only_conversation())
        html = await page(client)
    assert f'<span id="ticket-number">{number}</span>' in html
    assert 'action="/chat/lien"' in html
    assert 'href="https://t.me/souffleur_bot"' in html
    assert "Prévenez-moi par e-mail" in html


async def test_mail_notice_is_kept_and_shown_and_a_bad_address_explained(site: Site) -> None:
    async with site.client() as client:
        await say(client, "au secours")
        await site.hand_over(await site.only_conversation())
        async with client.post("/chat/mail", data={"address": "pas une adresse"}) as response:
            assert response.status == 422
            assert "adresse" in await response.text()
        assert await submit(client, "/chat/mail", address="lea@exemple.fr") == (303, "/#cards")
        assert "lea@exemple.fr" in await page(client)


async def test_a_human_and_the_end_are_always_in_reach(site: Site) -> None:
    async with site.client() as client:
        for said in ("", "bonjour"):
            if said:
                await say(client, said)
            html = await page(client)
            assert 'value="Parler au référent"' in html
            assert "Terminer et effacer de cet ordinateur" in html


async def test_end_takes_the_conversation_off_this_computer(site: Site) -> None:
    async with site.client() as client:
        await say(client, "ma question")
        token = next(iter(client.cookie_jar)).value
        assert await submit(client, "/chat/fin") == (303, "/?fin=1")
        assert len(client.cookie_jar) == 0
        assert "ma question" not in await page(client, "/?fin=1")
    async with site.client() as thief:
        headers = {"Cookie": f"souffleur={token}"}
        async with thief.get("/", headers=headers) as response:
            assert "ma question" not in await response.text()


async def test_end_with_an_open_demand_first_offers_the_way_back(site: Site) -> None:
    async with site.client() as client:
        await say(client, "au secours")
        number = await site.hand_over(await site.only_conversation())
        async with client.post("/chat/fin") as response:
            html = await response.text()
        assert f"n°&nbsp;{number}" in html
        assert 'action="/chat/lien"' in html
        assert await submit(client, "/chat/fin", sure="1") == (303, "/?fin=1")


async def test_after_thirty_idle_minutes_nothing_old_is_shown_before_a_confirmation(site: Site) -> None:
    async with site.client() as client:
        await say(client, "ma question secrète")
        site.clock.advance(minutes=29)
        assert "ma question secrète" in await page(client)
        site.clock.advance(minutes=2)
        html = await page(client)
        assert "Est-ce toujours vous" in html
        assert "ma question secrète" not in html
        for path in ("/api/chat/messages", "/api/chat/events", "/mes-donnees", "/mes-donnees.json"):
            async with client.get(path) as response:
                assert response.status == 403, path
                assert "secrète" not in await response.text()
        async with client.post("/chat", data={"id": new_id(), "text": "autre"}) as response:
            assert response.status == 403
            assert "Est-ce toujours vous" in await response.text()
        assert await submit(client, "/chat/toujours-moi") == (303, "/")
        assert "ma question secrète" in await page(client)


async def test_writing_counts_as_being_there(site: Site) -> None:
    async with site.client() as client:
        await begin(client)
        for _ in range(3):
            site.clock.advance(minutes=20)
            async with client.post("/api/chat/presence") as response:
                assert response.status == 200
        assert await read(client) == []


async def test_session_slides_thirty_days(site: Site) -> None:
    async with site.client() as client:
        await say(client, "bonjour")
        for _ in range(3):
            site.clock.advance(days=29)
            assert await submit(client, "/chat/toujours-moi") == (303, "/")
        assert "bonjour" in await page(client)
        site.clock.advance(days=30)
        assert "bonjour" not in await page(client)


async def test_a_lost_session_begins_a_new_conversation(site: Site) -> None:
    async with site.client() as client:
        async with client.post(
            "/chat", data={"id": new_id(), "text": "bonjour"}, headers={"Cookie": "souffleur=unknown"}
        ) as response:
            assert response.status == 200
        assert "bonjour" in await page(client)
