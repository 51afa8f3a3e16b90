"""The chat's API as the contract has it."""

import asyncio
import unicodedata

import pytest

from tests.web.site import Site
from tests.web.visitor import begin, new_id, post, read


async def test_session_gives_a_cookie_for_thirty_days_and_a_public_id(site: Site) -> None:
    async with site.client() as client, client.post("/api/chat/sessions") as response:
        body = await response.json()
        cookie = response.headers["Set-Cookie"]
    assert response.status == 201
    assert set(body) == {"session"}
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Max-Age=2592000" in cookie
    assert "Secure" not in cookie
    assert body["session"] not in cookie


async def test_message_is_accepted_once_committed_and_seen_at_once_with_its_id(site: Site) -> None:
    async with site.client() as client:
        public_id = await begin(client)
        message_id = new_id()
        assert await post(client, {"id": message_id, "text": "bonjour"}) == (202, {"id": message_id})
        (seen,) = await read(client)
    assert seen == {
        "seq": 1,
        "from": "visitor",
        "id": message_id,
        "text": "bonjour",
        "html": "<p>bonjour</p>",
        "choices": [],
        "at": "2026-11-23T09:00:00Z",
    }
    ((key, payload),) = await site.inbox()
    assert key == f"web:{public_id}:{message_id}"
    assert payload["text"] == "bonjour"
    assert site.woken == [site.clock()]


@pytest.mark.fault(68)
async def test_same_id_again_is_the_same_message(site: Site) -> None:
    async with site.client() as client:
        await begin(client)
        message_id = new_id()
        first = await post(client, {"id": message_id, "text": "bonjour"})
        assert await post(client, {"id": message_id, "text": "bonjour"}) == first
        assert await post(client, {"id": message_id, "text": "autre chose"}) == first
        assert [m["text"] for m in await read(client)] == ["bonjour"]
    assert len(await site.inbox()) == 1


@pytest.mark.fault(68)
async def test_same_id_ten_times_at_once_is_one_message(site: Site) -> None:
    async with site.client() as client:
        await begin(client)
        body = {"id": new_id(), "text": "bonjour"}
        answers = await asyncio.gather(*(post(client, body) for _ in range(10)))
        assert [status for status, _ in answers] == [202] * 10
        assert len(await read(client)) == 1


async def test_choice_is_accepted_by_its_id_and_shown_by_its_label(site: Site) -> None:
    async with site.client() as client:
        public_id = await begin(client)
        await site.bot_says(public_id, "Est-ce clair ?", "Oui", "Non")
        (asked,) = await read(client)
        assert [choice["label"] for choice in asked["choices"]] == ["Oui", "Non"]
        status, _ = await post(client, {"id": new_id(), "choice": asked["choices"][1]["id"]})
        assert status == 202
        assert (await read(client, after=asked["seq"]))[0]["text"] == "Non"


async def test_text_of_4096_characters_after_nfc_is_taken_and_one_more_is_422(site: Site) -> None:
    decomposed = unicodedata.normalize("NFD", "é") * 4096
    async with site.client() as client:
        await begin(client)
        assert (await post(client, {"id": new_id(), "text": decomposed}))[0] == 202
        status, body = await post(client, {"id": new_id(), "text": decomposed + "e"})
        assert (status, body["error"]["code"]) == (422, "too_long")
        assert "4 096" in body["error"]["message"]
        (kept,) = await read(client)
    assert kept["text"] == "é" * 4096


@pytest.mark.parametrize(
    "text",
    [
        "🎭🎭🎭",
        "Здравствуйте",
        "مرحبا",
        "你好",
        "<b>gras</b><script>alert(1)</script>",
        "'; DROP TABLE contacts; --",
        "**pas du Markdown** [x](javascript:alert(1))",
    ],
)
async def test_any_words_come_back_as_they_were_typed(site: Site, text: str) -> None:
    async with site.client() as client:
        await begin(client)
        assert (await post(client, {"id": new_id(), "text": text}))[0] == 202
        (seen,) = await read(client)
    assert seen["text"] == text
    assert "<script" not in seen["html"]
    assert "<b>" not in seen["html"]
    assert "<a" not in seen["html"]


async def test_characters_that_no_database_takes_are_left_out(site: Site) -> None:
    async with site.client() as client:
        await begin(client)
        raw = f'{{"id": "{new_id()}", "text": "a\\u0000b\\ud800c\\u001bd"}}'
        async with client.post(
            "/api/chat/messages", data=raw, headers={"Content-Type": "application/json"}
        ) as response:
            assert response.status == 202
        assert (await read(client))[0]["text"] == "abcd"


async def test_long_poll_answers_as_soon_as_there_is_something(site: Site) -> None:
    async with site.client() as client:
        public_id = await begin(client)
        poll = asyncio.create_task(read(client, wait=20))
        await asyncio.sleep(0.2)
        assert not poll.done()
        await site.bot_says(public_id, "Bonjour !")
        (message,) = await asyncio.wait_for(poll, 2)
    assert (message["from"], message["text"], "id" in message) == ("bot", "Bonjour !", False)


async def test_long_poll_finds_what_another_process_wrote(site: Site) -> None:
    async with site.client() as client:
        public_id = await begin(client)
        poll = asyncio.create_task(read(client, wait=20))
        await asyncio.sleep(0.1)
        site.telling = site.database  # as from elsewhere
        await site.bot_says(public_id, "Bonjour !")
        assert len(await asyncio.wait_for(poll, 3)) == 1


async def test_long_poll_ends_empty_after_its_time(site: Site) -> None:
    async with site.client() as client:
        await begin(client)
        assert await read(client, wait=1) == []


async def test_seq_rises_and_after_leaves_out_what_was_seen(site: Site) -> None:
    async with site.client() as client:
        public_id = await begin(client)
        for text in ("un", "deux", "trois"):
            await site.bot_says(public_id, text)
        assert [m["seq"] for m in await read(client)] == [1, 2, 3]
        assert [m["text"] for m in await read(client, after=2)] == ["trois"]


async def test_bot_markup_comes_as_plain_text_and_as_safe_html(site: Site) -> None:
    async with site.client() as client:
        public_id = await begin(client)
        await site.bot_says(public_id, "**Oui** :\n\n- [ici](https://pass.culture.fr)\n- <i>là</i>")
        (message,) = await read(client)
    assert message["text"] == "Oui :\n\n- ici (https://pass.culture.fr)\n- <i>là</i>"
    assert message["html"] == (
        "<p><strong>Oui</strong> :</p><ul><li>"
        '<a href="https://pass.culture.fr" rel="noopener noreferrer" target="_blank">ici</a>'
        "</li><li>&lt;i&gt;là&lt;/i&gt;</li></ul>"
    )
