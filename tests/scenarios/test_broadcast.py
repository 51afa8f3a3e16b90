"""A broadcast leaves a few at a time, once to each, behind answers, not at night; and it really stops."""

from datetime import timedelta

import pytest

from handlers import broadcast, broadcasting, infos
from handlers.errors import Refused
from handlers.turn import Turn
from storage import broadcasts as stored
from storage import contacts, outbox
from tests.actors import Citizen, TelegramCitizen, WebCitizen, texts
from tests.scenarios.desk import Colleague, appoint, said
from tests.scenarios.news import (
    READ,
    YOUNG,
    accounts,
    crowd,
    erased,
    got,
    held,
    joins,
    made,
    person,
    progress,
    send,
    start,
    stop,
    wipe,
)
from tests.stage import Stage

CHUNK = 10
"""Two seconds at five a second."""


async def test_it_reaches_who_agreed_and_nobody_else(
    stage: Stage, nadia: Citizen, nadia_on_telegram: TelegramCitizen, camille: Colleague
) -> None:
    await joins(nadia)
    await nadia_on_telegram.says("/start dep-25")
    far, other = TelegramCitizen(stage), WebCitizen(stage)
    await joins(far, place="59")
    await joins(other, "pass Culture Pro")
    await send(stage, camille)
    heard = texts(await nadia.hears())
    assert READ in heard
    assert f"parce que vous avez demandé les infos « {YOUNG} »" in heard
    for one in (nadia_on_telegram, far, other):
        assert READ not in texts(await one.hears())
    await stage.later(seconds=2)
    assert await progress(stage) == ("done", {"sent": 1})


async def test_one_press_under_the_message_ends_it(stage: Stage, nadia: Citizen, camille: Colleague) -> None:
    await joins(nadia)
    await send(stage, camille)
    await nadia.hears()
    assert "vous ne recevrez plus rien" in texts(await nadia.presses("Ne plus recevoir"))
    assert await held(stage, nadia) == {}
    await stage.turn(lambda turn: made(turn, camille))
    assert await stage.turn(lambda turn: start(turn, camille, 2)) == Refused("broadcast.nobody")


async def test_the_button_works_after_the_conversation_was_erased(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague
) -> None:
    await joins(nadia_on_telegram)
    await send(stage, camille)
    await nadia_on_telegram.hears()
    await stage.turn(lambda turn: wipe(turn, nadia_on_telegram))
    await nadia_on_telegram.presses("Ne plus recevoir")
    assert await held(stage, nadia_on_telegram) == {}


@pytest.mark.both_databases
async def test_few_leave_at_once_and_the_rest_can_be_stopped(stage: Stage, camille: Colleague) -> None:
    await crowd(stage, 25)
    await send(stage, camille)
    assert await progress(stage) == ("sending", {"queued": CHUNK, "waiting": 15})
    await stage.later(seconds=2)
    assert await progress(stage) == ("sending", {"queued": CHUNK, "sent": CHUNK, "waiting": 5})
    assert await stage.turn(lambda turn: stop(turn, camille, 1)) is None
    await stage.later(seconds=10)
    state, counts = await progress(stage)
    assert (state, counts) == ("stopped", {"sent": 20, "stopped": 5})
    assert got(stage, 25) == [1] * 20 + [0] * 5
    assert await stage.turn(lambda turn: stop(turn, camille, 1)) == Refused(
        "broadcast.not_under_way", (("number", "1"),)
    )


@pytest.mark.both_databases
async def test_what_stands_in_the_outbox_is_taken_back_when_it_stops(
    stage: Stage, camille: Colleague
) -> None:
    """The step itself, without the loop that delivers: nothing of it was begun."""

    await crowd(stage, 3)

    def work(turn: Turn) -> tuple[dict[str, int], dict[str, int], int]:
        made(turn, camille)
        start(turn, camille, 1)
        broadcasting.step(turn, 1, 1)
        queued = stored.progress(turn.session, 1)
        stop(turn, camille, 1)
        waiting = sum(outbox.waiting(turn.session, f"telegram:{one}") for one in accounts(3))
        return queued, stored.progress(turn.session, 1), waiting

    assert await stage.turn(work) == ({"queued": 3}, {"stopped": 3}, 0)
    await stage.later(seconds=5)
    assert got(stage, 3) == [0, 0, 0]


@pytest.mark.both_databases
async def test_who_leaves_in_the_middle_gets_nothing_more(stage: Stage, camille: Colleague) -> None:
    await crowd(stage, 15)

    def work(turn: Turn) -> dict[str, int]:
        made(turn, camille)
        start(turn, camille, 1)
        broadcasting.step(turn, 1, 1)
        for account in (accounts(15)[0], accounts(15)[14]):  # in the outbox, and still waiting
            contact = contacts.at(turn.session, f"telegram:{account}", now=turn.now)
            infos.leave(turn, contact, None, "word")
        return stored.progress(turn.session, 1)

    assert await stage.turn(work) == {"left": 2, "queued": 9, "waiting": 4}
    await stage.later(seconds=2)
    await stage.later(seconds=2)
    await stage.later(seconds=2)
    assert await progress(stage) == ("done", {"left": 2, "sent": 13})
    assert got(stage, 15) == [0] + [1] * 13 + [0]


