"""Mail: notices to referents, login links, word of a reply; never a person's words."""

import re
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import aiohttp
import pytest

from bot.library import Library
from handlers import escalation, privacy, visitor
from handlers.errors import Refused
from handlers.talk import Talk
from handlers.turn import Turn
from storage import contacts, directory
from tests.actors import CoreCitizen, TelegramCitizen
from tests.mail.server import MailServer
from tests.scenarios.desk import Colleague, appoint, asks_for_a_human, said
from tests.scenarios.traces import traces
from tests.stage import Stage, open_stage

WORDS = "le pass culture peut-il parrainer notre quartier xylophone ?"
LOU = "lou@exemple.fr"
_FORM = re.compile(r'name="form" value="[^"]*"')


@pytest.fixture
async def stage(tmp_path: Path, library: Library, server: MailServer) -> AsyncIterator[Stage]:
    url = f"sqlite:///{tmp_path}/souffleur.db"
    async with open_stage(url, tmp_path, library, telegram_notices="full", **server.settings) as stage:
        yield stage


@pytest.fixture
async def lou(stage: Stage, diane: Colleague) -> Colleague:
    """The referent of the Jura, by mail alone."""
    return await appoint(stage, "Lou Bernard", territories="39", email=LOU, telegram=False)


@pytest.fixture
def ada(stage: Stage) -> CoreCitizen:
    """Somebody at the site."""
    return CoreCitizen(stage)


def body(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


async def test_a_notice_has_number_theme_and_link_and_no_word_of_the_person(
    stage: Stage,
    server: MailServer,
    nadia_on_telegram: TelegramCitizen,
    lou: Colleague,
    diane: Colleague,
) -> None:
    await nadia_on_telegram.says_and_waits(WORDS)
    number = await asks_for_a_human(nadia_on_telegram, "le Jura")
    (mail,) = server.to(LOU)
    assert mail["Subject"] == f"Souffleur : demande n° {number}"
    assert "thème « " in body(mail)
    assert f"/console/demandes/{number}" in body(mail)
    await stage.later(minutes=6)
    assert await diane.hears() == []
    await diane.writes(f"/transmettre {number} Lou Bernard")
    await nadia_on_telegram.says("encore un xylophone")
    nadia_on_telegram.person.edit(1, WORDS + " merci")
    nadia_on_telegram.person.send("photo", caption="xylophone")
    await stage.settle()
    subjects = [one["Subject"] for one in server.to(LOU)]
    assert f"Souffleur : la demande n° {number} vous est transmise" in subjects
    assert subjects.count(f"Souffleur : nouveau message, demande n° {number}") >= 2
    assert not [one for one in server.mails if "xylophone" in one.as_string()]


async def test_a_mail_that_is_refused_goes_to_the_next(
    stage: Stage,
    server: MailServer,
    nadia_on_telegram: TelegramCitizen,
    lou: Colleague,
    diane: Colleague,
) -> None:
    server.answers[LOU] = "550 no such user"
    number = await asks_for_a_human(nadia_on_telegram, "le Jura")
    assert f"Demande n° {number}" in said(await diane.hears())


async def test_word_of_a_reply_to_who_asked_for_it_until_the_closing(
    stage: Stage, server: MailServer, ada: CoreCitizen, diane: Colleague
) -> None:
    def wants(turn: Turn) -> Refused | None:
        contact = contacts.at(turn.session, ada.address, now=turn.now)
        return visitor.ask_mail_notice(turn, contact, "ada@exemple.fr")

    assert await stage.turn(wants) is not None
    number = await asks_for_a_human(ada, "le Jura")
    assert await stage.turn(wants) is None
    await diane.writes(f"/repondre {number} Votre xylophone est prêt")
    (mail,) = server.to("ada@exemple.fr")
    assert f"n° {number}" in mail["Subject"]
    assert "xylophone" not in mail.as_string()
    await diane.writes(f"/clore {number}")
    assert [line for line in traces(stage, "ada@exemple.fr") if line.startswith("contacts.")] == []


async def test_who_is_erased_takes_no_mail_from_a_colleague_whose_address_they_gave(
    stage: Stage, server: MailServer, ada: CoreCitizen, lou: Colleague
) -> None:
    await asks_for_a_human(ada, "Besançon")

    def gives_and_goes(turn: Turn) -> int:
        contact = contacts.at(turn.session, ada.address, now=turn.now)
        assert visitor.ask_mail_notice(turn, contact, LOU) is None
        other = contacts.at(turn.session, "web:somebody", now=turn.now)
        other.territory = "39"
        ticket = escalation.hand_over(turn, other, Talk.of(other), question_id=None, theme=None)
        privacy.erase_contact(turn, contact)
        return ticket.number

    number = await stage.turn(gives_and_goes)
    await stage.settle()
    assert f"Souffleur : demande n° {number}" in [mail["Subject"] for mail in server.to(LOU)]


async def test_a_login_link_and_the_same_page_whether_known_or_not(
    stage: Stage, server: MailServer, lou: Colleague
) -> None:
    answers = []
    async with aiohttp.ClientSession(headers={"Sec-Fetch-Site": "same-origin"}) as session:
        for address in (LOU, "eve@exemple.fr"):
            async with session.post(stage.url + "/console/login", data={"email": address}) as response:
                answers.append((response.status, _FORM.sub("", await response.text())))
    await stage.settle()
    assert answers[0] == answers[1]
    (mail,) = server.mails
    assert mail["To"] == LOU
    assert "/console/login/" in body(mail)
    assert traces(stage, body(mail).split("/console/login/")[1].split()[0]) == []


async def test_a_name_of_the_directory_makes_no_header(
    stage: Stage, server: MailServer, lou: Colleague, diane: Colleague, nadia_on_telegram: TelegramCitizen
) -> None:
    await appoint(stage, "Eve\r\nBcc: eve@exemple.fr", national=True, telegram=False, email="eve@exemple.fr")
    names = await stage.turn(lambda turn: [one.name for one in directory.everyone(turn.session)])
    assert "Eve Bcc: eve@exemple.fr" in names
    number = await asks_for_a_human(nadia_on_telegram, "le Jura")
    await stage.settle()
    assert [one["Bcc"] for one in server.mails] == [None] * len(server.mails)
    assert server.to(LOU)[0]["Subject"] == f"Souffleur : demande n° {number}"
