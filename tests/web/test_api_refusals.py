"""What the chat's API refuses, and how it says so."""

import json

import aiohttp
import pytest

from bot.web.limits import What
from tests.web.site import Site
from tests.web.visitor import begin, new_id, post, read


@pytest.mark.parametrize(
    "choice", ["999.0", "1.7", "abc", "1.-1", "'; DROP TABLE contacts", "1" * 200, "", 3, ["1.0"]]
)
async def test_unknown_choice_is_422(site: Site, choice: object) -> None:
    async with site.client() as client:
        public_id = await begin(client)
        await site.bot_says(public_id, "Est-ce clair ?", "Oui")
        status, body = await post(client, {"id": new_id(), "choice": choice})
        assert (status, body["error"]["code"]) == (422, "unknown_choice")
        assert len(await read(client)) == 1


async def test_choice_of_another_conversation_is_422(site: Site) -> None:
    async with site.client() as alice, site.client() as bob:
        await site.bot_says(await begin(alice), "Est-ce clair ?", "Oui")
        await begin(bob)
        (asked,) = await read(alice)
        status, body = await post(bob, {"id": new_id(), "choice": asked["choices"][0]["id"]})
    assert (status, body["error"]["code"]) == (422, "unknown_choice")


@pytest.mark.parametrize(
    "body",
    [
        {"text": "a"},
        {"id": "1", "text": "a"},
        {"id": 5, "text": "a"},
        {"id": new_id()},
        {"id": new_id(), "text": 7},
        {"id": new_id(), "text": "  \n "},
        [],
        "x",
    ],
)
async def test_message_that_is_none_is_422_with_a_french_sentence(site: Site, body: object) -> None:
    async with site.client() as client:
        await begin(client)
        status, answer = await post(client, body)
        assert status == 422
        assert answer["error"]["message"].endswith(".")
        assert await read(client) == []


@pytest.mark.fault(69)
async def test_without_session_401(site: Site) -> None:
    async with site.client() as client:
        for method, path in (
            ("POST", "messages"),
            ("GET", "messages"),
            ("GET", "events"),
            ("POST", "presence"),
        ):
            async with client.request(
                method, f"/api/chat/{path}", json={} if method == "POST" else None
            ) as response:
                assert response.status == 401, path
                assert (await response.json())["error"]["code"] == "no_session"


@pytest.mark.parametrize("cookie", ["x", "a" * 5000, "é", "' OR 1=1 --", "../../etc/passwd"])
async def test_forged_cookie_is_no_session(site: Site, cookie: str) -> None:
    async with aiohttp.ClientSession(site.url) as client:
        headers = {"Cookie": f"souffleur={cookie}".encode().decode("latin-1")}
        async with client.get("/api/chat/messages", headers=headers) as response:
            assert response.status == 401
        async with client.get("/", headers=headers) as response:
            assert response.status == 200


@pytest.mark.fault(69)
async def test_another_site_is_refused(site: Site) -> None:
    foreign = (
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
    )
    async with site.client() as client:
        await begin(client)
        for headers in foreign:
            for path in (
                "/api/chat/sessions",
                "/api/chat/messages",
                "/chat",
                "/chat/fin",
                "/mes-donnees/effacer",
            ):
                async with client.post(
                    path, json={}, headers={"Accept": "application/json", **headers}
                ) as response:
                    assert response.status == 403, (path, headers)
                    assert (await response.json())["error"]["code"] == "cross_origin"
            for path in ("/api/chat/messages", "/api/chat/events"):
                async with client.get(path, headers=headers) as response:
                    assert response.status == 403, (path, headers)


async def test_our_own_pages_and_programs_without_origin_are_served(site: Site) -> None:
    for headers in ({"Origin": site.url}, {"Sec-Fetch-Site": "same-origin", "Origin": "null"}, {}):
        async with site.client(**headers) as client:
            await begin(client)


async def test_not_json_415_and_unreadable_json_422(site: Site) -> None:
    async with site.client() as client:
        await begin(client)
        async with client.post("/api/chat/messages", data={"id": new_id(), "text": "a"}) as response:
            assert response.status == 415
        for data in (b"{", b"\xff\xfe", b"[" * 60000):
            async with client.post(
                "/api/chat/messages", data=data, headers={"Content-Type": "application/json"}
            ) as response:
                assert response.status == 422
                assert (await response.json())["error"]["code"] == "invalid_json"


async def test_body_beyond_64_kib_is_413_with_a_length_and_without(site: Site) -> None:
    big = json.dumps({"id": new_id(), "text": "a" * 1_000_000}).encode()

    async def chunks() -> object:
        for start in range(0, len(big), 16384):
            yield big[start : start + 16384]

    async with site.client() as client:
        await begin(client)
        for data in (big, chunks()):
            try:
                async with client.post(
                    "/api/chat/messages", data=data, headers={"Content-Type": "application/json"}
                ) as response:
                    assert response.status == 413
                    assert (await response.json())["error"]["code"] == "too_large"
            except aiohttp.ClientOSError:
                # The server may hang up on a client that keeps talking; either way nothing was kept.
                pass
        assert await read(client) == []


async def test_twenty_messages_a_minute_for_a_session(site: Site) -> None:
    async with site.client() as client:
        await begin(client)
        for _ in range(20):
            assert (await post(client, {"id": new_id(), "text": "encore"}))[0] == 202
            site.clock.advance(seconds=1)
        async with client.post("/api/chat/messages", json={"id": new_id(), "text": "trop"}) as response:
            assert response.status == 429
            assert response.headers["Retry-After"] == "40"
            assert (await response.json())["error"]["code"] == "too_many"
        site.clock.advance(seconds=40)
        assert (await post(client, {"id": new_id(), "text": "de nouveau"}))[0] == 202


async def test_two_hundred_sessions_an_hour_for_an_address(site: Site) -> None:
    async with site.client() as client:
        for _ in range(200):
            await begin(client)
        async with client.post("/api/chat/sessions") as response:
            assert response.status == 429
            assert int(response.headers["Retry-After"]) == 3600
    assert What.ADDRESS_MESSAGES.value.times == 600


@pytest.mark.parametrize(
    "query", ["after=x", "after=-1", "wait=26", "wait=1e3", "after=99999999999999999999"]
)
async def test_numbers_that_are_none_are_422(site: Site, query: str) -> None:
    async with site.client() as client:
        await begin(client)
        async with client.get(f"/api/chat/messages?{query}") as response:
            assert response.status == 422
