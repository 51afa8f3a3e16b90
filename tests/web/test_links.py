"""Personal links: a conversation on any device, opened by a button only."""

import re
import xml.etree.ElementTree as ET

from bot.web.links import qr_path
from tests.web.site import Site
from tests.web.visitor import page, say, submit


async def make_link(site: Site, question: str = "ma question") -> str:
    """A visitor asks and takes the link home; its path."""
    async with site.client() as client:
        await say(client, question)
        async with client.post("/chat/lien") as response:
            assert response.status == 200
            assert response.headers["Cache-Control"] == "no-store"
            html = await response.text()
    found = re.search(rf"{re.escape(site.url)}(/d/[A-Za-z0-9_-]{{43}})", html)
    assert found, html
    assert '<svg class="qr"' in html
    return found[1]


async def test_a_get_changes_nothing_and_a_button_opens_the_conversation(site: Site) -> None:
    path = await make_link(site)
    async with site.client() as phone:
        for _ in range(3):
            async with phone.get(path) as response:
                html = await response.text()
                assert response.status == 200
                assert response.headers["Referrer-Policy"] == "no-referrer"
                assert response.headers["Cache-Control"] == "no-store"
                assert "Set-Cookie" not in response.headers
                assert "ma question" not in html
        assert await submit(phone, path) == (303, "/")
        assert "ma question" in await page(phone)


async def test_both_devices_see_what_is_said(site: Site) -> None:
    path = await make_link(site)
    async with site.client() as phone:
        await submit(phone, path)
        await say(phone, "et depuis mon téléphone")
        async with site.client() as tablet:
            await submit(tablet, path)
            assert "et depuis mon téléphone" in await page(tablet)


async def test_unknown_and_replaced_links_are_gone(site: Site) -> None:
    async with site.client() as client:
        for path in ("/d/unknown", "/d/" + "A" * 43, "/d/%00", "/d/" + "x" * 3000):
            for method in ("GET", "POST"):
                async with client.request(method, path) as response:
                    assert response.status == 410, (method, path)
                    assert "Ce lien ne mène plus à une conversation" in await response.text()


async def test_link_ends_after_six_months(site: Site) -> None:
    path = await make_link(site)
    site.clock.advance(days=184)
    async with site.client() as client, client.get(path) as response:
        assert response.status == 410


async def test_another_site_cannot_open_a_conversation_here(site: Site) -> None:
    path = await make_link(site)
    async with (
        site.client() as client,
        client.post(path, headers={"Origin": "https://evil.example"}) as response,
    ):
        assert response.status == 403


async def test_guessing_is_slowed_down(site: Site) -> None:
    async with site.client() as client:
        for _ in range(60):
            async with client.get("/d/guess") as response:
                assert response.status == 410
        async with client.get("/d/guess") as response:
            assert response.status == 429
            assert int(response.headers["Retry-After"]) > 0


def test_qr_code_is_one_path_within_its_square() -> None:
    path, size = qr_path("https://souffleur.example/d/" + "x" * 43)
    points = [tuple(map(int, point)) for point in re.findall(r"M(\d+) (\d+)h1v1h-1z", path)]
    assert "".join(f"M{x} {y}h1v1h-1z" for x, y in points) == path
    assert all(2 <= x < size - 2 and 2 <= y < size - 2 for x, y in points)
    ET.fromstring(f'<svg viewBox="0 0 {size} {size}"><path d="{path}"/></svg>')
