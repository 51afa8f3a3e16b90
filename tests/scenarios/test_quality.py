"""The weekly sample: drawn once, judged on Telegram, and what a wrong answer brings about at every door."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.library import Library
from handlers import corrections, quality, timers
from handlers.quality_figures import Quality, quality_until
from handlers.turn import Turn
from handlers.week import Week
from storage import contacts, directory, questions
from storage import repairs as tasks
from storage.tables import Repair
from tests.actors import Citizen, TelegramCitizen, WebCitizen, buttons, texts
from tests.scenarios.desk import Colleague, appoint, said
from tests.scenarios.traces import traces
from tests.stage import Stage, open_stage

ENTRY = "pro-create-account"
ASKED = "comment créer un compte pass Culture Pro ?"
OVER = datetime(2026, 11, 29, 23, tzinfo=UTC)
"""Monday's midnight in Paris: week 48 is over."""
WEEK = Week(2026, 48)


@pytest.fixture
async def stage(tmp_path: Path, library: Library) -> AsyncIterator[Stage]:
    url = f"sqlite:///{tmp_path}/souffleur.db"
    async with open_stage(url, tmp_path, library, telegram_notices="full") as stage:
        await stage.turn(timers.begin)
        yield stage


async def until(stage: Stage, moment: datetime) -> None:
    await stage.later(seconds=(moment - stage.clock.now).total_seconds())


async def figures(stage: Stage, week: Week = WEEK) -> Quality:
    return await stage.turn(lambda turn: quality_until(turn, week))


async def judged_wrong(stage: Stage, diane: Colleague) -> None:
    """Somebody else judged the one answer that was drawn."""

    def judge(turn: Turn) -> None:
        by = directory.get(turn.session, diane.id)
        assert by is not None
        judged = quality.judge(turn, by, 1, "wrong")
        assert isinstance(judged, quality.Judged), judged

    await stage.turn(judge)


async def test_from_the_answer_to_the_correction(stage: Stage, camille: Colleague, diane: Colleague) -> None:
    lou = await appoint(stage, "Lou Weber", role="editor")
    nadia, ada = TelegramCitizen(stage), WebCitizen(stage)
    for citizen in (nadia, ada):
        assert "SIRET" in texts(await citizen.says(ASKED))
    assert "Plus aucune réponse n'attend" in said(await camille.writes("/juger"))
    await until(stage, OVER)
    heard = await camille.writes("/juger")
    shown = said(heard)
    assert "Réponse 1 sur 2, semaine 48, du 23 au 29 novembre 2026." in shown
    assert f": {ASKED}" in shown
    assert "SIRET" in shown
    heard = await camille.presses("Fausse")
    assert "C'est noté : fausse. La fiche" in said(heard)
    assert "/console/qualite/fiches/1" in said(heard)
    assert "attendent encore votre avis : 1." in said(heard), "Ada wrote on the site: her words stay there"
    told = said(await lou.hears())
    assert "a été jugée fausse : la fiche est suspendue" in told
    await ada.comes_back()
    for citizen in (nadia, ada, TelegramCitizen(stage)):
        again = texts(await citizen.says(ASKED))
        assert "n'est plus à jour" in again
        assert "règles" not in again, "no rule changes: we were wrong"
        assert "SIRET" not in again
    await stage.turn(lambda turn: _correct(turn, camille, "Un compte se crée autrement : sans **SIRET**."))
    for citizen in (nadia, ada):
        heard_at_last = await citizen.hears()
        assert "Correction. Un compte se crée autrement : sans **SIRET**." in texts(heard_at_last)
        assert "Parler au référent" in buttons(heard_at_last)
    assert (await figures(stage)).wrong.part == 1


def _correct(turn: Turn, by: Colleague, words: str) -> None:
    referent = directory.get(turn.session, by.id)
    assert referent is not None
    written = corrections.write(turn, referent, 1, words)
    assert isinstance(written, Repair), written


async def test_who_blocked_or_erased_is_left_out_and_nobody_is_told_twice(
    stage: Stage, camille: Colleague, diane: Colleague
) -> None:
    nadia, gone, blocked = TelegramCitizen(stage), TelegramCitizen(stage), TelegramCitizen(stage)
    for citizen in (nadia, gone, blocked):
        await citizen.says(ASKED)
        await citizen.presses("Non")
    await until(stage, OVER)
    await gone.says("/effacer")
    await gone.presses("Oui, tout effacer")
    blocked.person.block()
    await stage.settle()
    await judged_wrong(stage, diane)
    await nadia.hears()
    await stage.turn(lambda turn: _correct(turn, diane, "Ce n'est pas vrai."))
    await stage.turn(lambda turn: corrections.go_on(turn, 1, 0))
    assert texts(await nadia.hears()).count("Ce n'est pas vrai.") == 1
    assert "Ce n'est pas vrai." not in texts(await gone.hears())
    assert "Ce n'est pas vrai." not in texts(await blocked.hears())


