"""The webhook: 200 means committed, anything else makes Telegram send again."""

import asyncio
import io
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from structlog.testing import capture_logs
from telegram import Bot

from bot.telegram.commands import use_polling, use_webhook
from bot.telegram.intake import CallbackAnswers, Contact
from bot.telegram.webhook import BODY_LIMIT, SECRET_HEADER, webhook_handler
from storage.database import DatabaseUnavailable
from tests.fake_telegram import FakeTelegram, Person
from tests.telegram.conftest import Inbox
from tests.telegram.test_polling import until

SECRET = "a-Secret_0123456789"
GOOD = {SECRET_HEADER: SECRET}
Client = TestClient[web.Request, web.Application]


@pytest.fixture
def contact() -> Contact:
    return Contact(lambda: 5.0)


@pytest.fixture
async def door(inbox: Inbox, bot: Bot, contact: Contact) -> AsyncIterator[Client]:
    app = web.Application(client_max_size=1 << 16)
    answers = CallbackAnswers(bot)
    handler = webhook_handler(inbox.put, secret=SECRET, contact=contact, answers=answers, body_seconds=0.2)
    app.router.add_post("/telegram/webhook", handler)
    async with TestClient(TestServer(app)) as client:
        yield client
        await answers.close()


async def post(door: Client, body: bytes | str = b'{"update_id": 1}', **headers: str) -> int:
    async with door.post("/telegram/webhook", data=body, headers={**GOOD, **headers}) as response:
        return response.status


async def test_telegram_delivers_by_webhook(
    telegram: FakeTelegram, bot: Bot, door: Client, inbox: Inbox, alice: Person, contact: Contact
) -> None:
    alice.write("avant le webhook")
    await use_webhook(bot, str(door.make_url("/telegram/webhook")), SECRET)
    alice.write("après")
    alice.press_data("12.0")
    await until(lambda: len(inbox.items) == 3 and not telegram.updates.waiting)
    await until(lambda: not telegram.open_queries)
    assert inbox.texts == ["avant le webhook", "après"]
    assert contact.last == 5.0


async def test_changing_the_mode_loses_nothing(
    telegram: FakeTelegram, bot: Bot, door: Client, inbox: Inbox, alice: Person
) -> None:
    inbox.away = True
    await use_webhook(bot, str(door.make_url("/telegram/webhook")), SECRET)
    alice.write("en route")
    await until(lambda: telegram.webhook is not None and 503 in telegram.webhook.statuses)
    await use_polling(bot)
    assert telegram.webhook is None
    assert len(telegram.updates.waiting) == 1


@pytest.mark.fault(12)
@pytest.mark.fault(73)
async def test_it_says_503_while_the_database_is_away_and_takes_it_later(
    telegram: FakeTelegram, bot: Bot, door: Client, inbox: Inbox, alice: Person, contact: Contact
) -> None:
    inbox.away = True
    await use_webhook(bot, str(door.make_url("/telegram/webhook")), SECRET)
    alice.write("patience")
    webhook = telegram.webhook
    assert webhook is not None
    await until(lambda: webhook.statuses[:2] == [503, 503])
    assert isinstance(contact.trouble, DatabaseUnavailable)
    inbox.away = False
    await until(lambda: inbox.texts == ["patience"])
    assert contact.trouble is None


@pytest.mark.fault(3)
async def test_a_death_after_the_commit_makes_no_second_item(
    telegram: FakeTelegram, bot: Bot, door: Client, inbox: Inbox, alice: Person
) -> None:
    inbox.dies_after_commit = True
    await use_webhook(bot, str(door.make_url("/telegram/webhook")), SECRET)
    alice.write("une seule fois")
    await until(lambda: len(inbox.puts) >= 2)
    inbox.dies_after_commit = False
    await until(lambda: not telegram.updates.waiting)
    assert inbox.texts == ["une seule fois"]


@pytest.mark.fault(21)
@pytest.mark.parametrize("given", ["", "wrong", SECRET[:-1], SECRET + "x", "é" * 3000, SECRET.upper()])
async def test_a_wrong_secret_is_refused_and_not_logged(
    door: Client, inbox: Inbox, contact: Contact, given: str
) -> None:
    with capture_logs() as logs:
        headers = {SECRET_HEADER: given}
        async with door.post("/telegram/webhook", data=b"not even JSON", headers=headers) as response:
            assert response.status == 403
    assert not inbox.items
    assert contact.last is None
    assert [entry["event"] for entry in logs] == ["webhook_refused"]
    assert SECRET not in str(logs)
    assert not given or given not in str(logs)


@pytest.mark.fault(21)
async def test_no_secret_is_refused(door: Client, inbox: Inbox) -> None:
    async with door.post("/telegram/webhook", json={"update_id": 1}) as response:
        assert response.status == 403
    assert not inbox.items


@pytest.mark.fault(22)
@pytest.mark.parametrize(
    "body",
    [b"", b"text", b"[]", b"null", b'"x"', b"\xff", b"[" * 100_000, b'{"update_id": NaN', b"1" * 5000],
)
async def test_what_is_no_json_object_is_refused(door: Client, inbox: Inbox, body: bytes) -> None:
    assert await post(door, body) == 400
    assert not inbox.items


@pytest.mark.fault(22)
async def test_too_large_a_body_is_refused(door: Client, inbox: Inbox) -> None:
    body = io.BytesIO(b'"' + b"x" * BODY_LIMIT)
    async with door.post("/telegram/webhook", data=body, headers=GOOD) as response:
        assert response.status == 413
    assert not inbox.items


@pytest.mark.fault(22)
async def test_a_large_update_within_the_limit_is_taken(door: Client, inbox: Inbox) -> None:
    assert await post(door, b'{"update_id": 7, "x": "' + b"y" * (BODY_LIMIT - 100) + b'"}') == 200
    assert list(inbox.items) == ["telegram:7"]


@pytest.mark.fault(22)
async def test_a_compressed_body_is_refused_unread(door: Client) -> None:
    async def never_ending() -> AsyncIterator[bytes]:
        yield b"\x1f\x8b"

    headers = {**GOOD, "Content-Encoding": "gzip"}
    async with door.post("/telegram/webhook", data=never_ending(), headers=headers) as response:
        assert response.status == 415


@pytest.mark.fault(22)
async def test_a_body_that_trickles_in_is_cut_off(door: Client, inbox: Inbox) -> None:
    async def trickle() -> AsyncIterator[bytes]:
        for _ in range(50):
            yield b" "
            await asyncio.sleep(0.02)

    try:
        async with door.post("/telegram/webhook", data=trickle(), headers=GOOD) as response:
            assert response.status == 408
    except aiohttp.ClientConnectionError:
        pass  # cut off while still sending
    assert not inbox.items


@pytest.mark.fault(20)
async def test_an_update_nobody_can_read_is_stored_for_the_worker_to_park(door: Client, inbox: Inbox) -> None:
    assert await post(door, b'{"update_id": 9, "message": {"date": "hier", "text": "\\u0000\\ud800"}}') == 200
    assert await post(door, b'{"message": 1}') == 200
    assert len(inbox.items) == 2


def test_a_webhook_without_a_secret_cannot_be_made(inbox: Inbox, contact: Contact) -> None:
    with pytest.raises(ValueError, match="secret"):
        webhook_handler(inbox.put, secret="", contact=contact)
