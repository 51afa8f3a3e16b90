"""Messages after they were said, edited by the referent or by the asker."""

import re

import aiohttp
import pytest

from tests.actors import TelegramCitizen, WebCitizen, texts
from tests.scenarios.console import at_desk
from tests.scenarios.desk import Colleague, asks_for_a_human, history, said
from tests.stage import Stage
from tests.web.office import Desk, words

PAGE = "/console/demandes/{}"


async def own_messages(desk: Desk, number: int) -> list[str]:
    """Where the forms of one's own messages are, oldest first."""
    page = await desk.read(PAGE.format(number))
    return list(dict.fromkeys(re.findall(r'action="(/console/demandes/\d+/messages/\d+)/', page)))


async def shown(desk: Desk, number: int) -> str:
    return words(await desk.read(PAGE.format(number)))


def on_screen(citizen: TelegramCitizen) -> str:
    """All that the person can read of the bot now."""
    return "\n".join(one.text for one in citizen.person.heard())


async def reply(stage: Stage, desk: Desk, number: int, text: str) -> str:
    """Replies from the console; where the forms of that message are."""
    await desk.send(f"{PAGE.format(number)}/reponse", text=text)
    await stage.settle()
    return (await own_messages(desk, number))[-1]


@pytest.mark.fault(60)
async def test_an_edit_in_the_console_changes_what_was_delivered(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    async with at_desk(stage, camille) as desk:
        message = await reply(stage, desk, number, "Le montant est de **200** €.")
        led = await desk.send(f"{message}/modification", message="Le montant est de **300** €.")
        assert "Le message est modifié." in await desk.read(led)
        await stage.settle()
        page = await shown(desk, number)
    assert "(modifié)" in page
    assert "200" not in on_screen(nadia_on_telegram)
    last = nadia_on_telegram.person.heard()[-1]
    assert last.text == f"Réponse de votre référent (demande n° {number})\n\nLe montant est de 300 €."
    assert [one["type"] for one in last.raw["entities"]] == ["bold"]
    assert len(stage.telegram.calls("editMessageText")) == 1
    assert "edited" in await history(stage, number)


async def test_what_waits_to_be_sent_is_rewritten_and_never_leaves(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await nadia_on_telegram.hears()
    stage.telegram.fail("sendMessage", "429", value=2)
    async with at_desk(stage, camille) as desk:
        await desk.send(f"{PAGE.format(number)}/reponse", text="un mot de trop")
        (message,) = await own_messages(desk, number)
        while not [call for call in stage.telegram.history if call.status == 429]:
            await stage.telegram.something_sent()
        assert "En attente d'envoi" in await shown(desk, number)
        await desk.send(f"{message}/modification", message="le bon mot")
        await stage.settle()
    assert "le bon mot" in on_screen(nadia_on_telegram)
    assert "de trop" not in on_screen(nadia_on_telegram)


@pytest.mark.fault(60)
async def test_an_edit_in_telegram_does_the_same(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    first = camille.person.write("Bonjour, écrivez à lundi@exemple.fr", reply_to=await camille.notice(number))
    await camille.hears()
    second = camille.person.write(f"/repondre {number} À mardi")
    await camille.hears()
    camille.person.edit(first, "Bonjour, écrivez à mardi@exemple.fr")
    camille.person.edit(second, f"/repondre {number} À mercredi")
    heard = await camille.hears()
    assert said(heard).count("est modifiée chez la personne aussi") == 2
    assert "mardi@exemple.fr" in on_screen(nadia_on_telegram)
    assert "À mercredi" in on_screen(nadia_on_telegram)
    assert "lundi" not in on_screen(nadia_on_telegram)
    assert "/repondre" not in on_screen(nadia_on_telegram)
    other = camille.person.write("/demandes")
    await camille.hears()
    camille.person.edit(other, "autre chose")
    assert "ne change pas chez la personne" in said(await camille.hears())


async def test_an_edit_of_a_message_that_was_held_back(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await camille.writes(f"/prendre {number}")
    held = camille.person.write("Voici la marche")
    assert "À quelle demande répondez-vous" in said(await camille.hears())
    await camille.presses(f"Demande n° {number}")
    camille.person.edit(held, "Voici la bonne marche")
    await camille.hears()
    assert "Voici la bonne marche" in on_screen(nadia_on_telegram)


async def test_a_long_message_is_edited_part_by_part(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await nadia_on_telegram.hears()
    before = len(nadia_on_telegram.person.heard())
    long = "\n\n".join(f"Point {n} : " + "mot " * 110 for n in range(9))
    async with at_desk(stage, camille) as desk:
        message = await reply(stage, desk, number, long)
        assert len(nadia_on_telegram.person.heard()) == before + 2
        await desk.send(f"{message}/modification", message="Plus court.")
        await stage.settle()
        assert len(nadia_on_telegram.person.heard()) == before + 1
        await desk.send(f"{message}/modification", message=long)
        await stage.settle()
    assert len(nadia_on_telegram.person.heard()) == before + 2
    assert "Point 8" in nadia_on_telegram.person.heard()[-1].text


@pytest.mark.fault(50)
async def test_an_edit_that_telegram_no_longer_takes_is_said_anew(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    async with at_desk(stage, camille) as desk:
        message = await reply(stage, desk, number, "Première version")
        nadia_on_telegram.person.heard()[-1].raw["deleted"] = True  # the person deleted it for both
        await desk.send(f"{message}/modification", message="Deuxième version")
        await stage.settle()
        await desk.send(f"{message}/modification", message="Troisième version")
        await stage.settle()
    assert "Troisième version" in nadia_on_telegram.person.heard()[-1].text
    assert "Deuxième version" not in on_screen(nadia_on_telegram)


async def test_an_edit_that_fails_is_shown_and_told(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    async with at_desk(stage, camille) as desk:
        message = await reply(stage, desk, number, "Première version")
        await camille.hears()
        stage.telegram.fail("editMessageText", "400")
        await desk.send(f"{message}/modification", message="Deuxième version")
        await stage.settle()
        page = await shown(desk, number)
    assert "Remis" in page
    assert "Modification non faite chez la personne" in page
    assert "qui garde l'ancien message" in said(await camille.hears()).replace("’", "'")
    assert any(one.startswith("unchanged") for one in await history(stage, number))


async def test_on_the_site_edits_and_deletions_come_by_themselves(stage: Stage, camille: Colleague) -> None:
    """A client that never heard of changes sees what it saw before; one that asks gets each once."""
    ada = WebCitizen(stage)
    number = await asks_for_a_human(ada, "Besançon")
    async with at_desk(stage, camille) as desk:
        first = await reply(stage, desk, number, "Première version")
        second = await reply(stage, desk, number, "À retirer")
        await ada.hears()
        seen = ada._seq
        await desk.send(f"{first}/modification", message="Deuxième **version**")
        await desk.send(f"{second}/suppression")
    assert (await ada.call("GET", f"/api/chat/messages?after={seen}&wait=0")) == {"messages": []}
    news = await ada.call("GET", f"/api/chat/messages?after={seen}&wait=0&changes=1")
    edited, deleted = news["changes"]
    assert news["messages"] == []
    assert (edited["text"], edited["edited"], edited["change"]) == ("Deuxième version", True, seen + 1)
    assert (deleted["deleted"], deleted["change"]) == (True, seen + 2)
    assert "retirer" not in str(deleted)
    assert edited["seq"] < deleted["seq"] <= seen
    again = await ada.call("GET", f"/api/chat/messages?after={seen + 2}&wait=0&changes=1")
    assert again == {"messages": [], "changes": []}
    async with aiohttp.ClientSession(stage.url, cookie_jar=ada._jar) as browser:
        page = words(await (await browser.get("/")).text())
        async with browser.get("/api/chat/events", headers={"Last-Event-ID": str(seen)}) as events:
            stream = (await events.content.readuntil(b'"deleted": true')).decode()
    assert "Deuxième version" in page
    assert "(modifié)" in page
    assert "À retirer" not in page
    assert "Message supprimé" in page
    assert stream.count("event: change") == 2
    assert f"id: {seen + 1}\n" in stream


@pytest.mark.fault(28)
async def test_an_askers_edits_are_marked_and_told_once_a_burst(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await camille.writes(f"/prendre {number}")
    sent = nadia_on_telegram.person.write("Mon code est 1234")
    photo = nadia_on_telegram.person.send("photo", caption="avant")
    await nadia_on_telegram.hears()
    await camille.hears()
    for text in ("Mon code est 12345", "Mon code est 123456"):
        nadia_on_telegram.person.edit(sent, text)
    nadia_on_telegram.person.edit_caption(photo, "après")
    await nadia_on_telegram.hears()
    assert said(await camille.hears()).count("a modifié un de ses messages") == 1
    await stage.later(minutes=11)
    nadia_on_telegram.person.edit(sent, "Mon code est 1")
    await nadia_on_telegram.hears()
    assert said(await camille.hears()).count("a modifié un de ses messages") == 1
    async with at_desk(stage, camille) as desk:
        page = await shown(desk, number)
    assert page.count("(modifié)") == 2
    assert "[photo] après" in page
    assert "Texte d'origine : Mon code est 1234" in page


async def test_only_who_wrote_it_may_change_it(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague, diane: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    other = await asks_for_a_human(TelegramCitizen(stage), "Besançon")
    async with at_desk(stage, camille) as desk:
        message = await reply(stage, desk, number, "Bonjour")
        elsewhere = message.replace(f"demandes/{number}/", f"demandes/{other}/")
        await desk.send(f"{elsewhere}/modification", status=422, message="pirate")
        await desk.send(f"{message}/modification", status=422, message="  ")
        await desk.send(f"{message}/modification", status=422, message="x" * 5000)
    async with at_desk(stage, diane) as desk:
        assert await own_messages(desk, number) == []
        for action in ("modification", "suppression", "renvoi"):
            await desk.send(f"{message}/{action}", status=422, message="pirate")
    assert "Bonjour" in on_screen(nadia_on_telegram)
    assert "pirate" not in on_screen(nadia_on_telegram) + texts(nadia_on_telegram.last)
