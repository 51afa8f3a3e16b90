"""Telegram on a bad day, through the whole house: what was to be said arrives, in order, once it recovers."""

import asyncio

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.turning import LOOK_AGAIN
from handlers.turn import Turn
from storage import outbox, queue
from storage.failing import ATTEMPTS
from storage.tables import InboxItem, Transcript
from tests.actors import TelegramCitizen, put_raw, texts
from tests.durability.subjects import without_copies
from tests.fake_telegram import TOKEN, Person
from tests.scenarios.desk import appoint, said
from tests.stage import PATIENCE, Stage
from tests.storage.passing import gates_open


async def recovered(stage: Stage) -> None:
    """Waits for silence, without the seconds that the gates would take."""
    async with asyncio.timeout(PATIENCE):
        while stage.telegram.updates.waiting or not await stage.turn(_silent):
            await stage.house.database.write(gates_open)
            stage.house.worker.outbox_wake()
            await asyncio.sleep(0.02)  # until the next try has been made


def _silent(turn: Turn) -> bool:
    waits = queue.oldest(turn.session, now=turn.now)
    return waits is None and outbox.oldest(turn.session) is None


SET_ASIDE = "je n'ai pas réussi à le traiter"


async def told(stage: Stage, person: Person) -> None:
    """Waits until somebody knows that their message was set aside: looked at once a second."""
    async with asyncio.timeout(PATIENCE):
        while not any(SET_ASIDE in text for text in person.texts()):
            await stage.telegram.something_sent()
    await stage.settle()


# Sending


@pytest.mark.fault(40)
@pytest.mark.fault(42)
@pytest.mark.fault(43)
@pytest.mark.parametrize(
    ("fault", "may_be_copied"),
    [
        ("500", True),
        ("502", True),
        ("429", False),
        ("401", False),
        ("404", False),
        ("proxy_403", True),
        ("reset_before", True),
        ("reset_after", True),
        ("html", True),
        ("truncated", True),
        ("no_result", True),
        ("odd_result", True),
    ],
)
async def test_what_telegram_did_not_take_arrives_when_it_recovers(
    stage: Stage, fault: str, may_be_copied: bool
) -> None:
    alice, bob = stage.telegram.person(1001), stage.telegram.person(1002)
    stage.telegram.fail("sendMessage", fault, value=1, times=3)
    alice.write("bonjour")
    alice.write("merci")
    await recovered(stage)
    bob.write("bonjour")
    bob.write("merci")
    await stage.settle()
    assert len(bob.texts()) >= 3
    assert without_copies(alice.texts()) == bob.texts()
    if not may_be_copied:
        assert alice.texts() == bob.texts()
    assert await stage.turn(lambda turn: list(outbox.failures(turn.session))) == []


@pytest.mark.fault(6)
@pytest.mark.fault(41)
async def test_a_copy_does_not_ring_a_second_time(stage: Stage) -> None:
    nadia = stage.telegram.person(1001)
    stage.telegram.fail("sendMessage", "reset_after")
    nadia.write("bonjour")
    await recovered(stage)
    first, copy = stage.telegram.calls("sendMessage")[:2]
    assert first.parameters["text"] == copy.parameters["text"]
    assert "disable_notification" not in first.parameters
    assert copy.parameters["disable_notification"] is True


@pytest.mark.fault(38)
async def test_told_to_wait_the_whole_bot_waits_and_nothing_is_dropped(stage: Stage) -> None:
    people = [stage.telegram.person(1001 + number) for number in range(4)]
    stage.telegram.fail("sendMessage", "429", value=1)
    for person in people:
        person.write("bonjour")
    await stage.settle()
    calls = stage.telegram.calls("sendMessage")
    told = next(call for call in calls if call.status == 429)
    # What was under way when we were told could not be called back; nothing begins before the second is over.
    later = [call.at - told.at for call in calls if call.at > told.at]
    assert all(gap < 0.3 or gap > 0.95 for gap in later)
    assert max(later) > 0.95
    assert len({tuple(person.texts()) for person in people}) == 1


@pytest.mark.fault(47)
async def test_an_answer_whose_layout_is_refused_arrives_as_plain_text(stage: Stage) -> None:
    nadia = stage.telegram.person(1001)
    stage.telegram.fail("sendMessage", "cannot_parse")
    nadia.write("bonjour")
    await stage.settle()
    assert len(nadia.texts()) == 2
    assert "entities" not in stage.telegram.calls("sendMessage")[1].parameters


@pytest.mark.fault(54)
async def test_what_telegram_will_never_take_is_set_aside_and_the_chat_goes_on(stage: Stage) -> None:
    nadia = stage.telegram.person(1001)
    stage.telegram.fail("sendMessage", "400")
    nadia.write("bonjour")
    await stage.settle()
    assert len(nadia.texts()) == 1, "the second message of the turn"
    reasons = await stage.turn(lambda turn: [item.reason for item in outbox.failures(turn.session)])
    assert reasons == ["Bad Request: something is wrong"]


