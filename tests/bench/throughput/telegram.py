"""A Telegram that answers at once and tells who was written to. Checking is the tests' business."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

from tests.bench.throughput.wire import Answering
from tests.fake_telegram import TOKEN

BOT = {"id": int(TOKEN.partition(":")[0]), "is_bot": True, "first_name": "Souffleur", "username": "bench_bot"}
Json = dict[str, Any]
_KNOWN: Json = {
    "getMe": BOT,
    "getWebhookInfo": {"url": "", "has_custom_certificate": False, "pending_update_count": 0},
}


class Chat:
    """One person's private chat with the bot: what they were told last, and what they do there."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.last: Json | None = None
        self.buttons: list[Json] = []
        self._heard: asyncio.Future[float] | None = None

    def hear(self, message: Json) -> None:
        self.last = message
        keyboard = message.get("reply_markup", {}).get("inline_keyboard", [])
        # Older buttons still work: who is told something without any may press those.
        self.buttons = [button for row in keyboard for button in row] or self.buttons
        if self._heard is not None and not self._heard.done():
            self._heard.set_result(time.perf_counter())

    def listen(self) -> asyncio.Future[float]:
        """The moment of the next message, to be asked for before what it answers is said."""
        self._heard = asyncio.get_running_loop().create_future()
        return self._heard


class Telegram:
    """All chats with the bot, and the ids that Telegram gives."""

    def __init__(self) -> None:
        self.chats: dict[int, Chat] = {}
        self.port = 0
        self._people = itertools.count(100_000)
        self._messages = itertools.count(1)
        self._updates = itertools.count(1)

    def newcomers(self) -> Iterator[Chat]:
        """People whom the bot has never seen."""
        for number in self._people:
            self.chats[number] = Chat(number)
            yield self.chats[number]

    def text(self, chat: Chat, text: str) -> Json:
        """The update for something written."""
        entities = [{"type": "bot_command", "offset": 0, "length": len(text)}] if text[0] == "/" else []
        message = self._message(chat.number, _person(chat.number), {"text": text, "entities": entities})
        return {"update_id": next(self._updates), "message": message}

    def press(self, chat: Chat, button: Json) -> Json:
        """The update for a button pressed, with the message that carries it."""
        update_id = next(self._updates)
        query = {
            "id": f"9{update_id}",
            "from": _person(chat.number),
            "message": chat.last,
            "chat_instance": f"77{chat.number}",
            "data": button["callback_data"],
        }
        return {"update_id": update_id, "callback_query": query}

    def answer(self, method: str, parameters: Json) -> object:
        if method in _KNOWN:
            return _KNOWN[method]
        if method != "sendMessage":
            return True
        number = int(parameters["chat_id"])
        kept: Json = {
            name: parameters[name] for name in ("text", "entities", "reply_markup") if name in parameters
        }
        message = self._message(number, BOT, kept)
        self.chats[number].hear(message)
        return message

    def _message(self, chat: int, author: Json, content: Json) -> Json:
        identity = {"message_id": next(self._messages), "date": int(time.time()), "from": author}
        return {**identity, "chat": {**_person(chat), "type": "private"}, **content}


@asynccontextmanager
async def open_telegram() -> AsyncIterator[Telegram]:
    telegram = Telegram()
    server = await asyncio.get_running_loop().create_server(
        lambda: Answering(telegram.answer), "127.0.0.1", 0
    )
    telegram.port = server.sockets[0].getsockname()[1]
    try:
        yield telegram
    finally:
        server.close()


def _person(number: int) -> Json:
    return {"id": number, "is_bot": False, "first_name": f"Personne {number}", "language_code": "fr"}
