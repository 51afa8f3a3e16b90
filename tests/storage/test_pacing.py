"""When messages wait: back-off after failures, pauses that were asked for, and pacing. On both databases."""

import asyncio
import time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from storage import gates
from storage.tables import Gate
from tests.storage.postbox import Outbox, texts


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
    await box.database.write(lambda s: gates.open_again(s, ["telegram"]))
    await box.database.write(lambda s: gates.close(s, "telegram", reason="no route"))
    await box.wait(1.1)
    assert len(await box.claim()) == 1


async def test_many_calls_that_fail_together_are_one_failure(box: Outbox) -> None:
    await box.put("answer")

    def fail(session: Session) -> None:
        for _ in range(32):
            gates.close(session, "telegram", reason="no route")

    await box.database.write(fail)
    await box.wait(1.1)
    assert len(await box.claim()) == 1


@pytest.mark.fault(38)
async def test_a_pause_that_was_asked_for_is_kept_whatever_ends_meanwhile(box: Outbox) -> None:
    await box.put("answer")
    await box.database.write(lambda s: gates.close(s, "telegram", reason="no route"))
    await box.database.write(lambda s: gates.close(s, "telegram", reason="429", for_ms=30_000))
    await box.database.write(lambda s: gates.close(s, "telegram", reason="429", for_ms=1_000))
    await box.database.write(lambda s: gates.open_again(s, ["telegram"]))
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
    pace, began = gates.TELEGRAM_PACE, time.monotonic()
    first = len(await box.claim(80, pace))
    assert first == pytest.approx(29, abs=1)
    second = len(await box.claim(80, pace))
    assert second <= 2 + 30 * (time.monotonic() - began), "only what the time of the test itself allows"
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
    began = time.monotonic()
    claimed = await asyncio.gather(*(box.claim(32, gates.TELEGRAM_PACE) for _ in range(4)))
    allowed = 31 + 30 * (time.monotonic() - began)
    assert sum(map(len, claimed)) <= allowed, "30, and what the time of the test itself allows"


async def test_no_gate_keeps_an_address_for_ever(box: Outbox) -> None:
    await box.put("1")
    await box.sent((await box.claim(1, gates.TELEGRAM_PACE))[0])
    await box.database.write(lambda s: gates.close(s, "telegram:1", reason="reset"))
    await box.wait(60)
    await box.database.write(gates.forget_idle)
    names = await box.database.read(lambda s: list(s.scalars(select(Gate.name))))
    assert names == ["telegram!pace"]
