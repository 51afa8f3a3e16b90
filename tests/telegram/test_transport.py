"""Every way a call can go wrong, and what the outbox is told: the table that delivery stands on."""

import asyncio
import socket
from collections.abc import Callable

import pytest
from structlog.testing import capture_logs
from telegram import Bot
from telegram.error import NetworkError, TelegramError

from bot.delivery import (
    DeliveryError,
    Moved,
    Overtaken,
    Paused,
    Refused,
    Unavailable,
    Uncertain,
    Unreachable,
    looking_back,
)
from bot.telegram.transport import AiohttpRequest, failure_of, judge, make_bot, raw_result
from tests.fake_telegram import TOKEN, FakeTelegram, Person

# fault, its value, what the sender is told, whether the message arrived all the same
TABLE = [
    ("429", 3, Paused, False),
    ("429", 0, Paused, False),
    ("500", 0, Uncertain, False),
    ("502", 0, Uncertain, False),
    ("413", 0, Refused, False),
    ("403", 0, Unreachable, False),
    ("401", 0, Unavailable, False),
    ("404", 0, Unavailable, False),
    ("409", 0, Unavailable, False),
    ("proxy_403", 0, Unavailable, False),
    ("migrated", -100123, Moved, False),
    ("chat_not_found", 0, Unreachable, False),
    ("400", 0, Refused, False),
    ("slow", 5, Uncertain, True),
    ("reset_before", 0, Uncertain, False),
    ("reset_after", 0, Uncertain, True),
    ("html", 0, Uncertain, True),
    ("truncated", 0, Uncertain, True),
    ("no_result", 0, Uncertain, True),
]


async def failure(bot: Bot, chat: int = 1001) -> DeliveryError:
    with pytest.raises(TelegramError) as caught:
        await bot.send_message(chat, "Bonjour")
    assert isinstance(caught.value, NetworkError)
    return failure_of(caught.value)


@pytest.mark.fault(38)
@pytest.mark.fault(40)
@pytest.mark.fault(41)
@pytest.mark.fault(42)
@pytest.mark.fault(43)
@pytest.mark.parametrize(("fault", "value", "told", "arrived"), TABLE)
async def test_each_failure_says_whether_the_message_may_have_left(
    telegram: FakeTelegram,
    bot: Bot,
    alice: Person,
    fault: str,
    value: float,
    told: type[DeliveryError],
    arrived: bool,
) -> None:
    telegram.fail("sendMessage", fault, value=value)
    assert type(await failure(bot)) is told
    assert alice.texts() == (["Bonjour"] if arrived else [])


@pytest.mark.fault(8)
async def test_who_is_overtaken_at_the_last_moment_sends_nothing(
    telegram: FakeTelegram, bot: Bot, alice: Person
) -> None:
    async def look() -> None:
        raise Overtaken("its lease ran out")

    with looking_back(look):
        assert type(await failure(bot)) is Overtaken
        with pytest.raises(Overtaken):
            await raw_result(bot, "sendMessage", {"chat_id": 1001, "text": "Bonjour"})
    assert alice.texts() == []
    await bot.send_message(1001, "Bonsoir")
    assert alice.texts() == ["Bonsoir"]


@pytest.mark.parametrize(("told", "waits"), [(0, 1), (1, 1), (30, 30)])
async def test_a_pause_lasts_as_long_as_telegram_says_and_a_second_at_least(
    telegram: FakeTelegram, bot: Bot, alice: Person, told: int, waits: int
) -> None:
    telegram.fail("sendMessage", "429", value=told)
    paused = await failure(bot)
    assert isinstance(paused, Paused)
    assert (paused.seconds, paused.scope) == (waits, "telegram")


@pytest.mark.parametrize(
    ("fault", "kind"), [("401", "token"), ("404", "token"), ("409", "conflict"), ("proxy_403", "setup")]
)
async def test_an_operator_learns_what_to_look_at(
    telegram: FakeTelegram, bot: Bot, alice: Person, fault: str, kind: str
) -> None:
    telegram.fail("sendMessage", fault)
    unavailable = await failure(bot)
    assert isinstance(unavailable, Unavailable)
    assert unavailable.kind == kind


async def test_a_migrated_group_gives_its_new_address(
    telegram: FakeTelegram, bot: Bot, alice: Person
) -> None:
    telegram.fail("sendMessage", "migrated", value=-100123)
    moved = await failure(bot)
    assert isinstance(moved, Moved)
    assert moved.new_address == "telegram:-100123"


def refused_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