@pytest.mark.both_databases
async def test_a_step_that_runs_twice_and_a_start_pressed_twice_send_once(
    stage: Stage, camille: Colleague
) -> None:
    """As after a kill between the step and its commit, which does the step again."""
    await crowd(stage, 4)

    class Killed(Exception):
        """The process died before the commit."""

    def died(turn: Turn) -> None:
        made(turn, camille)
        start(turn, camille, 1)
        broadcasting.step(turn, 1, 1)
        raise Killed

    with pytest.raises(Killed):
        await stage.turn(died)
    number = await send(stage, camille)
    again = await stage.turn(lambda turn: start(turn, camille, number))
    assert again == Refused("broadcast.on_its_way", (("number", str(number)),))
    for _ in range(2):
        await stage.turn(lambda turn: broadcasting.step(turn, number, 1))
        await stage.later(seconds=2)
    assert await progress(stage, number) == ("done", {"sent": 4})
    assert got(stage, 4) == [1] * 4


async def test_nobody_is_woken_by_it(stage: Stage, camille: Colleague) -> None:
    """At nine in Paris it is five in Guadeloupe, and evening in Nouméa."""
    stage.clock.advance(hours=-1)
    desk = await appoint(stage, "Noé Faure", role="national")
    paris, guadeloupe, noumea = (TelegramCitizen(stage) for _ in range(3))
    for one, place in ((paris, "25"), (guadeloupe, "971"), (noumea, "988")):
        await joins(one, place=place)
    await send(stage, desk, None)
    await stage.later(seconds=4)
    assert [READ in texts(await one.hears()) for one in (paris, guadeloupe, noumea)] == [True, False, True]
    await stage.later(hours=3)
    assert READ not in texts(await guadeloupe.hears())
    await stage.later(hours=1)
    assert READ in texts(await guadeloupe.hears())
    await stage.later(seconds=2)
    assert await progress(stage) == ("done", {"sent": 3})


async def test_what_night_finds_in_the_outbox_waits_for_the_morning(stage: Stage, camille: Colleague) -> None:
    """Telegram was away when evening came: what was handed over before is taken back."""
    await crowd(stage, 2)
    stage.clock.advance(hours=11, minutes=1)

    def work(turn: Turn) -> list[dict[str, int]]:
        turn.now -= timedelta(minutes=2)
        made(turn, camille)
        start(turn, camille, 1)
        broadcasting.step(turn, 1, 1)
        found = [stored.progress(turn.session, 1)]
        turn.now += timedelta(minutes=2)
        broadcasting.step(turn, 1, 2)
        return [*found, stored.progress(turn.session, 1)]

    assert await stage.turn(work) == [{"queued": 2}, {"waiting": 2}]
    await stage.later(hours=10)
    assert got(stage, 2) == [0, 0]
    await stage.later(hours=1)
    await stage.later(seconds=2)
    assert got(stage, 2) == [1, 1]


async def test_who_blocked_the_bot_is_counted_and_dropped(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague
) -> None:
    await joins(nadia_on_telegram)
    # Telegram says nothing of it before something is sent.
    stage.telegram.chats[nadia_on_telegram.person.id].state = "blocked"
    await send(stage, camille)
    await stage.later(seconds=2)
    assert await progress(stage) == ("done", {"blocked": 1})
    assert await held(stage, nadia_on_telegram) == {}


async def test_who_is_erased_in_the_middle_leaves_a_count(
    stage: Stage, nadia: Citizen, camille: Colleague
) -> None:
    await joins(nadia)
    await send(stage, camille)
    await nadia.hears()
    await nadia.says("/effacer")
    await erased(nadia)
    await stage.later(seconds=2)
    assert await progress(stage) == ("done", {"sent": 1})


async def test_it_waits_while_others_wait(stage: Stage, camille: Colleague) -> None:
    """What somebody asked for stands before it: nothing is added to a full moment."""
    await camille.hears()

    await crowd(stage, 3)

    def work(turn: Turn) -> dict[str, int]:
        made(turn, camille)
        start(turn, camille, 1)
        for number in range(CHUNK - 1):
            say = {"kind": "message", "text": "réponse", "markup": False, "choices": []}
            outbox.put(turn.session, lane=f"telegram:{950_000 + number}", payload=say, now=turn.now)
        broadcasting.step(turn, 1, 1)
        return stored.progress(turn.session, 1)

    assert await stage.turn(work) == {"queued": 1, "waiting": 2}


async def test_a_trial_goes_to_its_author_alone(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague
) -> None:
    await joins(nadia_on_telegram)
    await stage.turn(lambda turn: made(turn, camille))
    assert await stage.turn(lambda turn: broadcast.try_on_oneself(turn, person(turn, camille), 1)) is None
    assert READ in said(await camille.hears())
    assert READ not in texts(await nadia_on_telegram.hears())
    assert await progress(stage) == ("draft", {})
