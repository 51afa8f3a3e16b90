"""The inbox: once per key, in order per lane, fenced by leases, poison set aside. On both databases."""

import asyncio
from collections import defaultdict
from datetime import timedelta

import pytest

from storage import queue, wiping
from storage.failing import ATTEMPTS
from storage.queue import LeaseLost
from tests.storage.inbox import Inbox, keys
from tests.storage.passing import NOW

A_LEASE = queue.LEASE_MS / 1000 + 1


# Accepting


@pytest.mark.fault(16)
async def test_an_event_that_comes_again_is_known_even_when_it_was_handled_long_ago(inbox: Inbox) -> None:
    assert await inbox.put("telegram:7")
    assert not await inbox.put("telegram:7", payload={"something": "else"})
    await inbox.finish(await inbox.claim_one())
    assert not await inbox.put("telegram:7")
    assert await inbox.claim() == []


@pytest.mark.fault(16)
async def test_the_same_event_from_five_doors_at_once_is_one_item(inbox: Inbox) -> None:
    accepted = await asyncio.gather(*(inbox.put("telegram:7") for _ in range(5)))
    assert sorted(accepted) == [False, False, False, False, True]
    assert keys(await inbox.claim()) == ["telegram:7"]


@pytest.mark.fault(18)
async def test_an_update_id_that_starts_lower_again_is_accepted(inbox: Inbox) -> None:
    assert await inbox.put("telegram:900")
    assert await inbox.put("telegram:3")


async def test_what_is_done_keeps_its_key_but_not_its_words(inbox: Inbox) -> None:
    await inbox.put("telegram:7", payload={"text": "mon numéro est le 06…"})
    await inbox.finish(await inbox.claim_one())
    assert (await inbox.row("telegram:7")).payload is None


async def test_keys_are_forgotten_after_their_time_also_of_an_erased_lane(inbox: Inbox) -> None:
    await inbox.put("telegram:1", "telegram:1")
    await inbox.put("telegram:2", "telegram:2")
    await inbox.put("telegram:3", "telegram:3", due_at=NOW + timedelta(days=30))
    await inbox.finish((await inbox.claim(1))[0])
    await inbox.database.write(lambda s: wiping.drop_lane(s, "telegram:2", waiting=True))
    later = NOW + timedelta(days=9)
    assert await inbox.database.write(lambda s: wiping.forget_done(s, before=later, limit=9)) == 2
    assert await inbox.status("telegram:3") == "new"


# Order


async def test_a_lane_is_in_order_while_lanes_go_side_by_side(inbox: Inbox) -> None:
    for key, lane in (("a1", "a"), ("a2", "a"), ("b1", "b"), ("a3", "a"), ("b2", "b")):
        await inbox.put(key, lane)
    first = await inbox.claim()
    assert keys(first) == ["a1", "b1"]
    assert await inbox.claim() == []
    await inbox.finish(first[1])
    assert keys(await inbox.claim()) == ["b2"]
    await inbox.finish(first[0])
    assert keys(await inbox.claim()) == ["a2"]


async def test_no_more_is_claimed_than_there_is_room_for(inbox: Inbox) -> None:
    for number in range(6):
        await inbox.put(f"k{number}", f"lane{number}")
    assert keys(await inbox.claim(2)) == ["k0", "k1"]
    assert keys(await inbox.claim(3)) == ["k2", "k3", "k4"]


async def test_a_timer_waits_without_holding_up_its_lane(inbox: Inbox) -> None:
    await inbox.put("timer", due_at=NOW + timedelta(minutes=10))
    await inbox.put("message")
    assert keys(await inbox.claim()) == ["message"]
    assert await inbox.claim(now=NOW + timedelta(minutes=9)) == []
    due = await inbox.claim(now=NOW + timedelta(minutes=10))
    assert due == [], "the message is still in hand, and the lane is one after the other"


async def test_a_timer_that_is_due_goes_before_what_came_after_it(inbox: Inbox) -> None:
    await inbox.put("timer", due_at=NOW + timedelta(minutes=10))
    await inbox.put("message", due_at=NOW + timedelta(minutes=20))
    assert keys(await inbox.claim(now=NOW + timedelta(minutes=30))) == ["timer"]


async def test_several_workers_share_the_work_once_and_in_order(inbox: Inbox) -> None:
    for number in range(60):
        await inbox.put(f"{number % 6}-{number:02}", f"lane{number % 6}")
    handled: list[str] = []

    async def work() -> None:
        misses = 0
        while misses < 5:
            claimed = await inbox.claim(3)
            misses = 0 if claimed else misses + 1
            for item in claimed:
                handled.append(item.key)
                await inbox.finish(item)

    await asyncio.gather(*(work() for _ in range(4)))
    assert sorted(handled) == sorted(set(handled))
    assert len(handled) == 60
    lanes: dict[str, list[str]] = defaultdict(list)
    for key in handled:
        lanes[key[0]].append(key)
    assert all(lane == sorted(lane) for lane in lanes.values())


# Leases


@pytest.mark.fault(8)
async def test_the_turn_of_a_process_that_slept_too_long_is_refused(inbox: Inbox) -> None:
    await inbox.put("telegram:7")
    sleeper = await inbox.claim_one()
    await inbox.wait(A_LEASE)
    assert await inbox.note_dead()
    second = await inbox.claim_suspect()
    assert second is not None
    with pytest.raises(LeaseLost):
        await inbox.finish(sleeper)
    await inbox.release(sleeper)
    await inbox.fail(sleeper)
    assert await inbox.status("telegram:7") == "leased"
    await inbox.finish(second)
    with pytest.raises(LeaseLost):
        await inbox.finish(sleeper)


