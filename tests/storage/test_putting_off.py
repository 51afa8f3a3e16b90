"""Items that wait for the rest of a thought: they keep their place, and nothing in their lane passes them."""

from datetime import timedelta

import pytest

from storage.database import Database
from storage.signals import Signal, Telling
from tests.storage.inbox import Inbox, keys
from tests.storage.passing import NOW

MOMENT = timedelta(seconds=2)


async def test_what_was_put_off_comes_back_when_its_moment_is_over(inbox: Inbox) -> None:
    await inbox.put("a1", "a")
    await inbox.put("b1", "b")
    first, second = await inbox.claim()
    await inbox.put_off(first, second)
    assert await inbox.claim() == []
    found = await inbox.claim(now=NOW + MOMENT)
    assert keys(found) == ["a1", "b1"]
    assert [item.waited for item in found] == [True, True]
    await inbox.finish(found[0])
    assert await inbox.status("a1") == "done"


async def test_the_next_of_its_lane_calls_it_back_and_comes_after_it(inbox: Inbox) -> None:
    await inbox.put("a1", "a")
    await inbox.put_off(await inbox.claim_one())
    await inbox.put("a2", "a")
    called = await inbox.claim_one()
    assert (called.key, called.waited) == ("a1", False)
    await inbox.finish(called)
    assert keys(await inbox.claim()) == ["a2"]


async def test_a_timer_of_its_lane_waits_for_it_too(inbox: Inbox) -> None:
    await inbox.put("a1", "a")
    held = await inbox.claim_one()
    await inbox.put("timer", "a", due_at=NOW + timedelta(seconds=1))
    await inbox.put_off(held, seconds=5)
    assert await inbox.claim() == []
    assert keys(await inbox.claim(now=NOW + timedelta(seconds=1))) == ["a1"]


async def test_of_one_that_somebody_else_took_over_nothing_changes(inbox: Inbox) -> None:
    await inbox.put("a1", "a")
    held = await inbox.claim_one()
    await inbox.note_dead(everything=True)
    again = await inbox.claim_suspect()
    assert again is not None
    await inbox.put_off(held)
    assert await inbox.status("a1") == "leased"


async def test_when_the_clock_is_set_back_it_does_not_wait_for_an_hour(inbox: Inbox) -> None:
    await inbox.put("a1", "a")
    await inbox.put_off(await inbox.claim_one())
    await inbox.put("later", "b", due_at=NOW + timedelta(days=1))
    before = NOW - timedelta(hours=1)
    assert await inbox.claim(now=before) == []
    await inbox.note_dead(now=before)
    assert keys(await inbox.claim(now=before)) == ["a1"]


async def test_its_moment_begins_when_it_came(inbox: Inbox) -> None:
    await inbox.put("a1", "a", now=NOW - timedelta(seconds=1.5))
    await inbox.put_off(await inbox.claim_one())
    assert await inbox.claim() == []
    assert keys(await inbox.claim(now=NOW + timedelta(seconds=0.5))) == ["a1"]


@pytest.mark.parametrize("came", [timedelta(hours=-1), timedelta(seconds=30)])
async def test_one_that_came_long_ago_or_by_another_clock_has_a_moment_from_now(
    inbox: Inbox, came: timedelta
) -> None:
    await inbox.put("a1", "a", now=NOW + came)
    await inbox.put_off(await inbox.claim_one())
    assert await inbox.claim() == []
    assert keys(await inbox.claim(now=NOW + MOMENT)) == ["a1"]


async def test_each_tells_when_it_wants_to_be_looked_for(database: Database) -> None:
    told: list[Signal] = []
    inbox = Inbox(Telling(database, told.append))
    await inbox.put("a1", "a", now=NOW - timedelta(seconds=1))
    await inbox.put("b1", "b")
    await inbox.put_off(*await inbox.claim())
    assert told[-1].timers == {1.0, 2.0}
