"""Files that people upload by the web: taken in by chunks, told by content, gone with the demand."""

import io
import uuid
from typing import Any

import aiohttp
import pytest
from sqlalchemy import func, select

from handlers import privacy, retention
from handlers.pieces import LARGEST, MOST_FILES
from handlers.turn import Turn
from storage import contacts, files, tickets
from storage.tables import File, FileChunk
from tests.actors import TelegramCitizen, WebCitizen, texts
from tests.scenarios.console import at_desk
from tests.scenarios.desk import Colleague, asks_for_a_human, history, said, ticket
from tests.scenarios.test_pieces import PNG, fetched, links
from tests.stage import Stage
from tests.web.office import SAME_ORIGIN, Desk, words

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 4000
ZIP = b"PK\x03\x04\x14\x00\x06\x00" + b"\x00" * 18
DOCX = ZIP + b"[Content_Types].xml" + bytes(400) + b"word/document.xml" + bytes(400)


def form(content: bytes, name: str = "justificatif.pdf", **fields: str) -> aiohttp.FormData:
    data = aiohttp.FormData(quote_fields=False)
    for field, value in {"id": str(uuid.uuid4()), "form": uuid.uuid4().hex, **fields}.items():
        data.add_field(field, value)
    data.add_field("piece", io.BytesIO(content), filename=name, content_type="application/x-lie")
    return data


async def attach(citizen: WebCitizen, content: bytes, name: str = "justificatif.pdf", **fields: str) -> Any:
    """What the chat's own page does; the status and the answer."""
    async with (
        aiohttp.ClientSession(cookie_jar=citizen._jar, headers=SAME_ORIGIN) as session,
        session.post(f"{citizen.stage.url}/api/chat/pieces", data=form(content, name, **fields)) as response,
    ):
        return response.status, await response.json()


async def gives(desk: Desk, number: int, content: bytes, name: str, status: int = 303, **fields: str) -> str:
    data = form(content, name, **fields)
    answer = await desk.client.post(f"/console/demandes/{number}/pieces", data=data, allow_redirects=False)
    text = await answer.text()
    assert answer.status == status, (answer.status, words(text)[-1500:])
    return answer.headers["Location"] if status == 303 else words(text)


async def kept(stage: Stage) -> tuple[int, int]:
    """How many files and chunks the database holds."""
    return await stage.turn(
        lambda turn: (
            turn.session.scalar(select(func.count()).select_from(File)) or 0,
            turn.session.scalar(select(func.count()).select_from(FileChunk)) or 0,
        )
    )


async def test_a_file_of_the_site_reaches_the_referent(stage: Stage, camille: Colleague) -> None:
    ada = WebCitizen(stage)
    number = await asks_for_a_human(ada, "Besançon")
    await camille.writes(f"/prendre {number}")
    await ada.hears()
    status, answer = await attach(ada, PDF, "C:\\docs\\Notification d'échec.pdf")
    assert (status, "id" in answer) == (202, True)
    assert "C'est transmis au référent" in texts(await ada.hears())
    assert "envoie : document" in said(await camille.hears())
    own = (await ada.call("GET", "/api/chat/messages?after=0&wait=0"))["messages"]
    (shown,) = [message["files"] for message in own if "files" in message]
    assert shown == [{"name": "Notification d'échec.pdf", "size": "1,0 Mo", "url": shown[0]["url"]}]
    async with at_desk(stage, camille) as desk:
        (link,) = await links(desk, number)
        _, answer, body = await fetched(desk.client, link)
    assert body == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert await kept(stage) == (1, 4)
    async with aiohttp.ClientSession(stage.url, cookie_jar=ada._jar) as browser:
        assert (await fetched(browser, shown[0]["url"]))[2] == PDF
    async with aiohttp.ClientSession(stage.url) as stranger:
        assert (await fetched(stranger, shown[0]["url"]))[0] == 401
    bob = WebCitizen(stage)
    await bob.says("bonjour")
    async with aiohttp.ClientSession(stage.url, cookie_jar=bob._jar) as browser:
        assert (await fetched(browser, shown[0]["url"]))[0] == 404


async def test_a_form_without_javascript_does_the_same_and_twice_is_once(
    stage: Stage, camille: Colleague
) -> None:
    ada = WebCitizen(stage)
    number = await asks_for_a_human(ada, "Besançon")
    same = str(uuid.uuid4())
    async with aiohttp.ClientSession(stage.url, cookie_jar=ada._jar, headers=SAME_ORIGIN) as browser:
        assert "Joindre un fichier" in await (await browser.get("/")).text()
        for _ in range(2):
            data = form(PNG, "écran.png", id=same)
            answer = await browser.post("/chat/pieces", data=data, allow_redirects=False)
            assert (answer.status, answer.headers["Location"]) == (303, "/")
        page = await (await browser.get("/")).text()
    assert page.count("écran.png (512 Ko)") == 1
    assert "C'est joint à votre demande" in texts(await ada.hears())
    assert await kept(stage) == (1, 2)
    assert (await stage.turn(lambda turn: files.kept(turn.session, number))) == (1, len(PNG))


