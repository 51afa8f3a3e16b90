"""The fake Telegram is only worth something if it is as strict as the real one."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity
from telegram.error import TelegramError

from bot.delivery import Refused, Unavailable, Unreachable
from bot.telegram.transport import AiohttpRequest, failure_of, make_bot, raw_result
from tests.fake_telegram import TOKEN, FakeTelegram, Person
from tests.fake_telegram.control import RemoteTelegram
from tests.fake_telegram.faults import FAULTS
from tests.fake_telegram.methods import METHODS, Kind, ListOf, Parameter, Shape

ROOT = Path(__file__).parents[2]
OFFICIAL = Path(os.environ.get("TELEGRAM_BOT_API_JSON") or ROOT.parent / "shared" / "telegram-bot-api.json")


@pytest.fixture(scope="module")
def official() -> dict[str, Any]:
    if not OFFICIAL.is_file():
        pytest.skip("no description of the Bot API at hand (TELEGRAM_BOT_API_JSON)")
    found: dict[str, Any] = json.loads(OFFICIAL.read_text())
    return found


def differences(ours: dict[str, Parameter], theirs: list[dict[str, Any]], where: str) -> Iterator[str]:
    """Names unknown there, types that differ, and what is required there but not here."""
    known = {field["name"]: field for field in theirs}
    for name, parameter in ours.items():
        if name not in known:
            yield f"{where}.{name} does not exist"
        elif not set(names(parameter.kind)) & set(known[name]["types"]):
            yield f"{where}.{name}: {names(parameter.kind)} is not in {known[name]['types']}"
    for name, field in known.items():
        if field["required"] and not (name in ours and ours[name].required):
            yield f"{where}.{name} is required"


UNIONS = {
    "BotCommandScopeChat": ["BotCommandScope"],
    "InlineQueryResultArticle": ["InlineQueryResult"],
    "InputTextMessageContent": ["InputMessageContent"],
}
"""Of several kinds that the documentation allows, the one that we use."""


def names(kind: Kind) -> list[str]:
    """What Telegram's documentation calls a kind."""
    match kind:
        case "integer":
            return ["Integer"]
        case "chat":
            return ["Integer", "String"]
        case "text":
            return ["String"]
        case "flag":
            return ["Boolean"]
        case "file":
            return ["InputFile"]
        case ListOf(item):
            return [f"Array of {name}" for name in names(item)]
        case Shape(official):
            return [official, *UNIONS.get(official, [])]


def shapes(kind: Kind) -> Iterator[Shape]:
    match kind:
        case ListOf(item):
            yield from shapes(item)
        case Shape():
            yield kind
            for parameter in kind.fields.values():
                yield from shapes(parameter.kind)


@pytest.mark.parametrize("method", METHODS)
def test_the_table_agrees_with_the_documentation(official: dict[str, Any], method: str) -> None:
    found = list(differences(METHODS[method], official["methods"][method].get("fields", []), method))
    assert found == []


def test_the_shapes_agree_with_the_documentation(official: dict[str, Any]) -> None:
    used = {
        shape.official: shape
        for table in METHODS.values()
        for parameter in table.values()
        for shape in shapes(parameter.kind)
    }
    # One shape of ours stands for the three scopes we use: only a chat's needs its id.
    scope = used.pop("BotCommandScopeChat")
    assert list(scope.fields) == [
        field["name"] for field in official["types"]["BotCommandScopeChat"]["fields"]
    ]
    for name, shape in used.items():
        assert list(differences(shape.fields, official["types"][name]["fields"], name)) == []


async def raw(telegram: FakeTelegram, method: str, parameters: Any) -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{telegram.url}/bot{TOKEN}/{method}", json=parameters) as response,
    ):
        return response.status


