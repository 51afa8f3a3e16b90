"""The outbox: in order per lane, paced, never lost, a copy only where nobody can know. On both databases."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from storage import gates, outbox, receipts
from storage.database import Database
from storage.outbox import Parcel
from storage.tables import Gate, OutboxItem
from tests.storage.passing import NOW, time_passes

A_LEASE = outbox.LEASE_MS / 1000 + 1


class Outbox:
    """The outbox as a worker sees it, one transaction for each step."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def put(self, text: str, lane: str = "telegram:1", **given: Any) -> None:
        await self.database.write(
            lambda s: outbox.put(s, lane=lane, payload={"text": text}, now=NOW, **given)
        )

    async def claim(self, limit: int = 32, pace: gates.Pace | None = None) -> list[Parcel]:
        return await self.database.write(
            lambda s: outbox.claim(s, channels=("telegram",), limit=limit, pace=pace)
        )

    async def claim_one(self) -> Parcel:
        claimed = await self.claim(1)
        assert len(claimed) == 1
        return claimed[0]

    async def sent(self, parcel: Parcel, external_id: str | None = None) -> bool:
        return await self.database.write(lambda s: outbox.sent(s, parcel, now=NOW, external_id=external_id))

    async def put_back(self, parcel: Parcel, **given: Any) -> None:
        await self.database.write(lambda s: outbox.put_back(s, parcel, **given))

    async def note_dead(self, *, everything: bool = False) -> None:
        await self.database.write(lambda s: outbox.note_dead(s, everything=everything))

    async def wait(self, seconds: float) -> None:
        await self.database.write(lambda s: time_passes(s, seconds=seconds))

    async def rows(self) -> list[tuple[str, str, Any]]:
        """(lane, status, payload) of all, in order."""

        def look(session: Session) -> list[tuple[str, str, Any]]:
            found = session.scalars(select(OutboxItem).order_by(OutboxItem.id))
            return [(item.lane, item.status, item.payload) for item in found]

        return await self.database.read(look)


@pytest.fixture
def box(database: Database) -> Outbox:
    return Outbox(database)


def texts(parcels: list[Parcel]) -> list[str]:
    return [parcel.payload["text"] for parcel in parcels]


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


# Gates


@pytest.mark.fault(44)
async def test_a_failing_channel_waits_from_one_second_to_a_minute_and_a_success_opens_it(
    box: Outbox,
) -> None:
    await box.put("answer")
    for seconds in (1, 2, 4, 8, 16, 32, 60, 60):
        await box.database.write(lambda s: gates.close(s, "telegram", reason="no route"))
        await box.wait(seconds - 0.5)
        assert await box.claim() == [], f"before {seconds} s"
        await box.wait(0.6)
        await box.put_back(await box.claim_one())
    await box.database.write(lambda s: gates.open_again(s, "telegram"))
    await box.database.write(lambda s: gates.close(s, "telegram", reason="no route"))
    await box.wait(1.1)
    assert len(await box.claim()) == 1


async def test_many_calls_that_fail_together_are_one_failure(box: Outbox) -> None:
    await box.put("answer")
    for _ in range(32):
        await box.database.write(lambda s: gates.close(s, "telegram", reason="no route"))
    await box.wait(1.1)
    assert len(await box.claim()) == 1


@pytest.mark.fault(38)
async def test_a_pause_that_was_asked_for_is_kept_whatever_ends_meanwhile(box: Outbox) -> None:
    await box.put("answer")
    await box.database.write(lambda s: gates.close(s, "telegram", reason="no route"))
    await box.database.write(lambda s: gates.close(s, "telegram", reason="429", for_ms=30_000))
    await box.database.write(lambda s: gates.close(s, "telegram", reason="429", for_ms=1_000))
    await box.database.write(lambda s: gates.open_again(s, "telegram"))
    await box.database.write(lambda s: gates.close(s, "telegram", reason="no route"))
    await box.wait(29)
    assert await box.claim() == []
    assert await box.database.read(gates.closed) == {"telegram": "429"}
    await box.wait(1.5)
    assert len(await box.claim()) == 1


async def test_a_gate_of_one_chat_stops_no_other(box: Outbox) -> None:
    await box.put("a", "telegram:1")
    await box.put("b", "telegram:2")
    await box.database.write(lambda s: gates.close(s, "telegram:1", reason="reset"))
    assert texts(await box.claim()) == ["b"]


# Pacing


async def test_about_thirty_a_second_over_all_chats(box: Outbox) -> None:
    for number in range(80):
        await box.put(str(number), f"telegram:{number + 1}")
    pace = gates.TELEGRAM_PACE
    first = len(await box.claim(80, pace))
    assert first == pytest.approx(29, abs=1)
    assert len(await box.claim(80, pace)) <= 5, "only what the time of the test itself allows"
    await box.wait(1)
    assert len(await box.claim(80, pace)) >= 25


async def test_one_a_second_in_a_chat_after_a_greeting_and_an_answer(box: Outbox) -> None:
    for number in range(5):
        await box.put(str(number))
    got = []
    for _ in range(6):
        claimed = await box.claim(5, gates.TELEGRAM_PACE)
        for parcel in claimed:
            await box.sent(parcel)
        got.append(len(claimed))
        if not claimed:
            await box.wait(1)
    assert got[:2] == [1, 1], "a small burst"
    assert 0 in got[2:4], "then it is slowed down"


async def test_twenty_a_minute_in_a_group(box: Outbox) -> None:
    for number in range(3):
        await box.put(str(number), "telegram:-100123")
    await box.sent((await box.claim(5, gates.TELEGRAM_PACE))[0])
    await box.wait(2.5)
    assert await box.claim(5, gates.TELEGRAM_PACE) == []
    await box.wait(0.6)
    assert len(await box.claim(5, gates.TELEGRAM_PACE)) == 1


async def test_pacing_is_no_failure_and_does_not_shorten_the_wait_after_one(box: Outbox) -> None:
    await box.put("1")
    for _ in range(3):
        await box.put_back((await box.claim(1, gates.TELEGRAM_PACE))[0])
        await box.wait(1)
    assert await box.database.read(gates.closed) == {}
    for seconds in (1, 2, 4):
        await box.claim(1, gates.TELEGRAM_PACE)
        await box.note_dead(everything=True)
        await box.database.write(lambda s: gates.close(s, "telegram:1", reason="reset"))
        await box.wait(seconds - 0.5)
        assert await box.claim(1, gates.TELEGRAM_PACE) == []
        await box.wait(3)


@pytest.mark.fault(39)
async def test_workers_at_once_share_one_allowance(box: Outbox) -> None:
    for number in range(120):
        await box.put(str(number), f"telegram:{number + 1}")
    claimed = await asyncio.gather(*(box.claim(32, gates.TELEGRAM_PACE) for _ in range(4)))
    assert sum(map(len, claimed)) <= 45, "30, and what the time of the test itself allows"


async def test_no_gate_keeps_an_address_for_ever(box: Outbox) -> None:
    await box.put("1")
    await box.sent((await box.claim(1, gates.TELEGRAM_PACE))[0])
    await box.database.write(lambda s: gates.close(s, "telegram:1", reason="reset"))
    await box.wait(60)
    await box.database.write(lambda s: outbox.forget_done(s, before=NOW))
    names = await box.database.read(lambda s: list(s.scalars(select(Gate.name))))
    assert names == ["telegram!pace"]


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
