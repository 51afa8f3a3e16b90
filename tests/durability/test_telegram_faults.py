"""Telegram on a bad day, through the whole house: what was to be said arrives, in order, once it recovers."""

import asyncio

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from handlers.turn import Turn
from storage import directory, outbox, queue, receipts
from storage.tables import Contact, InboxItem, OutboxItem, Transcript
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
        while not any(SET_ASIDE in text for text in heard(person)):
            await stage.telegram.something_sent()
    await stage.settle()


def heard(person: Person) -> list[str]:
    return [message.text for message in person.heard()]


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
    assert len(heard(bob)) >= 3
    assert without_copies(heard(alice)) == heard(bob)
    if not may_be_copied:
        assert heard(alice) == heard(bob)
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
    assert len({tuple(heard(person)) for person in people}) == 1


@pytest.mark.fault(47)
async def test_an_answer_whose_layout_is_refused_arrives_as_plain_text(stage: Stage) -> None:
    nadia = stage.telegram.person(1001)
    stage.telegram.fail("sendMessage", "cannot_parse")
    nadia.write("bonjour")
    await stage.settle()
    assert len(heard(nadia)) == 2
    assert "entities" not in stage.telegram.calls("sendMessage")[1].parameters


@pytest.mark.fault(54)
async def test_what_telegram_will_never_take_is_set_aside_and_the_chat_goes_on(stage: Stage) -> None:
    nadia = stage.telegram.person(1001)
    stage.telegram.fail("sendMessage", "400")
    nadia.write("bonjour")
    await stage.settle()
    assert len(heard(nadia)) == 1, "the second message of the turn"
    reasons = await stage.turn(lambda turn: [item.reason for item in outbox.failures(turn.session)])
    assert reasons == ["Bad Request: something is wrong"]


@pytest.mark.fault(55)
async def test_a_chat_that_moved_gets_its_messages_at_the_new_place(stage: Stage) -> None:
    nadia = stage.telegram.person(1001)
    stage.telegram.chats[2002].state = "open"
    stage.telegram.fail("sendMessage", "migrated", value=2002)
    nadia.write("bonjour")
    await stage.settle()
    assert heard(nadia) == []
    assert len(heard(stage.telegram.person(2002))) == 2
    assert await stage.turn(lambda turn: receipts.find(turn.session, "telegram:2002", "1") is not None)


@pytest.mark.fault(55)
async def test_what_was_written_before_a_chat_moved_belongs_to_the_same_talk(stage: Stage) -> None:
    nadia = stage.telegram.person(1001)
    nadia.write("bonjour")
    await stage.settle()
    moved = nadia.move(2002)
    stage.telegram.fail("sendMessage", "migrated", value=2002)
    nadia.write("merci")
    await stage.settle()
    nadia.write("bonne journée")  # on its way when the chat became another one
    await stage.settle()
    assert len(heard(moved)) == 2, "no greeting as to somebody new"
    addresses = await stage.turn(lambda turn: turn.session.scalars(select(Contact.address)).all())
    assert addresses == ["telegram:2002"]


# People who are not there any more


def _referent(turn: Turn) -> None:
    alice = directory.add(
        turn.session, name="Alice", role="national", national=True, email=None, now=turn.now
    )
    alice.telegram_id = 77


async def _a_taken_ticket(stage: Stage) -> tuple[TelegramCitizen, Person]:
    """Nadia, who asked for a person, and the referent who took her ticket."""
    alice = stage.telegram.person(77)
    await stage.turn(_referent)
    alice.write("/start")
    nadia = TelegramCitizen(stage)
    await nadia.says("/referent")
    alice.write("/prendre 1")
    await stage.settle()
    return nadia, alice


@pytest.mark.fault(33)
async def test_somebody_who_blocks_the_bot_is_left_alone_and_the_referent_told(stage: Stage) -> None:
    nadia, alice = await _a_taken_ticket(stage)
    before = len(heard(alice))
    nadia.person.block()
    await stage.settle()
    assert "n° 1" in heard(alice)[before]
    tried = len(stage.telegram.calls("sendMessage"))
    alice.write("/repondre 1 Bonjour, je regarde.")
    await stage.settle()
    to_nadia = [
        call
        for call in stage.telegram.calls("sendMessage")[tried:]
        if call.parameters["chat_id"] == nadia.person.id
    ]
    assert to_nadia == []


@pytest.mark.fault(34)
@pytest.mark.fault(45)
async def test_a_reply_to_an_account_that_is_gone_is_reported_to_who_wrote_it(stage: Stage) -> None:
    nadia, alice = await _a_taken_ticket(stage)
    nadia.person.deactivate()
    alice.write("/repondre 1 Bonjour, voici ce qu'il faut faire.")
    await stage.settle()
    assert any("n° 1" in text and "plus" in text for text in heard(alice)[-2:])
    unreachable = await stage.turn(
        lambda turn: turn.session.scalar(
            select(Contact.unreachable_at).where(Contact.address == nadia.address)
        )
    )
    assert unreachable is not None
    assert await stage.turn(_nothing_open)


def _nothing_open(turn: Turn) -> bool:
    return turn.session.scalar(select(OutboxItem.id).where(OutboxItem.status == "waiting")) is None


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
    assert len(heard(nadia)) == 3


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
    assert len(heard(nadia)) == 4
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
    assert [text for text in heard(nadia) if SET_ASIDE not in text] == heard(neighbour)
    parked = await stage.turn(lambda turn: [(i.key, i.attempts) for i in queue.parked(turn.session)])
    assert parked == [("poison", queue.ATTEMPTS)]
    assert said(await diane.hears()).count("queue failed") == 1


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
