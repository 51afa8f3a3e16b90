"""The outbox: in order per lane, never lost, a copy only where nobody can know. On both databases."""

import asyncio

import pytest

from storage import outbox, receipts, sending
from tests.storage.passing import NOW
from tests.storage.postbox import Outbox, texts

A_LEASE = sending.LEASE_MS / 1000 + 1


# Order


async def test_a_chat_hears_things_in_order_while_chats_go_side_by_side(box: Outbox) -> None:
    for text, lane in (("a1", "telegram:1"), ("a2", "telegram:1"), ("b1", "telegram:2")):
        await box.put(text, lane)
    first = await box.claim()
    assert texts(first) == ["a1", "b1"]
    assert await box.claim() == []
    await box.put_back(first[0])
    assert texts(await box.claim()) == ["a1"], "a second try comes before the next message"


@pytest.mark.fault(54)
async def test_what_is_refused_for_good_lets_the_next_of_its_chat_pass(box: Outbox) -> None:
    await box.put("poison")
    await box.put("next")
    poison = await box.claim_one()
    assert await box.database.write(lambda s: outbox.failed(s, poison, now=NOW, reason="too long"))
    assert texts(await box.claim()) == ["next"]
    failures = await box.database.read(
        lambda s: [(f.status, f.reason, f.payload) for f in outbox.failures(s)]
    )
    assert failures == [("failed", "too long", None)]


async def test_only_asked_channels_are_claimed(box: Outbox) -> None:
    await box.put("letter", "mail:nadia@example.org")
    await box.put("chat", "telegram:1")
    assert texts(await box.claim()) == ["chat"]


@pytest.mark.fault(39)
async def test_several_workers_never_take_one_message_twice(box: Outbox) -> None:
    for number in range(40):
        await box.put(f"{number:02}", f"telegram:{number % 8}")
    delivered: list[str] = []

    async def work() -> None:
        misses = 0
        while misses < 5:
            claimed = await box.claim(3)
            misses = 0 if claimed else misses + 1
            for parcel in claimed:
                delivered.append(parcel.payload["text"])
                assert await box.sent(parcel)

    await asyncio.gather(*(work() for _ in range(4)))
    assert sorted(delivered) == [f"{number:02}" for number in range(40)]
    for lane in range(8):
        mine = [text for text in delivered if int(text) % 8 == lane]
        assert mine == sorted(mine)


# Uncertain


@pytest.mark.fault(6)
async def test_what_a_dead_process_was_sending_is_sent_again_as_a_possible_copy(box: Outbox) -> None:
    await box.put("answer")
    lost = await box.claim_one()
    assert not lost.repeated
    await box.note_dead()
    assert await box.claim() == [], "the lease still runs"
    await box.wait(A_LEASE)
    await box.note_dead()
    again = await box.claim_one()
    assert again.repeated
    assert not await box.sent(lost), "whoever lost the lease settles nothing"
    assert await box.sent(again)


async def test_at_the_start_alone_on_a_file_no_lease_is_waited_for(box: Outbox) -> None:
    await box.put("answer")
    await box.claim_one()
    await box.note_dead(everything=True)
    assert (await box.claim_one()).repeated


async def test_once_uncertain_always_uncertain(box: Outbox) -> None:
    await box.put("answer")
    await box.put_back(await box.claim_one(), uncertain=True)
    await box.put_back(await box.claim_one())
    assert (await box.claim_one()).repeated


async def test_what_was_certainly_not_sent_is_no_copy(box: Outbox) -> None:
    await box.put("answer")
    await box.put_back(await box.claim_one())
    assert not (await box.claim_one()).repeated


# Receipts, addresses, cancelling


async def test_a_receipt_leads_from_their_message_to_our_ticket(box: Outbox) -> None:
    await box.put("reply", transcript_id=None, ticket_number=None)
    await box.sent(await box.claim_one(), "815")
    found = await box.database.read(lambda s: receipts.find(s, "telegram:1", "815") is not None)
    assert found
    assert not await box.database.read(lambda s: receipts.find(s, "telegram:2", "815") is not None)
    assert await box.rows() == [("telegram:1", "sent", None)]


@pytest.mark.fault(55)
async def test_what_waits_follows_a_chat_that_moved(box: Outbox) -> None:
    await box.put("sent before")
    await box.sent(await box.claim_one())
    await box.put("a")
    await box.put("b")
    await box.database.write(lambda s: outbox.readdress(s, "telegram:1", "telegram:-1001"))
    assert [lane for lane, _, _ in await box.rows()] == ["telegram:1", "telegram:-1001", "telegram:-1001"]
    assert texts(await box.claim()) == ["a"]


@pytest.mark.fault(33)
async def test_nothing_more_goes_to_an_address_that_is_cancelled(box: Outbox) -> None:
    await box.put("old")
    await box.sent(await box.claim_one())
    await box.put("in hand")
    await box.put("waits")
    await box.put("other", "telegram:2")
    in_hand = await box.claim_one()
    await box.database.write(lambda s: outbox.cancel(s, "telegram:1"))
    assert texts(await box.claim()) == ["other"]
    assert not await box.sent(in_hand, "99")
    assert [status for _, status, _ in await box.rows()] == ["sent", "cancelled", "cancelled", "sending"]
    assert [payload for lane, _, payload in await box.rows() if lane == "telegram:1"] == [None] * 3


async def test_of_one_purpose_alone(box: Outbox) -> None:
    await box.put("theirs", purpose="mail_notice")
    await box.put("somebody else's", purpose="notice")
    await box.database.write(lambda s: outbox.cancel(s, "telegram:1", purpose="mail_notice"))
    assert texts(await box.claim()) == ["somebody else's"]


@pytest.mark.fault(65)
async def test_notices_of_a_ticket_that_is_gone_are_not_sent(box: Outbox) -> None:
    await box.put("notice", ticket_number=4)
    await box.put("other", "telegram:2", ticket_number=5)
    await box.database.write(lambda s: outbox.cancel_ticket(s, 4))
    assert texts(await box.claim()) == ["other"]


async def test_of_a_text_in_several_parts_the_worst_is_shown(box: Outbox) -> None:
    for part in ("1", "2"):
        await box.put(part, transcript_id=12)
    await box.sent(await box.claim_one())
    second = await box.claim_one()
    assert await box.database.read(lambda s: outbox.states_by_transcript(s, [12])) == {12: ("sending", None)}
    await box.database.write(lambda s: outbox.failed(s, second, now=NOW, reason="too long"))
    assert await box.database.read(lambda s: outbox.states_by_transcript(s, [12])) == {
        12: ("failed", "too long")
    }