REFUSED = {
    "vide.pdf": (b"", 422, "no_file"),
    "facture.pdf": (b"MZ\x90\x00" * 99, 415, "file_type"),
    "archive.zip": (ZIP + bytes(200), 415, "file_type"),
    "film.mp4": (b"\x00\x00\x00\x18ftypmp42" + bytes(99), 415, "file_type"),
    "grand.pdf": (b"%PDF-1.7\n" + bytes(LARGEST), 413, "too_large"),
    "plus-grand.pdf": (b"%PDF-1.7\n" + bytes(LARGEST + 100_000), 413, "too_large"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_what_is_not_accepted_is_refused_and_nothing_of_it_stays(
    stage: Stage, camille: Colleague, name: str
) -> None:
    content, status, code = REFUSED[name]
    ada = WebCitizen(stage)
    await asks_for_a_human(ada, "Besançon")
    answered, answer = await attach(ada, content, name)
    assert (answered, answer["error"]["code"]) == (status, code)
    assert await kept(stage) == (0, 0)


async def test_text_and_office_documents_are_accepted(stage: Stage, camille: Colleague) -> None:
    ada = WebCitizen(stage)
    await asks_for_a_human(ada, "Besançon")
    for content, name in ((DOCX, "lettre.exe"), ("Été, 12 €\n".encode(), "notes"), (b"%PDF-1.7\n", "a.pdf")):
        assert (await attach(ada, content, name))[0] == 202, name
    stored = await stage.turn(lambda turn: turn.session.query(File).order_by(File.id).all())
    assert [(one.name, (one.mime or "").rpartition(".")[2]) for one in stored] == [
        ("lettre.exe.docx", "document"),
        ("notes.txt", "text/plain"),
        ("a.pdf", "application/pdf"),
    ]


async def test_files_are_for_a_demand_that_is_open(stage: Stage, camille: Colleague) -> None:
    ada = WebCitizen(stage)
    await ada.says("bonjour")
    status, answer = await attach(ada, PNG, "écran.png")
    assert (status, answer["error"]["code"]) == (409, "no_file_now")
    assert "posez d'abord votre question" in answer["error"]["message"].lower().replace("’", "'")
    number = await asks_for_a_human(ada, "Besançon")
    await camille.writes(f"/clore {number}")
    assert (await attach(ada, PNG, "écran.png"))[0] == 409
    assert await kept(stage) == (0, 0)


async def test_files_are_counted_for_each_session_and_each_demand(stage: Stage, camille: Colleague) -> None:
    ada = WebCitizen(stage)
    await asks_for_a_human(ada, "Besançon")
    small = b"%PDF-1.7\n"
    answers = [(await attach(ada, small))[0] for _ in range(MOST_FILES)]
    assert answers == [202] * MOST_FILES
    assert (await attach(ada, small))[0] == 429
    stage.clock.advance(minutes=11)
    status, answer = await attach(ada, small)
    assert (status, answer["error"]["code"]) == (409, "no_file_now")
    assert "autant de fichiers" in answer["error"]["message"]


async def test_an_upload_that_breaks_off_leaves_nothing(stage: Stage, camille: Colleague) -> None:
    ada = WebCitizen(stage)
    await asks_for_a_human(ada, "Besançon")
    head = (
        b'--x\r\nContent-Disposition: form-data; name="id"\r\n\r\n' + str(uuid.uuid4()).encode() + b"\r\n"
        b'--x\r\nContent-Disposition: form-data; name="piece"; filename="a.pdf"\r\n\r\n'
    )
    async with aiohttp.ClientSession(cookie_jar=ada._jar, headers=SAME_ORIGIN) as session:
        kind = {"Content-Type": "multipart/form-data; boundary=x"}
        for body in (head + PDF, b"no form at all", b""):
            answer = await session.post(f"{stage.url}/api/chat/pieces", data=body, headers=kind)
            assert answer.status in (400, 422), (answer.status, await answer.text())
        answer = await session.post(f"{stage.url}/api/chat/pieces", json={"piece": "x"})
        assert answer.status == 415
    assert await kept(stage) == (0, 0)


async def test_a_referents_file_is_delivered_on_telegram(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await nadia_on_telegram.hears()
    async with at_desk(stage, camille) as desk:
        led = await gives(desk, number, PDF, "Déclaration.pdf", legende="Voici le modèle *signé*.")
        assert led == f"/console/demandes/{number}?fait=piece"
        await stage.settle()
        page = words(await desk.read(led))
    assert "Votre fichier est parti." in page
    assert "Déclaration.pdf (1,0 Mo)" in page
    assert "Remis" in page
    sent = nadia_on_telegram.person.heard()[-1]
    assert sent.file == PDF
    assert sent.raw["document"]["file_name"] == "Déclaration.pdf"
    assert sent.raw["caption"] == (
        f"Réponse de votre référent (demande n° {number})\n\nVoici le modèle *signé*."
    )
    assert (await ticket(stage, number)).state == "answered"
    assert "replied" in await history(stage, number)
    nadia_on_telegram.person.write("Merci !", reply_to=sent)
    assert "Votre message est transmis" in texts(await nadia_on_telegram.hears())


@pytest.mark.fault(41)
async def test_a_file_whose_delivery_is_uncertain_is_sent_again_once(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    stage.telegram.fail("sendDocument", "reset_after")
    async with at_desk(stage, camille) as desk:
        await gives(desk, number, PNG, "écran.png")
        await stage.settle()
        assert "Remis" in words(await desk.read(f"/console/demandes/{number}"))
    assert [one.file for one in nadia_on_telegram.person.heard() if one.file] == [PNG, PNG]


async def test_a_referents_file_is_opened_on_the_site(stage: Stage, camille: Colleague) -> None:
    ada = WebCitizen(stage)
    number = await asks_for_a_human(ada, "Besançon")
    await ada.hears()
    async with at_desk(stage, camille) as desk:
        await gives(desk, number, PNG, "écran.png")
    own = (await ada.call("GET", "/api/chat/messages?after=0&wait=0"))["messages"]
    (shown,) = [one["files"][0] for one in own if one["from"] == "referent"]
    async with aiohttp.ClientSession(stage.url, cookie_jar=ada._jar) as browser:
        assert (await fetched(browser, shown["url"]))[2] == PNG


async def test_the_console_says_at_the_field_what_is_wrong(
    stage: Stage, camille: Colleague, diane: Colleague
) -> None:
    ada = WebCitizen(stage)
    number = await asks_for_a_human(ada, "Besançon")
    async with at_desk(stage, camille) as desk:
        assert "Ce genre de fichier n'est pas accepté" in await gives(desk, number, b"MZ\x00", "a.pdf", 422)
        assert "10 Mo" in await gives(desk, number, b"%PDF-" + bytes(LARGEST), "a.pdf", 422)
        page = await gives(desk, number, PNG, "a.png", 422, legende="mot " * 300)
        assert "900 caractères au plus" in page
        await gives(desk, 999, PNG, "a.png", 404)
        once = uuid.uuid4().hex
        for _ in range(2):
            await gives(desk, number, PNG, "a.png", form=once)
        assert await kept(stage) == (1, 2)
    async with at_desk(stage, diane) as desk:
        assert "Camille Martin suit cette demande" in await gives(desk, number, PNG, "a.png", 409)
    async with aiohttp.ClientSession(stage.url, headers=SAME_ORIGIN) as stranger:
        answer = await stranger.post(f"/console/demandes/{number}/pieces", data=form(PNG))
        assert answer.status == 401
    assert await kept(stage) == (1, 2)


async def test_files_go_with_the_demand_and_with_the_person(stage: Stage, camille: Colleague) -> None:
    ada, bob = WebCitizen(stage), WebCitizen(stage)
    first = await asks_for_a_human(ada, "Besançon")
    second = await asks_for_a_human(bob, "Besançon")
    for citizen in (ada, bob):
        await attach(citizen, PNG, "écran.png")
    assert await kept(stage) == (2, 4)
    data = await ada.call("GET", "/mes-donnees.json")
    pieces = [one for row in data["echanges"] for one in row["pieces"]]
    assert pieces == [{"genre": "photo", "nom": "écran.png", "octets": len(PNG)}]

    def forget(turn: Turn) -> None:
        contact = contacts.by_address(turn.session, ada.address)
        assert contact is not None
        privacy.erase_contact(turn, contact)

    await stage.turn(forget)
    assert await kept(stage) == (1, 2)
    await camille.writes(f"/clore {second}")
    stage.clock.advance(days=184)
    await stage.turn(retention.purge)
    assert await kept(stage) == (0, 0)
    assert await stage.turn(lambda turn: tickets.get(turn.session, first) is not None)


async def test_what_nobody_placed_is_dropped_at_night(stage: Stage) -> None:
    def begin(turn: Turn) -> None:
        files.add_chunk(turn.session, files.begin(turn.session, name="a.pdf", now=turn.now), 0, PDF[:100])

    await stage.turn(begin)
    await stage.turn(retention.purge)
    assert await kept(stage) == (1, 1)
    stage.clock.advance(days=2)
    await stage.turn(retention.purge)
    assert await kept(stage) == (0, 0)
