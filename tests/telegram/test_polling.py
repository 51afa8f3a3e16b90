"""Long polling that loses nothing: commit first, confirm after, whatever breaks in between."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs
from telegram import Bot

from bot.delivery import Unavailable
from bot.telegram.intake import Contact, arrivals
from bot.telegram.polling import LONGEST_PAUSE, _seconds, poll
from storage.database import DatabaseUnavailable
from tests.fake_telegram import FakeTelegram, Person
from tests.telegram.conftest import Inbox


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@asynccontextmanager
async def polling(bot: Bot, inbox: Inbox, contact: Contact | None = None) -> AsyncIterator[Contact]:
    """The loop, running until the end of the block, which it must survive."""
    stop = asyncio.Event()
    contact = contact or Contact(Clock())
    loop = asyncio.create_task(poll(bot, inbox.put, stop, contact, timeout=1, first_pause=0.02))
    try:
        yield contact
    finally:
        assert not loop.done(), "polling ended by itself"
        stop.set()
        await asyncio.wait_for(loop, 1)


async def until(condition: Callable[[], bool], timeout: float = 3) -> None:
    async with asyncio.timeout(timeout):
        while not condition():  # noqa: ASYNC110 (any condition, of either side)
            await asyncio.sleep(0.005)


async def test_updates_are_stored_raw_and_in_order(
    telegram: FakeTelegram, bot: Bot, inbox: Inbox, alice: Person
) -> None:
    async with polling(bot, inbox) as contact:
        alice.write("un")
        alice.write("deux")
        await until(lambda: inbox.texts == ["un", "deux"] and telegram.updates.confirmed == 2)
        assert contact.seconds == 0
    key, item = next(iter(inbox.items.items()))
    assert key == item["key"] == f"telegram:{item['payload']['update']['update_id']}"
    assert item["lane"] == "telegram:1001"
    assert item["payload"]["door"] == "telegram"


async def test_a_message_is_there_within_a_moment(
    telegram: FakeTelegram, bot: Bot, inbox: Inbox, alice: Person
) -> None:
    async with polling(bot, inbox):
        await until(lambda: telegram.updates._poller is not None)
        alice.write("vite")
        await until(lambda: inbox.texts == ["vite"], timeout=0.5)


@pytest.mark.fault(23)
async def test_a_backlog_is_drained_in_order(
    telegram: FakeTelegram, bot: Bot, inbox: Inbox, alice: Person
) -> None:
    for number in range(450):
        alice.write(f"message {number}")
    async with polling(bot, inbox):
        await until(lambda: len(inbox.items) == 450 and not telegram.updates.waiting)
    assert inbox.texts == [f"message {number}" for number in range(450)]
    assert inbox.puts == [100, 100, 100, 100, 50]


@pytest.mark.fault(4)
async def test_nothing_is_confirmed_before_the_commit(
    telegram: FakeTelegram, bot: Bot, inbox: Inbox, alice: Person
) -> None:
    inbox.away = True
    alice.write("gardez-moi")
    async with polling(bot, inbox) as contact:
        await until(lambda: isinstance(contact.trouble, DatabaseUnavailable))
        await until(lambda: len(telegram.calls("getUpdates")) >= 3)
        assert (telegram.updates.confirmed, len(telegram.updates.waiting)) == (0, 1)
        inbox.away = False
        await until(lambda: inbox.texts == ["gardez-moi"] and contact.trouble is None)


@pytest.mark.fault(3)
async def test_a_death_after_the_commit_makes_no_second_item(
    telegram: FakeTelegram, bot: Bot, inbox: Inbox, alice: Person
) -> None:
    inbox.dies_after_commit = True
    alice.write("une seule fois")
    async with polling(bot, inbox):
        await until(lambda: len(inbox.puts) >= 2)
        inbox.dies_after_commit = False
        await until(lambda: not telegram.updates.waiting)
    assert inbox.texts == ["une seule fois"]


@pytest.mark.fault(25)
@pytest.mark.fault(40)
@pytest.mark.parametrize(
    "fault",
    ["401", "404", "409", "500", "502", "html", "truncated", "no_result", "reset_before", "reset_after"],
)
async def test_no_answer_of_telegram_ends_polling(
    telegram: FakeTelegram, bot: Bot, inbox: Inbox, alice: Person, fault: str
) -> None:
    telegram.fail("getUpdates", fault, times=3)
    alice.write("toujours là")
    async with polling(bot, inbox) as contact:
        await until(lambda: inbox.texts == ["toujours là"])
        await until(lambda: contact.trouble is None)


@pytest.mark.fault(25)
async def test_a_rejected_token_is_told_once_and_recovered_from(
    telegram: FakeTelegram, bot: Bot, inbox: Inbox, alice: Person
) -> None:
    telegram.fail("getUpdates", "401", times=None)
    with capture_logs() as logs:
        async with polling(bot, inbox) as contact:
            await until(lambda: len(telegram.calls("getUpdates")) >= 4)
            assert isinstance(contact.trouble, Unavailable)
            assert contact.trouble.kind == "token"
            assert contact.last is None
            telegram.mend()
            alice.write("rétabli")
            await until(lambda: inbox.texts == ["rétabli"])
    assert [entry["event"] for entry in logs] == ["telegram_intake_failed", "telegram_intake_recovered"]
    assert telegram.token not in str(logs)


@pytest.mark.fault(26)
@pytest.mark.fault(14)
async def test_two_pollers_both_live_and_store_everything(
    telegram: FakeTelegram, bot: Bot, inbox: Inbox, alice: Person
) -> None:
    async with polling(bot, inbox), polling(bot, inbox):
        for number in range(5):
            alice.write(f"message {number}")
            await asyncio.sleep(0.03)
        await until(lambda: len(inbox.items) == 5)
    assert any(call.status == 409 for call in telegram.calls("getUpdates"))


async def test_a_webhook_in_the_way_is_waited_out(
    telegram: FakeTelegram, bot: Bot, inbox: Inbox, alice: Person
) -> None:
    await bot.set_webhook("http://127.0.0.1:9/x", secret_token="s", allowed_updates=["message"])
    async with polling(bot, inbox) as contact:
        await until(lambda: isinstance(contact.trouble, Unavailable) and contact.trouble.kind == "conflict")
        await bot.delete_webhook()
        alice.write("enfin")
        await until(lambda: inbox.texts == ["enfin"])


@pytest.mark.fault(20)
async def test_a_poison_update_does_not_hold_up_its_neighbours(
    telegram: FakeTelegram, bot: Bot, inbox: Inbox, alice: Person
) -> None:
    alice.write("avant")
    telegram.inject(
        {"update_id": telegram.updates.next_id, "message": {"date": "hier", "text": "\x00\ud800"}}
    )
    telegram.updates.next_id += 1
    telegram.inject({"message": "sans numéro"})
    telegram.inject(["même", "pas", "un", "objet"])
    alice.write("après")
    async with polling(bot, inbox):
        await until(lambda: len(inbox.items) == 5)
        calls = len(telegram.calls("getUpdates"))
        await asyncio.sleep(0.2)
    assert next(item["lane"] for item in inbox.items.values()) == "telegram:1001"
    assert len({item["lane"] for item in inbox.items.values()}) == 4
    assert len(telegram.calls("getUpdates")) - calls < 20, "polling spins"


@pytest.mark.fault(18)
async def test_update_ids_that_start_again_lower_are_accepted(
    telegram: FakeTelegram, bot: Bot, inbox: Inbox, alice: Person
) -> None:
    async with polling(bot, inbox):
        alice.write("avant")
        await until(lambda: telegram.updates.confirmed == 1)
        await until(lambda: "offset" not in telegram.calls("getUpdates")[-1].parameters)
        telegram.updates.next_id = 500
        alice.write("après une semaine de silence")
        await until(lambda: len(inbox.items) == 2)


async def test_pressed_buttons_stop_spinning_after_the_commit(
    telegram: FakeTelegram, bot: Bot, inbox: Inbox, alice: Person
) -> None:
    inbox.away = True
    alice.press_data("12.0")
    async with polling(bot, inbox) as contact:
        await until(lambda: contact.trouble is not None)
        assert telegram.calls("answerCallbackQuery") == []
        inbox.away = False
        await until(lambda: not telegram.open_queries)
        assert len(inbox.items) == 1


@pytest.mark.fault(51)
async def test_a_button_too_old_to_answer_still_has_its_effect(
    telegram: FakeTelegram, bot: Bot, inbox: Inbox, alice: Person
) -> None:
    alice.press_data("12.0")
    telegram.open_queries.clear()
    async with polling(bot, inbox):
        await until(lambda: bool(telegram.calls("answerCallbackQuery")))
        alice.write("et après")
        await until(lambda: len(inbox.items) == 2)


async def test_a_stop_during_a_long_poll_is_prompt(
    telegram: FakeTelegram, bot: Bot, inbox: Inbox, alice: Person
) -> None:
    stop = asyncio.Event()
    loop = asyncio.create_task(poll(bot, inbox.put, stop, Contact(Clock()), timeout=25))
    await asyncio.sleep(0.1)
    stop.set()
    await asyncio.wait_for(loop, 0.5)
    alice.write("pour le prochain")
    async with polling(bot, inbox):
        await until(lambda: inbox.texts == ["pour le prochain"])


def test_contact_tells_the_time_since_telegram_was_heard() -> None:
    clock = Clock()
    contact = Contact(clock)
    assert contact.seconds is None
    contact.heard()
    clock.now += 30
    assert contact.seconds == 30


def test_pauses_double_up_to_a_minute() -> None:
    error = Unavailable("x")
    pauses = [_seconds(error, failures, 1.0) for failures in range(1, 40)]
    assert all(0.5 <= pause <= LONGEST_PAUSE for pause in pauses)
    assert pauses[9] >= 30


@pytest.mark.fault(16)
def test_the_same_update_has_the_same_key() -> None:
    for update in ({"update_id": 5}, {"no": "id"}, "x", None, {"update_id": True}, {"update_id": 1 << 70}):
        first, second = arrivals([update, update])
        assert first == second


def test_what_no_database_takes_is_replaced() -> None:
    deep: object = "fond"
    for _ in range(500):
        deep = [deep]
    (item,) = arrivals([{"update_id": 1, "a\x00": ["\ud800", float("nan"), float("inf"), deep]}])
    update = item["payload"]["update"]
    assert update["a\ufffd"][:3] == ["?", None, None]
    assert "fond" not in str(update)
