"""The morning's digest: once, when one's own day begins, by the chosen way, if there is something to say."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from bot.library import Library
from handlers import timers
from handlers.turn import Turn
from storage import directory
from tests.actors import TelegramCitizen
from tests.mail.server import MailServer
from tests.scenarios.desk import Colleague, appoint, asks_for_a_human, said
from tests.scenarios.test_routing import is_away
from tests.stage import Stage, open_stage

CAMILLE = "camille@exemple.fr"
GREETING = "Vos demandes ce matin"


@pytest.fixture
async def stage(tmp_path: Path, library: Library, server: MailServer) -> AsyncIterator[Stage]:
    url = f"sqlite:///{tmp_path}/souffleur.db"
    async with open_stage(url, tmp_path, library, **server.settings) as stage:
        yield stage


@pytest.fixture
async def camille(stage: Stage, diane: Colleague) -> Colleague:
    """The referent of the Doubs, by Telegram and mail, before the mornings are planned."""
    camille = await appoint(stage, "Camille Martin", territories="25,71", email=CAMILLE)
    await stage.turn(timers.begin)
    return camille


async def prefers(stage: Stage, who: Colleague, *, digest: str | None, notices: str | None = None) -> None:
    def work(turn: Turn) -> None:
        referent = directory.get(turn.session, who.id)
        assert referent is not None
        referent.digest_by, referent.notices_by = digest, notices

    await stage.turn(work)


async def until(stage: Stage, day: int, hour: int, minute: int = 1) -> None:
    """Time passes until that moment of November in UTC: an hour less than in Paris."""
    moment = datetime(2026, 11, day, hour, minute, tzinfo=UTC)
    await stage.later(seconds=(moment - stage.clock.now).total_seconds())


def digests(server: MailServer) -> list[EmailMessage]:
    return [mail for mail in server.to(CAMILLE) if "ce matin" in mail["Subject"]]


async def test_each_demand_stands_in_the_part_that_it_belongs_to(stage: Stage, camille: Colleague) -> None:
    late, near, answered = [await asks_for_a_human(TelegramCitizen(stage), "Besançon") for _ in range(3)]
    await camille.writes(f"/prendre {late}")
    await camille.writes(f"/repondre {answered} Bonjour")
    await until(stage, 24, 8)
    heard = said(await camille.hears())
    assert "Nouvelles : 2" in heard
    assert "En attente de la personne : 1" in heard
    await until(stage, 24, 11)
    new = await asks_for_a_human(TelegramCitizen(stage), "Besançon")
    await until(stage, 25, 8, minute=0)
    (morning,) = [one for one in await camille.hears() if GREETING in one.text]
    assert f"Échéance proche : 2\n\n• n° {late} " in morning.text
    assert f"• n° {near} : " in morning.text
    assert f"Nouvelles : 1\n\n• n° {new} : " in morning.text
    assert "Doubs (25), ouverte depuis 1 jour" in morning.text
    await until(stage, 26, 8)
    assert f"En retard : 2\n\n• n° {late} " in said(await camille.hears())


async def test_nothing_to_say_is_not_sent(stage: Stage, camille: Colleague, diane: Colleague) -> None:
    for day in (24, 25, 26):
        await until(stage, day, 8)
    assert await camille.hears() == []
    number = await asks_for_a_human(TelegramCitizen(stage), "Besançon")
    await camille.writes(f"/clore {number}")
    await until(stage, 27, 8)
    assert GREETING not in said(await camille.hears())
    assert await diane.hears() == []


async def test_not_on_weekends_holidays_or_leave(stage: Stage, camille: Colleague) -> None:
    await until(stage, 27, 12)
    await asks_for_a_human(TelegramCitizen(stage), "Besançon")
    await camille.hears()
    await until(stage, 29, 20)
    assert GREETING not in said(await camille.hears())
    await until(stage, 30, 8)
    assert GREETING in said(await camille.hears())
    await is_away(stage, camille)
    await stage.later(days=1)
    assert GREETING not in said(await camille.hears())


async def test_when_the_own_day_begins_and_after_a_change_of_hours(stage: Stage, camille: Colleague) -> None:
    await camille.writes("/horaires lun-ven 14h-18h")
    await asks_for_a_human(TelegramCitizen(stage), "Besançon")
    await camille.hears()
    await until(stage, 24, 12, minute=59)
    assert GREETING not in said(await camille.hears())
    await until(stage, 24, 13)
    assert said(await camille.hears()).count(GREETING) == 1
    await camille.writes("/horaires lun-ven 16h-18h")
    await until(stage, 24, 17)
    assert GREETING not in said(await camille.hears())


async def test_overseas_it_is_their_morning(stage: Stage, diane: Colleague) -> None:
    rose = await appoint(stage, "Rose Payet", territories="974")
    await stage.turn(timers.begin)
    await asks_for_a_human(TelegramCitizen(stage), "974")
    await rose.hears()
    await until(stage, 24, 4, minute=59)
    assert GREETING not in said(await rose.hears())
    await until(stage, 24, 5)
    assert GREETING in said(await rose.hears())


async def test_after_a_downtime_it_is_sent_once(stage: Stage, camille: Colleague) -> None:
    """Two mornings were missed: today's comes late, yesterday's never; a start changes nothing."""
    await asks_for_a_human(TelegramCitizen(stage), "Besançon")
    await camille.hears()
    await until(stage, 25, 14)
    await stage.turn(timers.begin)
    await stage.later(minutes=1)
    assert said(await camille.hears()).count(GREETING) == 1
    await until(stage, 26, 8)
    assert said(await camille.hears()).count(GREETING) == 1


async def test_by_mail_when_that_was_chosen(stage: Stage, camille: Colleague, server: MailServer) -> None:
    await prefers(stage, camille, digest="mail")
    number = await asks_for_a_human(TelegramCitizen(stage), "Besançon")
    await until(stage, 24, 8)
    assert GREETING not in said(await camille.hears())
    (mail,) = digests(server)
    assert mail["Subject"] == "Souffleur : vos demandes ce matin (1)"
    plain, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert html is not None
    assert f"n° {number} ({stage.house.settings.url}/console/demandes/{number})" in plain.get_content()
    assert f'/console/demandes/{number}">n° {number}</a>' in html.get_content()
    assert "personne ne le lit" in plain.get_content()


async def test_by_default_where_notices_go_and_not_at_all_when_refused(
    stage: Stage, camille: Colleague, server: MailServer
) -> None:
    await prefers(stage, camille, digest=None, notices="mail")
    await asks_for_a_human(TelegramCitizen(stage), "Besançon")
    assert await camille.hears() == []
    assert len(server.to(CAMILLE)) == 1
    await until(stage, 24, 8)
    assert len(digests(server)) == 1
    await prefers(stage, camille, digest="none", notices="mail")
    await until(stage, 25, 8)
    assert len(digests(server)) == 1


async def test_a_chosen_way_that_leads_nowhere_is_not_the_only_one(
    stage: Stage, camille: Colleague, server: MailServer
) -> None:
    """Notices by Telegram were chosen, and the bot was blocked since: the mail has it."""
    await prefers(stage, camille, digest="telegram", notices="telegram")
    await camille.writes("/demandes")
    camille.person.block()
    await stage.settle()
    await asks_for_a_human(TelegramCitizen(stage), "Besançon")
    assert len(server.to(CAMILLE)) == 1
    await until(stage, 24, 8)
    assert len(digests(server)) == 1


async def test_the_national_desk_reads_of_what_came_to_it(
    stage: Stage, camille: Colleague, diane: Colleague
) -> None:
    theirs = await asks_for_a_human(TelegramCitizen(stage), "Besançon")
    ours = await asks_for_a_human(TelegramCitizen(stage), "Quimper")
    await until(stage, 24, 8)
    heard = said([one for one in await diane.hears() if GREETING in one.text])
    assert f"n° {ours} :" in heard
    assert f"n° {theirs} :" not in heard


async def test_long_lists_are_cut(stage: Stage, camille: Colleague) -> None:
    for _ in range(7):
        await asks_for_a_human(TelegramCitizen(stage), "Besançon")
    await camille.hears()
    await until(stage, 24, 8)
    heard = said(await camille.hears())
    assert "Nouvelles : 7" in heard
    assert "et 2 de plus" in heard
