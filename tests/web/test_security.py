"""What every answer carries, what is logged, and what people read when something breaks."""

import asyncio
import logging
import re
from ipaddress import ip_network
from pathlib import Path

import aiohttp
import pytest

from bot.web.render import STATIC
from tests.web.site import Site, running_site
from tests.web.visitor import begin, new_id, page, post, say, submit

PAGES = ("/", "/confidentialite", "/accessibilite", "/mes-donnees")
OTHERS = ("/nowhere", "/d/unknown", "/healthz", "/readyz", "/test/broken", "/api/chat/messages")
FILES = ("/static/chat.css", "/static/nothing")


async def test_every_answer_has_its_headers(site: Site) -> None:
    async with site.client() as client:
        for path in (*PAGES, *OTHERS, *FILES):
            async with client.get(path) as response:
                policy = response.headers["Content-Security-Policy"]
                assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'"), path
                assert "unsafe" not in policy
                assert "frame-ancestors 'none'" in policy
                assert response.headers["X-Content-Type-Options"] == "nosniff"
                assert response.headers["Referrer-Policy"] == "no-referrer"
                assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
                assert "Server" not in response.headers
                if not path.startswith("/static/"):
                    assert response.headers["Cache-Control"] == "no-store", path


async def test_redirections_have_them_too(site: Site) -> None:
    async with site.client() as client:
        data = {"id": new_id(), "text": "bonjour"}
        async with client.post("/chat", data=data, allow_redirects=False) as response:
            assert response.status == 303
            assert response.headers["Cache-Control"] == "no-store"
            assert "Content-Security-Policy" in response.headers


