"""Somebody with Telegram on their phone: writes, presses buttons, reads what the bot says."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.fake_telegram.chats import BOT, Chat, Json

if TYPE_CHECKING:
    from tests.fake_telegram.server import FakeTelegram

MEDIA: dict[str, Any] = {
    "photo": [{"file_id": "photo-1", "file_unique_id": "p1", "width": 90, "height": 90}],
    "voice": {"file_id": "voice-1", "file_unique_id": "v1", "duration": 3},
    "video": {"file_id": "video-1", "file_unique_id": "w1", "width": 90, "height": 90, "duration": 3},
    "video_note": {"file_id": "note-1", "file_unique_id": "n1", "length": 90, "duration": 3},
    "document": {"file_id": "document-1", "file_unique_id": "d1", "file_name": "justificatif.pdf"},
    "audio": {"file_id": "audio-1", "file_unique_id": "a1", "duration": 3},
    "animation": {"file_id": "gif-1", "file_unique_id": "g1", "width": 9, "height": 9, "duration": 1},
    "sticker": {"file_id": "sticker-1", "file_unique_id": "s1", "type": "regular"},
    "location": {"latitude": 47.2378, "longitude": 6.0241},
    "contact": {"phone_number": "+33612345678", "first_name": "Nadia"},
    "poll": {"id": "1", "question": "Cinéma ?", "options": []},
}


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of the bot, as it is now on the screen."""

    id: int
    text: str
    buttons: tuple[str, ...]
    reply_to: int | None
    raw: Json
    document: str | None = None
    """What is in the file that was sent, if it is text."""
    file: bytes | None = None


