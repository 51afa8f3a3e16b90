"""Notices with the question in them: only where the desk allows it, and only for who came by Telegram."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.library import Library
from tests.actors import CoreCitizen, TelegramCitizen
from tests.scenarios.desk import Colleague, asks_for_a_human, said
from tests.stage import Stage, open_stage

WORDS = "le pass culture peut-il parrainer *notre* quartier zztop ? <b>06 12 34 56 78</b>"


@pytest.fixture
async def stage(tmp_path: Path, library: Library) -> AsyncIterator[Stage]:
    url = f"sqlite:///{tmp_path / 'souffleur.db'}"
    async with open_stage(url, tmp_path, library, telegram_notices="full") as stage:
        yield stage


async def test_full_notices_show_the_question_as_typed_with_numbers_masked(
    nadia_on_telegram: TelegramCitizen, camille: Colleague
) -> None:
    await nadia_on_telegram.says_and_waits(WORDS)
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    notice = (await camille.notice(number)).text
    assert "parrainer *notre* quartier zztop ? <b>[téléphone]</b>" in notice
    await camille.writes(f"/prendre {number}")
    message = nadia_on_telegram.person.write("_encore_ un <mot>")
    assert "_encore_ un <mot>" in said(await camille.hears())
    nadia_on_telegram.person.edit(message, "un [autre](http://exemple.fr) mot")
    assert "un [autre](http://exemple.fr) mot" in said(await camille.hears())


async def test_who_came_by_the_site_is_never_quoted_on_telegram(stage: Stage, camille: Colleague) -> None:
    ada = CoreCitizen(stage)
    await ada.says_and_waits(WORDS)
    number = await asks_for_a_human(ada, "Besançon")
    await camille.writes(f"/prendre {number}")
    await ada.says("encore un mot")
    heard = said(camille.person.heard())
    assert f"/console/demandes/{number}" in heard
    assert "zztop" not in heard
    assert "encore un mot" not in heard


async def test_distress_is_never_quoted(nadia_on_telegram: TelegramCitizen, camille: Colleague) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await camille.writes(f"/prendre {number}")
    await nadia_on_telegram.says("j'ai envie de mourir")
    heard = said(camille.person.heard())
    assert f"Nouveau message sur la demande n° {number}" in heard
    assert "mourir" not in heard