async def test_many_are_told_a_hundred_at_a_time(stage: Stage, diane: Colleague) -> None:
    def ask(turn: Turn) -> None:
        for number in range(230):
            contact = contacts.at(turn.session, f"web:{number}", now=turn.now)
            questions.log(
                turn.session,
                contact,
                at=turn.now,
                text="a",
                outcome="answer",
                candidates=[],
                entry_id=ENTRY,
                knowledge_hash="0",
            )

    await stage.turn(ask)
    await until(stage, OVER)
    await judged_wrong(stage, diane)
    await stage.turn(lambda turn: _correct(turn, diane, "Ce n'est pas vrai."))
    assert await _told(stage) == corrections.PEOPLE
    stage.house.worker.inbox_wake()
    await stage.settle()
    assert await _told(stage) == 230


async def _told(stage: Stage) -> int:
    return await stage.turn(lambda turn: tasks.count_told(turn.session, 1))


async def test_the_buttons_pass_and_judge_one_after_another(
    stage: Stage, camille: Colleague, diane: Colleague
) -> None:
    for words in (ASKED, "C'est quoi le pass Culture ?", "Quel âge faut-il avoir pour le pass ?"):
        await TelegramCitizen(stage).says_and_waits(words)
    await until(stage, OVER)
    drawn = (await figures(stage)).waiting
    assert drawn >= 2
    (first,) = await camille.writes("/juger")
    second = await camille.presses("Passer")
    assert "Question" in said(second)
    assert said(second) != first.text
    assert "C'est noté : juste." in said(await camille.presses("Juste", on=first))
    again = said(await camille.presses("Fausse", on=first))
    assert "Quelqu'un a déjà jugé cette réponse" in again
    assert (await figures(stage)).wrong.part == 0


async def test_words_of_the_site_do_not_go_through_telegram(
    stage: Stage, camille: Colleague, diane: Colleague
) -> None:
    await WebCitizen(stage).says(ASKED)
    await until(stage, OVER)
    heard = said(await camille.writes("/juger"))
    assert "attendent encore votre avis : 1." in heard
    assert "/console/qualite" in heard
    assert ASKED not in heard


async def test_judging_is_the_desks_alone(stage: Stage, nadia: Citizen, camille: Colleague) -> None:
    assert "Je ne connais pas la commande" in texts(await nadia.says("/juger"))


async def test_the_pack_tells_of_it_in_its_ten_lines(
    stage: Stage, camille: Colleague, diane: Colleague
) -> None:
    await TelegramCitizen(stage).says(ASKED)
    await until(stage, OVER)
    assert "· vérifiées : aucune encore · à juger : 1" in said(await camille.writes("/semaine 2026-W48"))
    await judged_wrong(stage, diane)
    heard = said(await camille.writes("/semaine 2026-W48"))
    assert (
        "vérifiées en treize semaines, tout le pays : 1 · fausses : 1 (100 %, entre 20,7 % et 100 %)" in heard
    )
    assert len([line for line in heard.splitlines() if line.startswith(("Point", "•"))]) == 10


async def test_what_was_shown_to_be_judged_goes_with_its_person(
    stage: Stage, camille: Colleague, diane: Colleague
) -> None:
    """From the chat of who judges, too; others' words stay."""
    nadia, other = TelegramCitizen(stage), TelegramCitizen(stage)
    await nadia.says(ASKED)
    await other.says("à quel âge a-t-on droit au pass ?")
    await until(stage, OVER)
    (first,) = await camille.writes("/juger")
    *_, second = await camille.presses("Passer")
    hers, theirs = (first, second) if ASKED in first.text else (second, first)
    assert ASKED in hers.text
    await nadia.says("/effacer")
    await nadia.presses("Oui, tout effacer")
    await stage.settle()
    assert traces(stage, ASKED) == []
    assert "n'est plus valable" in said(await camille.presses("Juste", on=hers))
    assert "C'est noté : juste." in said(await camille.presses("Juste", on=theirs))
