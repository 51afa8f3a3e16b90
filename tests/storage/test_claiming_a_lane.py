"""What is taken of one lane, by the transaction that has put something into it."""

from datetime import timedelta

from tests.storage.inbox import Inbox, keys
from tests.storage.passing import NOW


async def test_the_first_that_is_due_is_taken_and_no_other(inbox: Inbox) -> None:
    await inbox.put("b1", "b")
    await inbox.put("a0", "a", due_at=NOW + timedelta(hours=1))
    await inbox.put("a1", "a")
    await inbox.put("a2", "a")
    assert keys(await inbox.claim_lane("a")) == ["a1"]
    assert await inbox.claim_lane("a") == []
    assert keys(await inbox.claim()) == ["b1"]


async def test_one_that_waits_for_the_rest_of_its_thought_is_called_back(inbox: Inbox) -> None:
    await inbox.put("a1", "a")
    await inbox.put_off(await inbox.claim_one())
    assert await inbox.claim_lane("a") == []
    await inbox.put("a2", "a")
    (called,) = await inbox.claim_lane("a")
    assert (called.key, called.waited) == ("a1", False)


async def test_what_ended_badly_is_left_to_be_tried_alone_and_keeps_its_place(inbox: Inbox) -> None:
    await inbox.put("a1", "a")
    await inbox.fail(await inbox.claim_one())
    await inbox.put("a2", "a")
    assert await inbox.claim_lane("a") == []
