"""The week's pack: each Monday when one's day begins, once, even empty, visibly late after a downtime."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event

from bot.library import Library
from handlers import hours_setting, opening, timers, week_words, weekly
from handlers.turn import Turn
from handlers.week import Week
from storage import directory, queue
from tests.actors import TelegramCitizen
from tests.fake_telegram.person import Heard
from tests.mail.server import MailServer
from tests.scenarios.desk import Colleague, appoint, asks_for_a_human, said
from tests.scenarios.test_routing import is_away
from tests.stage import Stage, open_stage

CAMILLE = "camille@exemple.fr"
PACK = "Point de la semaine"
OPENING = datetime(2026, 11, 30, 8, tzinfo=UTC)
"""Monday of week 49, 9:00 in Paris."""


@pytest.fixture
async def stage(tmp_path: Path, library: Library, server: MailServer) -> AsyncIterator[Stage]:
    url = f"sqlite:///{tmp_path}/souffleur.db"
    async with open_stage(url, tmp_path, library, **server.settings) as stage:
        yield stage


@pytest.fixture
async def camille(stage: Stage, diane: Colleague) -> Colleague:
    """The referent of the Doubs and of Saône-et-Loire, before the packs are planned."""
    camille = await appoint(stage, "Camille Martin", territories="25,71")
    await stage.turn(timers.begin)
    return camille


async def until(stage: Stage, moment: datetime) -> None:
    await stage.later(seconds=(moment - stage.clock.now).total_seconds())


def packs(heard: list[Heard]) -> list[str]:
    """The texts of the packs among what was heard."""
    return [one.text for one in heard if one.text.startswith(PACK)]


def pictures(heard: list[Heard]) -> list[Heard]:
    return [one for one in heard if "photo" in one.raw]


async def test_at_the_opening_and_even_when_nothing_was_asked(
    stage: Stage, camille: Colleague, diane: Colleague
) -> None:
    await until(stage, OPENING.replace(hour=7, minute=59))
    assert packs(await camille.hears()) == []
    await until(stage, OPENING)
    heard = await camille.hears()
    (text,) = packs(heard)
    assert "semaine 48, du 23 au 29 novembre 2026 : Doubs (25), Saône-et-Loire (71)" in text
    assert "Questions : 0" in text
    assert "retard" not in text
    assert f"{stage.house.settings.url}/console/semaine?semaine=2026-W48&lieu=miens" in text
    (picture,) = pictures(heard)
    assert picture.raw["caption"] == "Semaine 48 : Doubs (25), Saône-et-Loire (71)"
    assert picture.raw["photo"][0]["width"] > picture.raw["photo"][0]["height"]
    (theirs,) = packs(await diane.hears())
    assert ": France entière" in theirs


async def test_ten_lines_tell_of_the_week_and_no_word_of_anybody(stage: Stage, camille: Colleague) -> None:
    citizen = TelegramCitizen(stage)
    await citizen.says("le bidule violet de lea ne marche pas")
    number = await asks_for_a_human(citizen, "Besançon")
    await camille.writes(f"/repondre {number} Bonjour")
    await camille.hears()
    await until(stage, OPENING)
    (text,) = packs(await camille.hears())
    assert len([line for line in text.splitlines() if line.startswith(("Point", "•"))]) == 10
    assert "Questions : 1 " in text
    assert "transmises : 1 ·" in text
    assert "Demandes ouvertes : 1 · closes : 0 · en cours à la fin de la semaine : 1" in text
    assert "Première réponse : 1 minute en médiane" in text
    assert "bidule" not in text


async def test_once_whatever_is_started_or_comes_twice(stage: Stage, camille: Colleague) -> None:
    """A timer that comes twice, a start that plans again, a week of other mornings: one pack."""

    def again(turn: Turn) -> None:
        queue.put_timer(
            turn.session,
            key="week:again",
            lane="timer:again",
            kind="week",
            now=turn.now,
            due_at=OPENING,
            referent=camille.id,
            week="2026-W48",
            due=OPENING.isoformat(),
        )

    await stage.turn(again)
    await until(stage, OPENING)
    for day in range(1, 7):
        await stage.turn(timers.begin)
        await until(stage, OPENING.replace(month=12, day=day))
    assert len(packs(await camille.hears())) == 1
    await until(stage, OPENING.replace(month=12, day=7))
    (next_one,) = packs(await camille.hears())
    assert "semaine 49, du 30 novembre au 6 décembre 2026" in next_one


async def test_what_was_rolled_back_is_given_all_the_same(stage: Stage, camille: Colleague) -> None:
    """The process dies after it was made and before the commit: nothing of it is kept, and it comes again."""

    class Killed(Exception):
        pass

    def die(turn: Turn) -> None:
        weekly.give(turn, camille.id, Week(2026, 48), OPENING)
        raise Killed

    with pytest.raises(Killed):
        await stage.turn(die)
    assert packs(await camille.hears()) == []
    await until(stage, OPENING)
    assert len(packs(await camille.hears())) == 1


async def test_after_a_downtime_it_comes_late_and_says_so(stage: Stage, camille: Colleague) -> None:
    await until(stage, OPENING.replace(month=12, day=2, hour=14))
    await stage.turn(timers.begin)
    await stage.later(minutes=1)
    (text,) = packs(await camille.hears())
    assert "semaine 48" in text
    assert "Ce point part en retard : il était attendu le 30/11/2026 à 09:00." in text


async def test_who_comes_in_the_week_has_theirs_from_the_next_monday(
    stage: Stage, camille: Colleague
) -> None:
    await until(stage, OPENING.replace(day=25))
    rose = await appoint(stage, "Rose Payet", territories="974")
    await until(stage, OPENING.replace(day=30, hour=4, minute=59))
    assert packs(await rose.hears()) == []
    await until(stage, OPENING.replace(day=30, hour=5, minute=0))
    (text,) = packs(await rose.hears())
    assert "La Réunion (974)" in text


@pytest.mark.parametrize(
    ("hours", "opens"),
    [("lun-ven 7h30-12h", OPENING.replace(hour=6, minute=30)), ("lun-ven 14h-17h", OPENING.replace(hour=13))],
    ids=["earlier", "later"],
)
async def test_hours_that_change_in_the_week_move_it(
    stage: Stage, camille: Colleague, hours: str, opens: datetime
) -> None:
    """Those of the territory, set by somebody else, and no restart in between."""
    await until(stage, OPENING.replace(day=29, hour=20))
    await stage.turn(lambda turn: _set_hours(turn, "25", hours))
    await until(stage, opens - timedelta(minutes=1))
    assert packs(await camille.hears()) == []
    await until(stage, opens)
    (text,) = packs(await camille.hears())
    assert "retard" not in text
    await until(stage, OPENING.replace(hour=16))
    assert packs(await camille.hears()) == []


def _set_hours(turn: Turn, place: str, words: str) -> None:
    week, diane = week_words.parse(words), directory.by_name(turn.session, "Diane Roux")
    assert isinstance(week, opening.Week)
    assert diane is not None
    assert hours_setting.set_place(turn, diane, place, hours_setting.Read(week, None))


async def test_its_figures_are_counted_without_the_writer(stage: Stage, camille: Colleague) -> None:
    """SQLite has one; on a Monday morning everybody's figures are due at once."""
    reading: list[bool] = []

    def note(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if "FROM questions" in statement and "count(" in statement:
            reading.append(connection.get_execution_options().get("only_reads", False))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        await until(stage, OPENING)
        heard = await camille.writes("/semaine 2026-S40 25")
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len(packs(heard)) == 2
    assert len(reading) > 10
    assert all(reading)


async def test_in_the_pacific_not_before_the_week_is_over_where_we_are(
    stage: Stage, camille: Colleague
) -> None:
    louis = await appoint(stage, "Louis Wamytan", territories="988")
    await until(stage, OPENING.replace(day=29, hour=22, minute=59))
    assert packs(await louis.hears()) == []
    await until(stage, OPENING.replace(day=29, hour=23))
    (text,) = packs(await louis.hears())
    assert "semaine en cours" not in text


@pytest.mark.parametrize(
    ("monday", "opening"),
    [
        (datetime(2027, 3, 29, 12, tzinfo=UTC), datetime(2027, 3, 30, 7, tzinfo=UTC)),
        (datetime(2026, 10, 26, 7, 59, tzinfo=UTC), datetime(2026, 10, 26, 8, tzinfo=UTC)),
        (datetime(2027, 1, 4, 7, 59, tzinfo=UTC), datetime(2027, 1, 4, 8, tzinfo=UTC)),
    ],
    ids=["Easter Monday, and clocks changed", "clocks changed", "after week 53"],
)
async def test_holidays_clocks_and_week_53(stage: Stage, monday: datetime, opening: datetime) -> None:
    stage.clock.now = monday.replace(hour=9, minute=0)
    stage.clock.advance(days=-5)
    camille = await appoint(stage, "Camille Martin", territories="25")
    await stage.turn(timers.begin)
    await until(stage, monday)
    assert packs(await camille.hears()) == []
    await until(stage, opening)
    (text,) = packs(await camille.hears())
    assert Week.of(monday.date()).earlier(1).words in text


async def test_who_is_away_finds_it_when_they_are_back(stage: Stage, camille: Colleague) -> None:
    await is_away(stage, camille)
    await until(stage, OPENING)
    assert len(packs(await camille.hears())) == 1


async def test_by_mail_in_plain_text_and_html(stage: Stage, diane: Colleague, server: MailServer) -> None:
    await appoint(stage, "Camille Martin", territories="25", email=CAMILLE, telegram=False)
    await stage.turn(timers.begin)
    await until(stage, OPENING)
    (mail,) = [one for one in server.to(CAMILLE) if "semaine" in one["Subject"]]
    assert mail["Subject"] == "Souffleur : semaine 48, du 23 au 29 novembre 2026, Doubs (25)"
    plain, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert html is not None
    assert "Questions : 0" in plain.get_content()
    assert "<li>Questions : <strong>0</strong>" in html.get_content()
    assert "/console/semaine?semaine=2026-W48&amp;lieu=25" in html.get_content()
    assert "personne ne le lit" in plain.get_content()


async def test_the_command_gives_the_same_for_any_week_and_place(
    stage: Stage, camille: Colleague, diane: Colleague
) -> None:
    heard = await camille.writes("/semaine")
    assert "semaine 47, du 16 au 22 novembre 2026 : Doubs (25), Saône-et-Loire (71)" in said(heard)
    assert len(pictures(heard)) == 1
    assert "semaine en cours, chiffres provisoires" in said(await camille.writes("/semaine 2026-W48"))
    assert "semaine 40, du 28 septembre au 4 octobre 2026 : Doubs" in said(
        await camille.writes("/semaine 2026-S40 25")
    )
    assert ": Saône-et-Loire (71)" in said(await camille.writes("/semaine 71"))
    assert "pas de territoire « 75 »" in said(await camille.writes("/semaine 75"))
    assert ": Paris (75)" in said(await diane.writes("/semaine 75"))
    assert "Je ne connais pas cette semaine" in said(await camille.writes("/semaine 2026-W60"))
    assert "n'a pas encore commencé" in said(await camille.writes("/semaine 2027-W30"))