BOUGHT = {"chat_id": 1001, "text": "Bonjour"}


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("sendPhoto", {"chat_id": 1001}),
        ("sendMessage", ["no object"]),
        ("sendMessage", {"chat_id": 1001}),
        ("sendMessage", {**BOUGHT, "parse_mode": "HTML"}),
        ("sendMessage", {**BOUGHT, "chat_id": "1001"}),
        ("sendMessage", {**BOUGHT, "chat_id": True}),
        (
            "sendMessage",
            {
                **BOUGHT,
                "chat_id": -1,
                "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "1"}]]},
            },
        ),
        ("sendDocument", {"chat_id": 1001, "document": "file-id"}),
        ("sendMessage", {**BOUGHT, "text": 12}),
        ("sendMessage", {**BOUGHT, "text": " \n"}),
        ("sendMessage", {**BOUGHT, "text": "🎭" * 2049}),
        ("sendMessage", {**BOUGHT, "disable_notification": "true"}),
        ("sendMessage", {**BOUGHT, "entities": [{"type": "bold", "offset": 5, "length": 3}]}),
        ("sendMessage", {**BOUGHT, "entities": [{"type": "shiny", "offset": 0, "length": 3}]}),
        ("sendMessage", {**BOUGHT, "entities": [{"type": "text_link", "offset": 0, "length": 3}]}),
        (
            "sendMessage",
            {"chat_id": 1001, "text": "🎭", "entities": [{"type": "bold", "offset": 1, "length": 1}]},
        ),
        ("sendMessage", {**BOUGHT, "reply_markup": {"inline_keyboard": []}}),
        ("sendMessage", {**BOUGHT, "reply_markup": {"inline_keyboard": [[]]}}),
        (
            "sendMessage",
            {**BOUGHT, "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "é" * 33}]]}},
        ),
        ("getUpdates", {"timeout": 0}),
        ("getUpdates", {"limit": 500, "allowed_updates": ["message"]}),
        ("getUpdates", {"allowed_updates": ["chat_member"]}),
        ("deleteWebhook", {"drop_pending_updates": True}),
        ("setMyCommands", {"commands": [{"command": "Mes-Demandes", "description": "x"}]}),
        ("setMyCommands", {"commands": [{"command": "aide", "description": "x"}], "scope": {"type": "chat"}}),
        ("sendChatAction", {"chat_id": 1001, "action": "dancing"}),
    ],
)
async def test_breaking_a_rule_is_refused_and_remembered(
    telegram: FakeTelegram, alice: Person, method: str, parameters: Any
) -> None:
    assert await raw(telegram, method, parameters) == 400
    assert telegram.violations
    assert alice.heard() == []
    telegram.violations.clear()


async def test_a_test_in_which_a_rule_was_broken_fails() -> None:
    with pytest.raises(AssertionError, match="unknown parameter colour"):
        async with FakeTelegram() as telegram:
            await raw(telegram, "getMe", {"colour": "red"})


async def test_another_token_is_refused(telegram: FakeTelegram) -> None:
    async with AiohttpRequest() as request:
        with pytest.raises(Unavailable):
            await raw_result(make_bot("1:other", telegram.url, request), "getMe", {}, read_timeout=1)


async def test_long_polling_gives_what_comes_and_again_until_confirmed(
    telegram: FakeTelegram, bot: Bot, alice: Person
) -> None:
    async def updates(**parameters: Any) -> list[Any]:
        parameters = {"timeout": 1, "allowed_updates": ["message"], **parameters}
        found: list[Any] = await raw_result(bot, "getUpdates", parameters, read_timeout=3)
        return found

    waiting = asyncio.create_task(updates())
    await asyncio.sleep(0.05)
    assert not waiting.done()
    alice.write("un")
    (first,) = await waiting
    assert await updates() == [first]
    alice.write("deux")
    (second,) = await updates(offset=first["update_id"] + 1)
    assert second["message"]["text"] == "deux"
    assert await updates(offset=second["update_id"] + 1, timeout=0) == []