async def test_pages_need_nothing_from_elsewhere_and_no_inline_code(site: Site) -> None:
    async with site.client() as client:
        for path in PAGES:
            html = await page(client, path)
            assert re.findall(r'(?:src|<link[^>]+href)="(?!/)[^"]*"', html) == []
            assert re.findall(r"<script(?![^>]+src=)", html) == []
            assert re.findall(r"<style| style=| on\w+=", html) == []
    for file in STATIC.iterdir():
        text = file.read_text().replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|@import|innerHTML|outerHTML|insertAdjacentHTML|eval\(", text), file


async def test_static_files_may_be_kept_when_their_address_says_their_content(site: Site) -> None:
    async with site.client() as client:
        html = await page(client)
        found = re.search(r'href="(/static/chat\.css\?v=\w+)"', html)
        assert found
        async with client.get(found[1]) as response:
            assert "immutable" in response.headers["Cache-Control"]
        async with client.get("/static/messages.js") as response:
            assert response.headers["Cache-Control"] == "no-cache"
        async with client.get("/static/../app.py") as response:
            assert response.status == 404


async def test_behind_https_the_cookie_is_secure_and_bound_to_the_host(tmp_path: Path) -> None:
    async with (
        running_site(tmp_path, public_url="https://souffleur.example") as site,
        site.client() as client,
        client.post("/api/chat/sessions", headers={"Origin": "https://souffleur.example"}) as response,
    ):
        cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-souffleur=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


async def test_a_failure_is_a_french_page_or_json_and_never_a_trace(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    async with site.client() as client:
        await begin(client)
        site.database.broken = True
        async with client.get("/") as response:
            assert response.status == 500
            html = await response.text()
        async with client.get("/api/chat/messages") as response:
            assert response.status == 500
            body = await response.json()
    assert "Une erreur est survenue" in html
    assert body["error"]["code"] == "failed"
    assert "4242" not in html + str(body)
    assert "Traceback" not in html + str(body)
    assert "request_failed" in caplog.text


@pytest.mark.fault(12)
@pytest.mark.fault(73)
async def test_a_database_that_is_away_is_said_and_nothing_is_lost(site: Site) -> None:
    async with site.client() as client:
        await begin(client)
        message = {"id": new_id(), "text": "bonjour"}
        site.database.away = True
        async with client.post("/api/chat/messages", json=message) as response:
            assert response.status == 503
            assert response.headers["Retry-After"] == "5"
            assert (await response.json())["error"]["code"] == "unavailable"
        async with client.get("/") as response:
            assert response.status == 503
            assert "momentanément indisponible" in await response.text()
        site.database.away = False
        assert (await post(client, message))[0] == 202


async def test_the_welcome_needs_no_database(site: Site) -> None:
    site.database.away = True
    async with site.client() as client:
        assert "Une question sur le pass" in await page(client)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nowhere", 404), ("PUT", "/chat", 405), ("GET", "/chat", 405), ("TRACE", "/", 405)],
)
async def test_wrong_addresses_and_methods_get_a_french_page(
    site: Site, method: str, path: str, status: int
) -> None:
    async with site.client() as client, client.request(method, path) as response:
        assert response.status == status
        assert '<html lang="fr">' in await response.text()
        assert ("Allow" in response.headers) == (status == 405)


async def test_programs_get_errors_as_json(site: Site) -> None:
    async with site.client() as client:
        for path, headers in (("/api/nowhere", {}), ("/nowhere", {"Accept": "application/json"})):
            async with client.get(path, headers=headers) as response:
                assert response.status == 404
                assert set((await response.json())["error"]) == {"code", "message"}


async def test_access_log_has_routes_and_never_tokens_or_words(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with site.client() as client:
        await say(client, "mon secret")
        async with client.get("/d/secret-token?mot=secret") as response:
            assert response.status == 410
        await submit(client, "/d/secret-token")
        async with client.get("/nowhere/secret") as response:
            assert response.status == 404
    served = [record.getMessage() for record in caplog.records if record.name == "bot.web.access"]
    assert any("method=POST route=/chat status=303" in line for line in served)
    assert any("method=GET route=/d/{token} status=410" in line for line in served)
    assert any("route=? status=404" in line for line in served)
    ours = [record.getMessage() for record in caplog.records if record.name.startswith(("bot", "aiohttp"))]
    assert "secret" not in "\n".join(ours)


class _Lines(logging.Handler):
    """What is logged, as it comes."""

    def __init__(self) -> None:
        super().__init__()
        self.coming: asyncio.Queue[str] = asyncio.Queue()

    def emit(self, record: logging.LogRecord) -> None:
        self.coming.put_nowait(record.getMessage())


async def test_somebody_who_leaves_in_the_middle_is_no_failure_of_ours(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    logging.getLogger("bot.web.access").addHandler(lines := _Lines())
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", int(site.url.rsplit(":", 1)[1]))
        form = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 99\r\n"
        writer.write(
            f"POST /chat HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\n{form}\r\nte".encode()
        )
        await writer.drain()
        writer.close()
        line = await asyncio.wait_for(lines.coming.get(), 10)
    finally:
        logging.getLogger("bot.web.access").removeHandler(lines)
    assert "method=POST route=/chat status=499" in line


async def limited_after(client: aiohttp.ClientSession, forwarded: str, *, times: int = 201) -> bool:
    """Whether the last of so many new sessions from this forwarded address was refused."""
    statuses = []
    for _ in range(times):
        async with client.post("/api/chat/sessions", headers={"X-Forwarded-For": forwarded}) as response:
            statuses.append(response.status)
    return statuses[-1] == 429


async def test_addresses_are_counted_behind_trusted_proxies(tmp_path: Path) -> None:
    proxies = (ip_network("127.0.0.0/8"), ip_network("10.0.0.0/8"))
    async with running_site(tmp_path, proxies=proxies) as site, site.client() as client:
        assert await limited_after(client, "6.6.6.6, 203.0.113.7, 10.1.2.3")
        assert await limited_after(client, "203.0.113.7", times=1), "only proxies are believed"
        assert not await limited_after(client, "203.0.113.8", times=1)
        assert not await limited_after(client, "not an address", times=1)


async def test_forwarded_addresses_of_strangers_are_not_believed(site: Site) -> None:
    async with site.client() as client:
        for number in range(200):
            assert not await limited_after(client, f"203.0.113.{number}", times=1)
        assert await limited_after(client, "198.51.100.1", times=1)


async def test_ipv6_customers_are_counted_by_their_network(tmp_path: Path) -> None:
    async with running_site(tmp_path, proxies=(ip_network("127.0.0.1"),)) as site, site.client() as client:
        for number in range(200):
            assert not await limited_after(client, f"2001:db8::{number:x}", times=1)
        assert await limited_after(client, "2001:db8::ffff:1", times=1)
        assert not await limited_after(client, "2001:db8:0:1::1", times=1)
