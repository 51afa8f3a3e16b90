"""Files of a demand, from one channel to the other: passed through, or kept, and gone with the demand."""

import re

import aiohttp
import pytest

from storage.tables import File
from tests.actors import TelegramCitizen, WebCitizen, texts
from tests.scenarios.console import at_desk
from tests.scenarios.desk import Colleague, appoint, asks_for_a_human, said
from tests.stage import Stage
from tests.web.office import Desk, words

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 2000
HTML = b"<!doctype html><script>alert(1)</script>"


async def links(desk: Desk, number: int) -> list[str]:
    """Where the page of a demand leads to its files."""
    page = await desk.read(f"/console/demandes/{number}")
    return re.findall(r'href="(/console/demandes/\d+/pieces/\d+)"', page)


async def fetched(client: aiohttp.ClientSession, path: str) -> tuple[int, aiohttp.ClientResponse, bytes]:
    async with client.get(path) as answer:
        return answer.status, answer, await answer.read()


async def test_a_file_at_telegram_is_shown_and_passed_through(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    nadia_on_telegram.person.send_file(PNG, '../écran "noir".PNG')
    await nadia_on_telegram.hears()
    async with at_desk(stage, camille) as desk:
        page = await desk.read(f"/console/demandes/{number}")
        (link,) = await links(desk, number)
        status, answer, body = await fetched(desk.client, link)
    assert "écran" in words(page)
    assert "(512 Ko)" in words(page)
    assert (status, body) == (200, PNG)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="_cran noir.PNG"')
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox;")
    assert answer.headers["Cache-Control"] == "no-store"
    kept = await stage.turn(lambda turn: turn.session.query(File).all())
    assert [(file.kind, file.external_id is not None) for file in kept] == [("document", True)]


async def test_what_would_run_in_a_browser_is_given_as_text(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    """The type is what the bytes say, never what the name says."""
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    for content, name in ((HTML, "photo.png"), (b"\x00\x01MZ\x90" * 99, "facture.pdf"), (b"", "rien.txt")):
        nadia_on_telegram.person.send_file(content, name)
    await nadia_on_telegram.hears()
    async with at_desk(stage, camille) as desk:
        found = [await fetched(desk.client, link) for link in await links(desk, number)]
    assert [answer.headers["Content-Type"] for _, answer, _ in found] == [
        "text/plain",
        "application/octet-stream",
        "application/octet-stream",
    ]
    assert all("attachment" in answer.headers["Content-Disposition"] for _, answer, _ in found)


async def test_only_who_may_see_the_demand_may_open_its_files(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague, diane: Colleague
) -> None:
    driss = await appoint(stage, "Driss Benali", territories="21")
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    nadia_on_telegram.person.send_file(PNG, "écran.png")
    await nadia_on_telegram.hears()
    async with at_desk(stage, camille) as desk:
        (link,) = await links(desk, number)
    async with at_desk(stage, driss) as desk:
        status, _, body = await fetched(desk.client, link)
        assert (status, PNG in body) == (404, False)
    async with at_desk(stage, diane) as desk:
        assert (await fetched(desk.client, link))[0] == 200
        elsewhere = link.replace(f"/{number}/", f"/{number + 1}/")
        assert (await fetched(desk.client, elsewhere))[0] == 404
    async with (
        aiohttp.ClientSession(stage.url) as stranger,
        stranger.get(link, allow_redirects=False) as answer,
    ):
        assert (answer.status, answer.headers["Location"]) == (303, "/console/login")


@pytest.mark.fault(30)
async def test_a_file_too_large_or_gone_is_refused_in_plain_words(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    nadia_on_telegram.person.send_file(bytes(20 * 1024 * 1024 + 1), "film.mp4")
    nadia_on_telegram.person.send("photo")  # the fake holds no bytes for it
    nadia_on_telegram.person.send_file(PNG, "écran.png")
    await nadia_on_telegram.hears()
    assert [call.method for call in stage.telegram.history if call.method == "getFile"] == []
    async with at_desk(stage, camille) as desk:
        large, gone, fine = await links(desk, number)
        assert "dépasse 20 Mo" in words(await desk.read(large, status=413))
        assert "Telegram ne donne pas ce fichier" in words(await desk.read(gone, status=502))
        stage.telegram.fail("file", "404")
        assert "Telegram ne donne pas ce fichier" in words(await desk.read(fine, status=502))
        stage.telegram.fail("getFile", "500")
        await desk.read(fine, status=502)
        assert (await fetched(desk.client, fine))[2] == PNG


async def test_a_referents_photo_for_somebody_on_the_site_is_opened_there(
    stage: Stage, camille: Colleague
) -> None:
    ada = WebCitizen(stage)
    number = await asks_for_a_human(ada, "Besançon")
    camille.person.send_file(PNG, "écran.png", reply_to=await camille.notice(number))
    assert "transmis à la personne" in said(await camille.hears())
    assert "[document]" in texts(await ada.hears())
    own = (await ada.call("GET", "/api/chat/messages?after=0&wait=0"))["messages"]
    (shown,) = [message["files"][0] for message in own if "files" in message]
    async with aiohttp.ClientSession(stage.url, cookie_jar=ada._jar) as browser:
        assert (await fetched(browser, shown["url"]))[2] == PNG
    async with at_desk(stage, camille) as desk:
        assert "Visible sur le site" in words(await desk.read(f"/console/demandes/{number}"))