async def test_messages_have_ids_of_their_chat_and_buttons_that_can_be_pressed(
    telegram: FakeTelegram, bot: Bot, alice: Person
) -> None:
    board = InlineKeyboardMarkup([[InlineKeyboardButton("Oui", callback_data="1.0")]])
    sent = await bot.send_message(1001, "Alors ?", reply_markup=board)
    assert sent.message_id == 2
    alice.press("Oui")
    alice.press(0, on=await alice.next_message())
    with pytest.raises(AssertionError, match="no button 'Non'"):
        alice.press("Non")
    presses = [update["callback_query"] for update in telegram.updates.waiting if isinstance(update, dict)]
    assert [press["data"] for press in presses] == ["1.0", "1.0"]
    assert await bot.answer_callback_query(presses[0]["id"])
    with pytest.raises(TelegramError, match="uery is too old"):
        await bot.answer_callback_query(presses[0]["id"])


async def test_edits_deletions_and_typing(telegram: FakeTelegram, bot: Bot, alice: Person) -> None:
    sent = await bot.send_message(1001, "Un", entities=[MessageEntity("bold", 0, 2)])
    await bot.edit_message_text("Deux", 1001, sent.message_id)
    board = InlineKeyboardMarkup([[InlineKeyboardButton("Oui", callback_data="1")]])
    await bot.edit_message_reply_markup(1001, sent.message_id, reply_markup=board)
    assert [(m.text, m.buttons) for m in alice.heard()] == [("Deux", ("Oui",))]
    await bot.send_chat_action(1001, "typing")
    await bot.delete_message(1001, sent.message_id)
    assert alice.heard() == []
    with pytest.raises(TelegramError, match="not found"):
        await bot.edit_message_text("Trois", 1001, sent.message_id)


async def test_nobody_is_written_to_first(telegram: FakeTelegram, bot: Bot) -> None:
    async def told(chat: int) -> type:
        with pytest.raises(TelegramError) as caught:
            await bot.send_message(chat, "Bonjour")
        return type(failure_of(caught.value))

    bob = telegram.person(2002)
    assert await told(2002) is Unreachable
    bob.write("bonjour")
    await bot.send_message(2002, "Bonjour")
    bob.block()
    assert await told(2002) is Unreachable
    bob.write("me revoilà")
    await bot.send_message(2002, "Re-bonjour")
    with pytest.raises(TelegramError) as caught:
        await bot.set_my_commands([BotCommand("aide", "x")], scope={"type": "chat", "chat_id": 9})  # type: ignore[arg-type]
    assert type(failure_of(caught.value)) in (Refused, Unreachable)


async def test_waiting_in_vain_tells_what_was_heard(telegram: FakeTelegram, bot: Bot, alice: Person) -> None:
    await bot.send_message(1001, "Bonjour")
    await alice.next_message()
    assert alice.nothing_more()
    with pytest.raises(AssertionError, match="Bonjour"):
        await alice.next_message(timeout=0.05)


async def test_webhook_info(telegram: FakeTelegram, bot: Bot, alice: Person) -> None:
    alice.write("x")
    info = await bot.get_webhook_info()
    assert (info.url, info.pending_update_count) == ("", 1)


def test_each_fault_can_be_made() -> None:
    assert all(make(1) for make in FAULTS.values())


@pytest.fixture
async def process() -> AsyncIterator[str]:
    """The fake Telegram as a process of its own; its URL."""
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fake_telegram", "--port", "0", cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert running.stdout is not None
    try:
        yield (await asyncio.wait_for(running.stdout.readline(), 20)).decode().strip()
    finally:
        running.kill()
        await running.wait()


async def test_it_runs_as_a_process_of_its_own(process: str) -> None:
    async with RemoteTelegram(process) as telegram, AiohttpRequest() as request:
        bot = make_bot(TOKEN, process, request)
        await telegram.do("write", person=1001, text="Bonjour")
        await telegram.do("fail", method="sendMessage", fault="500")
        with pytest.raises(TelegramError):
            await bot.send_message(1001, "perdu")
        board = InlineKeyboardMarkup([[InlineKeyboardButton("Oui", callback_data="1.0")]])
        await bot.send_message(1001, "Bonsoir", reply_markup=board)
        await telegram.do("press", person=1001, button="Oui")
        state = await telegram.state()
        assert await telegram.texts(1001) == ["Bonsoir"]
        assert [call[0] for call in state["history"]] == ["sendMessage", "sendMessage"]
        assert (state["waiting"], state["violations"]) == (2, [])