@pytest.mark.fault(9)
async def test_what_a_dead_worker_held_is_taken_over_after_the_lease_and_not_before(inbox: Inbox) -> None:
    await inbox.put("telegram:7")
    await inbox.claim_one()
    await inbox.wait(A_LEASE - 5)
    assert not await inbox.note_dead()
    assert await inbox.claim_suspect() is None
    await inbox.wait(6)
    assert await inbox.note_dead()
    assert await inbox.claim_suspect() is not None


@pytest.mark.fault(5)
async def test_at_the_start_alone_on_a_file_no_lease_is_waited_for(inbox: Inbox) -> None:
    await inbox.put("telegram:7")
    await inbox.claim_one()
    assert await inbox.note_dead(everything=True)
    assert await inbox.claim_suspect() is not None


async def test_what_is_given_back_counts_nothing_and_keeps_its_place(inbox: Inbox) -> None:
    await inbox.put("a1", "a")
    await inbox.put("a2", "a")
    for _ in range(10):
        await inbox.release(await inbox.claim_one(), wait_ms=60_000)
        assert await inbox.claim() == [], "waiting, and still before the next of its lane"
        await inbox.wait(61)
    row = await inbox.row("a1")
    assert (row.attempts, row.suspect) == (0, False)
    assert keys(await inbox.claim()) == ["a1"]


# Poison


async def test_a_neighbour_of_a_crash_is_tried_alone_before_it_is_blamed(inbox: Inbox) -> None:
    await inbox.put("good", "a")
    await inbox.put("poison", "b")
    await inbox.claim()
    await inbox.note_dead(everything=True)
    assert (await inbox.row("good")).attempts == (await inbox.row("poison")).attempts == 0
    assert await inbox.claim() == [], "both are suspects now: never among others"
    alone = await inbox.claim_suspect()
    assert alone is not None
    assert alone.key == "good"
    await inbox.finish(alone)
    assert await inbox.status("good") == "done"


@pytest.mark.fault(10)
@pytest.mark.parametrize("ends", ["exception", "dead process"])
async def test_the_fifth_attempt_alone_parks_and_the_lane_goes_on(inbox: Inbox, ends: str) -> None:
    await inbox.put("poison", "a")
    await inbox.put("next", "a")
    await inbox.fail(await inbox.claim_one())
    for attempt in range(1, ATTEMPTS + 1):
        assert await inbox.status("poison") == "new", f"before attempt {attempt}"
        await inbox.wait(60)
        alone = await inbox.claim_suspect()
        assert alone is not None
        assert alone.key == "poison"
        if ends == "exception":
            await inbox.fail(alone)
        else:
            await inbox.note_dead(everything=True)
        assert (await inbox.row("poison")).attempts == attempt
    assert await inbox.status("poison") == "parked"
    assert keys(await inbox.claim()) == ["next"]


async def test_a_failure_alone_waits_longer_each_time(inbox: Inbox) -> None:
    await inbox.put("poison")
    await inbox.fail(await inbox.claim_one())
    for seconds in (1, 2, 3):
        alone = await inbox.claim_suspect()
        assert alone is not None
        await inbox.fail(alone)
        await inbox.wait(seconds - 0.5)
        assert await inbox.claim_suspect() is None
        await inbox.wait(0.6)


async def test_of_those_that_wait_alone_the_least_tried_comes_first(inbox: Inbox) -> None:
    for key in ("hit twice", "hit once"):
        await inbox.put(key, key)
    for item in await inbox.claim():
        await inbox.fail(item)
    for key in ("hit twice", "hit once", "hit twice"):
        alone = await inbox.claim_suspect()
        assert alone is not None
        assert alone.key == key
        await inbox.note_dead(everything=True)
        await inbox.wait(60)
    alone = await inbox.claim_suspect()
    assert alone is not None
    assert alone.key == "hit once"


async def test_what_was_set_aside_can_be_given_another_five_attempts(inbox: Inbox) -> None:
    await inbox.put("unreadable")
    item = await inbox.claim_one()
    await inbox.database.write(lambda s: queue.park(s, item, "unreadable: message is not an object"))
    parked = await inbox.database.read(lambda s: [(i.key, i.reason) for i in queue.parked(s)])
    assert parked == [("unreadable", "unreadable: message is not an object")]
    assert len(await inbox.database.write(queue.retry_parked)) == 1
    again = await inbox.claim_suspect()
    assert again is not None
    assert again.payload == {"key": "unreadable"}


async def test_the_age_of_the_oldest_leaves_out_what_is_done_parked_or_not_due(inbox: Inbox) -> None:
    hour = timedelta(hours=1)
    await inbox.put("done", "a", now=NOW - 5 * hour)
    await inbox.finish(await inbox.claim_one())
    await inbox.put("waits", "b", now=NOW - 2 * hour)
    await inbox.put("later", "c", due_at=NOW + hour)
    assert await inbox.database.read(lambda s: queue.oldest(s, now=NOW)) == NOW - 2 * hour
    assert await inbox.database.read(queue.counts) == {"done": 1, "new": 2}


async def test_who_was_due_first_comes_first(inbox: Inbox) -> None:
    await inbox.put("timer", "a", due_at=NOW + timedelta(minutes=2))
    await inbox.put("message", "b", now=NOW + timedelta(minutes=1))
    claimed = await inbox.claim(1, now=NOW + timedelta(minutes=3))
    assert keys(claimed) == ["message"], "many messages must not keep a timer waiting, nor it them"