# Receiving


@pytest.mark.fault(16)
async def test_an_update_delivered_five_times_is_answered_once(stage: Stage) -> None:
    nadia = stage.telegram.person(1001)
    nadia.write("bonjour")
    for copy in list(stage.telegram.updates.waiting) * 4:
        stage.telegram.inject(copy)
    await stage.settle()
    stage.telegram.updates.next_id += 10
    nadia.write("merci")
    await stage.settle()
    said = await stage.turn(
        lambda turn: list(turn.session.scalars(select(Transcript.text).where(Transcript.author == "visitor")))
    )
    assert said == ["bonjour", "merci"]
    assert len(nadia.texts()) == 3


@pytest.mark.fault(20)
async def test_an_unreadable_update_is_set_aside_and_its_neighbours_are_answered(stage: Stage) -> None:
    nadia = stage.telegram.person(1001)
    nadia.write("bonjour")
    number = stage.telegram.updates.next_id
    stage.telegram.updates.next_id += 1
    broken = {"message_id": "seven", "date": "hier", "chat": {"id": nadia.id, "type": "private"}, "text": []}
    stage.telegram.inject({"update_id": number, "message": broken})
    nadia.write("merci")
    await told(stage, nadia)
    assert len(nadia.texts()) == 4
    parked = await stage.turn(lambda turn: [(i.key, i.reason) for i in queue.parked(turn.session)])
    key = f"{TOKEN.partition(':')[0]}:telegram:{number}"
    assert parked == [(key, "unreadable: message_id is not an integer")]
    assert (await stage.house.probe()).details["parked"] == 1


@pytest.mark.fault(10)
@pytest.mark.parametrize(
    "payload",
    [
        pytest.param({"door": "timer", "kind": "nobody knows", "arguments": {}}, id="fails in the turn"),
        pytest.param(
            {"door": "web", "address": "telegram:1001", "id": "1", "text": 5, "row": 1},
            id="fails in the translation",
        ),
    ],
)
async def test_an_event_that_always_fails_is_set_aside_after_five_tries(
    stage: Stage, payload: dict[str, object]
) -> None:
    diane = await appoint(stage, "Diane Roux", role="admin")
    nadia, neighbour = stage.telegram.person(1001), stage.telegram.person(1002)
    await stage.turn(lambda turn: put_raw(turn, "poison", nadia.address, payload))
    nadia.write("bonjour")
    neighbour.write("bonjour")
    async with asyncio.timeout(PATIENCE):
        while await stage.turn(_none_parked):
            await stage.house.database.write(_the_wait_is_over)
            stage.house.worker.inbox_wake()
            await asyncio.sleep(0.02)  # until the next try has been made
    await told(stage, nadia)
    assert [text for text in nadia.texts() if SET_ASIDE not in text] == neighbour.texts()
    parked = await stage.turn(lambda turn: [(i.key, i.attempts) for i in queue.parked(turn.session)])
    assert parked == [("poison", ATTEMPTS)]
    assert said(await diane.hears()).count("queue failed") == 1


async def test_what_a_dead_process_left_is_tried_alone_once_the_next_one_has_settled(stage: Stage) -> None:
    """In its first moments all is slow: what is in hand then would be blamed for each death of those."""
    turning = stage.house.worker.turning
    turning.settled_at = float("inf")
    await stage.turn(_leave)
    await asyncio.sleep(2.5 * LOOK_AGAIN)
    assert await stage.turn(_left) == "new"
    turning.settled_at = 0.0
    await stage.settle()
    assert await stage.turn(_left) == "done"


def _leave(turn: Turn) -> None:
    """An item that a process had in hand when it died."""
    put_raw(turn, "left", "left", {"door": "timer", "kind": "purge", "arguments": {"number": 0}})
    queue.claim_lane(turn.session, "left", now=turn.now)
    turn.session.execute(update(InboxItem).values(lease_until=0))


def _left(turn: Turn) -> str:
    status = turn.session.scalar(select(InboxItem.status).where(InboxItem.key == "left"))
    assert status is not None
    return status


def _none_parked(turn: Turn) -> bool:
    return not queue.parked(turn.session)


def _the_wait_is_over(session: Session) -> None:
    session.execute(update(InboxItem).values(retry_at=0))


@pytest.mark.fault(32)
async def test_many_messages_in_a_moment_are_all_kept_and_answered_in_order(stage: Stage) -> None:
    nadia = TelegramCitizen(stage)
    for _ in range(10):
        nadia.person.write("bonjour")
        nadia.person.write("merci")
    news = await nadia.hears()
    assert len(news) == 21
    assert "robot" in texts(news[:2])
