"""The pages around the chat."""

import json

from storage.tables import Contact
from tests.web.site import Site
from tests.web.visitor import page, say, submit


async def test_confidentiality_says_who_how_long_and_how_to_erase(site: Site) -> None:
    async with site.client() as client:
        html = await page(client, "/confidentialite")
    for words in ("Association Exemple", "30 jours", "6 mois", "12 mois", "/mes-donnees", "CNIL", "Telegram"):
        assert words in html


async def test_accessibility_claims_no_more_than_is_known(site: Site) -> None:
    async with site.client() as client:
        assert "Accessibilité : non conforme" in await page(client)
        html = await page(client, "/accessibilite")
    assert "non conforme" in html
    assert "Défenseur des droits" in html


async def test_my_data_readable_and_as_a_file(site: Site) -> None:
    async with site.client() as client:
        assert "Nous ne gardons rien sur vous" in await page(client, "/mes-donnees")
        async with client.get("/mes-donnees.json") as response:
            assert response.status == 401
        await say(client, "<b>ma question</b>")
        await site.bot_says(await site.only_conversation(), "**Voici**")
        html = await page(client, "/mes-donnees")
        assert "&lt;b&gt;ma question&lt;/b&gt;" in html
        assert "**" not in html
        async with client.get("/mes-donnees.json") as response:
            assert "attachment" in response.headers["Content-Disposition"]
            data = json.loads(await response.text())
    assert [one["texte"] for one in data["echanges"]] == ["<b>ma question</b>", "**Voici**"]


async def test_erasing_asks_once_then_leaves_nothing(site: Site) -> None:
    async with site.client() as client:
        await say(client, "ma question")
        async with client.post("/mes-donnees/effacer") as response:
            assert response.status == 422
            assert "Cochez la case" in await response.text()
        assert "ma question" in await page(client, "/mes-donnees")
        assert await submit(client, "/mes-donnees/effacer", sure="1") == (303, "/mes-donnees?efface=1")
        assert "Tout est effacé" in await page(client, "/mes-donnees?efface=1")
        assert "ma question" not in await page(client)
        assert len(client.cookie_jar) == 0
    assert await site.database.read(lambda session: session.query(Contact).count()) == 0
    assert all(payload == {} for _, payload in await site.inbox())


async def test_alive_and_ready(site: Site) -> None:
    async with site.client() as client:
        assert json.loads(await page(client, "/healthz")) == {"alive": True}
        assert json.loads(await page(client, "/readyz")) == {"ready": True, "database": True, "schema": True}
        site.database.away = True
        assert json.loads(await page(client, "/healthz")) == {"alive": True}
        async with client.get("/readyz") as response:
            assert response.status == 503
            assert await response.json() == {"ready": False, "database": False, "schema": True}