@pytest.mark.fault(44)
@pytest.mark.parametrize(
    "root",
    [
        refused_port,
        lambda: "http://no-such-host.invalid",
        lambda: "http://127.0.0.1:notaport",
        lambda: "ftp://127.0.0.1",
    ],
    ids=["refused", "dns", "bad url", "bad scheme"],
)
async def test_what_never_connected_was_certainly_not_sent(root: Callable[[], str]) -> None:
    async with AiohttpRequest(read_timeout=1, connect_timeout=1) as request:
        assert type(await failure(make_bot(TOKEN, root(), request))) is Unavailable


@pytest.mark.fault(44)
async def test_a_failed_tls_handshake_was_certainly_not_sent(telegram: FakeTelegram) -> None:
    async with AiohttpRequest(read_timeout=1, connect_timeout=1) as request:
        bot = make_bot(TOKEN, telegram.url.replace("http:", "https:"), request)
        assert type(await failure(bot)) is Unavailable


@pytest.mark.fault(44)
async def test_a_full_pool_was_certainly_not_sent(telegram: FakeTelegram, alice: Person) -> None:
    async with AiohttpRequest(read_timeout=1, connect_timeout=0.1, connections=1) as request:
        bot = make_bot(TOKEN, telegram.url, request)
        telegram.fail("getMe", "slow", value=0.4)
        slow = asyncio.create_task(bot.get_me())
        await asyncio.sleep(0.05)
        assert type(await failure(bot)) is Unavailable
        await slow


@pytest.mark.fault(44)
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_proxy_that_refuses_lets_nothing_through(scheme: str) -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as proxy:
        port = proxy.sockets[0].getsockname()[1]
        async with AiohttpRequest(
            read_timeout=1, connect_timeout=1, proxies={scheme: f"http://127.0.0.1:{port}"}
        ) as request:
            bot = make_bot(TOKEN, f"{scheme}://bot-api.invalid", request)
            assert type(await failure(bot)) is Unavailable


async def test_a_call_after_a_restart_of_telegram_goes_through(
    telegram: FakeTelegram, bot: Bot, alice: Person
) -> None:
    await bot.send_message(1001, "avant")
    await telegram.stop()
    assert type(await failure(bot)) in (Unavailable, Uncertain)
    await telegram.start()
    await bot.send_message(1001, "après")
    assert alice.texts() == ["avant", "après"]


@pytest.mark.parametrize("fault", [row[0] for row in TABLE])
async def test_no_failure_tells_the_token(
    telegram: FakeTelegram, bot: Bot, alice: Person, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.fail("sendMessage", fault, value=5)
    with capture_logs() as logs, pytest.raises(TelegramError) as caught:
        await bot.send_message(1001, "Bonjour")
    seen: BaseException | None = caught.value
    while seen is not None:
        assert TOKEN not in f"{seen} {seen!r}"
        seen = seen.__cause__ or seen.__context__
    assert TOKEN not in f"{logs} {caplog.text}"


@pytest.mark.parametrize("payload", [b"", b"null", b"[]", b"{}", b"\xff\xfe", b"[" * 5000, b'{"ok":true}'])
def test_any_bytes_have_a_verdict(payload: bytes) -> None:
    assert isinstance(judge(200, payload), Uncertain)
    assert isinstance(judge(500, payload), Uncertain)
    assert isinstance(judge(302, payload), Unavailable)
    assert isinstance(judge(429, payload), Paused)


def test_odd_parameters_of_a_refusal_do_no_harm() -> None:
    def answer(parameters: str) -> bytes:
        return b'{"ok":false,"description":"x","parameters":' + parameters.encode() + b"}"

    assert isinstance(judge(429, answer('{"retry_after":"soon"}')), Paused)
    assert isinstance(judge(400, answer('{"migrate_to_chat_id":"x"}')), Refused)
    assert isinstance(judge(400, answer("[1]")), Refused)
    paused = judge(429, answer('{"retry_after":1e300}'))
    assert isinstance(paused, Paused)
    assert paused.seconds == 86_400


async def test_raw_results_are_left_as_they_are(telegram: FakeTelegram, bot: Bot) -> None:
    me = await raw_result(bot, "getMe", {}, read_timeout=1)
    assert me["username"] == "souffleur_bot"
    telegram.fail("getMe", "401")
    with pytest.raises(Unavailable):
        await raw_result(bot, "getMe", {}, read_timeout=1)


def test_calls_go_to_telegram_unless_told_otherwise() -> None:
    request = AiohttpRequest()
    assert make_bot("1:x", None, request).base_url == "https://api.telegram.org/bot1:x"
    assert make_bot("1:x", "http://127.0.0.1:8081/", request).base_url == "http://127.0.0.1:8081/bot1:x"
