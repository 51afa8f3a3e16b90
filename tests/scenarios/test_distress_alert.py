"""Somebody writes in distress: the national desk learns that it happened, and not one word of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.library import Library
from tests.actors import Citizen, CoreCitizen, TelegramCitizen, texts
from tests.mail.server import MailServer
from tests.scenarios.desk import Colleague, appoint, asks_for_a_human, said
from tests.scenarios.traces import traces
from tests.stage import Stage, open_stage

WORDS = "j'ai envie de mourir xylophone"
ALERT = "Une personne en détresse a écrit"
LOU = "lou@exemple.fr"
NUMBERS = ("112", "15", "17", "114", "3114", "119", "3018", "3919")


@pytest.fixture
async def stage(tmp_path: Path, library: Library, server: MailServer) -> AsyncIterator[Stage]:
    url = f"sqlite:///{tmp_path}/souffleur.db"
    async with open_stage(url, tmp_path, library, telegram_notices="full", **server.settings) as stage:
        yield stage


@pytest.fixture
async def lou(stage: Stage) -> Colleague:
    """At the national desk, by mail alone."""
    return await appoint(stage, "Lou Bernard", national=True, email=LOU, telegram=False)


async def test_the_whole_desk_is_told_by_each_channel_without_the_words(
    server: MailServer, nadia: Citizen, diane: Colleague, camille: Colleague, lou: Colleague
) -> None:
    heard = texts(await nadia.says(WORDS))
    assert all(number in heard for number in NUMBERS)
    channel = "Telegram" if isinstance(nadia, TelegramCitizen) else "site"
    notice = said(await diane.hears())
    assert f"{ALERT} ({channel}, département non précisé, " in notice
    assert " h " in notice
    assert "Ses mots ne sont pas transmis." in notice
    assert ALERT not in said(await camille.hears())
    (mail,) = server.to(LOU)
    assert "détresse" in mail["Subject"]
    part = mail.get_body(("plain",))
    assert part is not None
    assert f"{ALERT} ({channel}, " in part.get_content()
    for words in (notice, mail.as_string()):
        assert "xylophone" not in words
        assert "mourir" not in words


async def test_the_place_is_named_when_it_is_known(nadia: Citizen, diane: Colleague) -> None:
    await nadia.says("/start dep-25")
    await nadia.says(WORDS)
    assert f"{ALERT} (" in (notice := said(await diane.hears()))
    assert "Doubs (25)" in notice


async def test_once_per_person_and_hour(
    stage: Stage, nadia_on_telegram: TelegramCitizen, diane: Colleague
) -> None:
    await nadia_on_telegram.says(WORDS)
    assert said(await diane.hears()).count(ALERT) == 1
    stage.clock.advance(minutes=59)
    assert "3114" in texts(await nadia_on_telegram.says(WORDS))
    assert ALERT not in said(await diane.hears())
    ada = CoreCitizen(stage)
    await ada.says(WORDS)
    assert said(await diane.hears()).count(ALERT) == 1
    stage.clock.advance(minutes=2)
    await nadia_on_telegram.says(WORDS)
    assert said(await diane.hears()).count(ALERT) == 1


async def test_also_while_a_demand_is_open(
    nadia_on_telegram: TelegramCitizen, diane: Colleague, camille: Colleague
) -> None:
    await asks_for_a_human(nadia_on_telegram, "Besançon")
    await diane.hears()
    await nadia_on_telegram.says(WORDS)
    assert ALERT in (notice := said(await diane.hears()))
    assert "Doubs (25)" in notice
    assert "mourir" not in notice + said(await camille.hears())


async def test_an_erased_person_is_in_no_alert(
    stage: Stage, nadia_on_telegram: TelegramCitizen, diane: Colleague
) -> None:
    await nadia_on_telegram.says(WORDS)
    await nadia_on_telegram.says("/effacer")
    await nadia_on_telegram.presses("Oui, tout effacer")
    assert [line for line in traces(stage, "xylophone") if "inbox" not in line] == []