class Person:
    """A private chat seen from its human side; with a negative id, a group."""

    def __init__(self, telegram: "FakeTelegram", chat: Chat) -> None:
        self._telegram = telegram
        self._chat = chat
        self._read = 0

    @property
    def id(self) -> int:
        return self._chat.id

    @property
    def address(self) -> str:
        return f"telegram:{self._chat.id}"

    @property
    def length(self) -> int:
        """Messages in this chat, of both."""
        return len(self._chat.messages)

    def write(self, text: str, *, reply_to: "Heard | int | None" = None) -> int:
        """Sends a text (the first one opens the chat); returns its message id."""
        return self._say(reply_to, text=text)

    def send(self, kind: str, *, caption: str | None = None, reply_to: "Heard | int | None" = None) -> int:
        """Sends something that is not text; returns its message id."""
        content: dict[str, Any] = {kind: MEDIA[kind]} | ({"caption": caption} if caption is not None else {})
        if kind == "animation":
            content["document"] = MEDIA["document"]
        return self._say(reply_to, **content)

    def send_file(self, content: bytes, name: str, *, reply_to: "Heard | int | None" = None) -> int:
        """Sends a document, whose bytes stay at Telegram; returns its message id."""
        file_id = f"sent-{len(self._telegram.files) + 1}"
        self._telegram.files[file_id] = content
        card = {
            "file_id": file_id,
            "file_unique_id": file_id,
            "file_name": name,
            "file_size": len(content),
        }
        return self._say(reply_to, document=card)

    def send_photo(self, caption: str | None = None) -> int:
        return self.send("photo", caption=caption)

    def edit(self, message_id: int, text: str) -> None:
        """Changes one's own text."""
        message = self._chat.messages[message_id]
        message.update(text=text, edit_date=self._telegram.now())
        self._telegram.happened("edited_message", dict(message))

    def edit_caption(self, message_id: int, caption: str) -> None:
        """Changes the words beside one's own photo or document."""
        message = self._chat.messages[message_id]
        message.update(caption=caption, edit_date=self._telegram.now())
        self._telegram.happened("edited_message", dict(message))

    def press(self, button: str | int, *, on: Heard | None = None) -> str:
        """Presses a button, by label or place, on the newest message that has it; returns the query id."""
        for message in [on.raw] if on else reversed(self._said()):
            rows = message.get("reply_markup", {}).get("inline_keyboard", [])
            buttons = [one for row in rows for one in row]
            for place, one in enumerate(buttons):
                if button in (place, one["text"]):
                    return self.press_data(one["callback_data"], message)
        raise AssertionError(f"no button {button!r} in {[m.buttons for m in self.heard()]}")

    def press_data(self, data: str, message: Json | None = None) -> str:
        """What a press sends; forged data are possible, as with any modified client."""
        query_id = self._telegram.new_query()
        shown = message or {"message_id": 1, "date": 0, "chat": self._chat.card()}
        query = {"id": query_id, "from": self._chat.author(), "message": dict(shown), "data": data}
        self._telegram.happened("callback_query", query | {"chat_instance": str(self.id)})
        return query_id

    def types_inline(self, text: str) -> str:
        """Types « @bot text » in some chat; the query id that the answer will be for."""
        query_id = self._telegram.new_query()
        query = {"id": query_id, "from": self._chat.author(), "query": text, "offset": ""}
        self._telegram.happened("inline_query", query)
        return query_id

    def add_bot(self) -> None:
        """For a group (a negative id): somebody has added the bot."""
        self._chat.left = False
        self._membership("open", "left", "member")

    def block(self) -> None:
        self._membership("blocked", "member", "kicked")

    def unblock(self) -> None:
        self._membership("open", "kicked", "member")

    def deactivate(self) -> None:
        """The account is gone: Telegram tells the bot only when it writes."""
        self._chat.state = "deactivated"

    def move(self, chat_id: int) -> "Person":
        """The chat becomes another one, from which they write from now on."""
        self._chat.moved_to = chat_id
        self._telegram.chats[chat_id].state = "open"
        return self._telegram.person(chat_id)

    def heard(self) -> list[Heard]:
        """All that the bot has said here, oldest first, without what it deleted."""
        return [self._heard(message) for message in self._said()]

    def texts(self) -> list[str]:
        """The words of what was `heard`."""
        return [message.text for message in self.heard()]

    async def next_message(self, timeout: float = 5) -> Heard:
        """The first message of the bot not given out yet, waiting for it if need be."""
        try:
            async with asyncio.timeout(timeout):
                while len(said := self._said()) <= self._read:
                    await self._telegram.something_sent()
        except TimeoutError:
            raise AssertionError(
                f"nothing more was said to {self.address} in {timeout} s; so far: "
                f"{self.texts()}; {self._telegram.failures()}"
            ) from None
        self._read += 1
        return self._heard(said[self._read - 1])

    def nothing_more(self) -> bool:
        """Whether everything said was given out by `next_message`."""
        return len(self._said()) <= self._read

    def _say(self, reply_to: "Heard | int | None", **content: Any) -> int:
        if self._chat.state == "blocked":
            self.unblock()
        self._chat.state = "open"
        target = reply_to.id if isinstance(reply_to, Heard) else reply_to
        reply = self._chat.answered({"message_id": target}) if target is not None else {}
        message = self._chat.add(self._chat.author(), self._telegram.now(), **content, **reply)
        self._telegram.happened("message", dict(message))
        return int(message["message_id"])

    def _said(self) -> list[Json]:
        return [
            message
            for message in self._chat.messages.values()
            if message["from"] == BOT and not message.get("deleted")
        ]

    def _membership(self, state: Any, old: str, new: str) -> None:
        self._chat.state = state
        change = {"chat": self._chat.card(), "from": self._chat.author(), "date": self._telegram.now()}
        for name, status in (("old_chat_member", old), ("new_chat_member", new)):
            change[name] = {"user": BOT, "status": status, "until_date": 0}
        self._telegram.happened("my_chat_member", change)

    def _heard(self, message: Json) -> Heard:
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        sent = message.get("document") or (message.get("photo") or [{}])[-1]
        file = self._telegram.files.get(sent.get("file_id"))
        return Heard(
            id=message["message_id"],
            text=message.get("text", ""),
            buttons=tuple(button["text"] for row in rows for button in row),
            reply_to=message.get("reply_to_message", {}).get("message_id"),
            raw=message,
            document=file.decode("utf-8", "replace") if file is not None else None,
            file=file,
        )
