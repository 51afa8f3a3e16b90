"""A raw update becomes an event. Pure and total: any JSON value gives an event or a `ValueError`.

Only ids and what people typed are taken over: never a name, a username, a photo, a phone number or a place.
"""

import re
from typing import Any, Final

from handlers.events import (
    ChoiceMade,
    CommandGiven,
    ContactBlocked,
    ContactReturned,
    Event,
    FileGiven,
    GroupJoined,
    Ignored,
    MediaReceived,
    MessageEdited,
    MessageReceived,
)

Json = dict[str, Any]

_COMMAND: Final = re.compile(r"/([a-z0-9_]{1,32})(?:@\w+)?(?:\s+(.*))?", re.IGNORECASE | re.DOTALL | re.ASCII)
_MEDIA: Final = (
    # A message may hold several: an animation is a document too, a venue has a location.
    "live_photo",
    "animation",
    "venue",
    "photo",
    "voice",
    "video",
    "video_note",
    "document",
    "sticker",
    "location",
    "contact",
    "poll",
    "audio",
    "dice",
    "game",
    "story",
    "paid_media",
    "checklist",
    "rich_message",
)
_PRESENT = ("member", "administrator", "creator", "restricted")


def translate(update: object) -> Event:
    """The event an update stands for; `ValueError` (without the contents) when it is malformed."""
    update = _object(update, "update")
    _number(update, "update_id")
    if "message" in update:
        return _message(_object(update["message"], "message"))
    if "edited_message" in update:
        return _edited(_object(update["edited_message"], "edited_message"))
    if "callback_query" in update:
        return _pressed(_object(update["callback_query"], "callback_query"))
    if "my_chat_member" in update:
        return _membership(_object(update["my_chat_member"], "my_chat_member"))
    for kind in ("channel_post", "edited_channel_post"):
        if kind in update:
            return GroupJoined(address=_address(_chat(_object(update[kind], kind))))
    return Ignored(reason="a kind of update that was not asked for")


def address_of(update: object) -> str | None:
    """The address an update is about, when it can be made out; None otherwise. Never raises."""
    try:
        update = _object(update, "update")
        for kind in ("message", "edited_message", "my_chat_member", "channel_post", "edited_channel_post"):
            if kind in update:
                return _address(_chat(_object(update[kind], kind)))
        query = _object(update.get("callback_query"), "callback_query")
        return _address(_chat(_object(query.get("message"), "message")))
    except ValueError:
        return None


def _message(message: Json) -> Event:
    chat, message_id = _chat(message), str(_number(message, "message_id"))
    _number(message, "date")
    address = _address(chat)
    if chat["type"] != "private":
        return GroupJoined(address=address)
    if not _human(message):
        return Ignored(reason="not written by a person")
    reply_to = _reply_to(message)
    if "text" in message:
        return _text(address, _string(message, "text"), message_id, reply_to)
    for kind in _MEDIA:
        if kind in message:
            caption = _string(message, "caption") if "caption" in message else ""
            return MediaReceived(
                address=address,
                kind=kind,
                external_id=message_id,
                caption=caption,
                reply_to=reply_to,
                file=_file(message[kind]),
            )
    return Ignored(reason="a service message")


def _file(content: object) -> FileGiven | None:
    """The file of what was sent, if it is one; of a photo's sizes the largest. What is odd is no file."""
    largest = content[-1] if isinstance(content, list) and content else content
    if not isinstance(largest, dict) or not isinstance(largest.get("file_id"), str):
        return None
    name, size = largest.get("file_name"), largest.get("file_size")
    return FileGiven(
        external_id=_string(largest, "file_id"),
        name=_string(largest, "file_name") if isinstance(name, str) else None,
        size=size if isinstance(size, int) and not isinstance(size, bool) and 0 <= size < 1 << 31 else None,
    )


def _text(address: str, text: str, message_id: str, reply_to: str | None) -> MessageReceived | CommandGiven:
    command = _COMMAND.fullmatch(text.strip())
    if command is None:
        return MessageReceived(address=address, text=text, external_id=message_id, reply_to=reply_to)
    return CommandGiven(
        address=address,
        name=command[1].lower(),
        argument=(command[2] or "").strip(),
        external_id=message_id,
        reply_to=reply_to,
    )


def _edited(message: Json) -> Event:
    chat, message_id = _chat(message), str(_number(message, "message_id"))
    if chat["type"] != "private":
        return GroupJoined(address=_address(chat))
    if not _human(message):
        return Ignored(reason="not written by a person")
    for kind in ("text", "caption"):
        if kind in message:
            return MessageEdited(
                address=_address(chat),
                text=_string(message, kind),
                external_id=message_id,
                caption=kind == "caption",
            )
    return Ignored(reason="a moving location, or something else without words")


def _pressed(query: Json) -> Event:
    _string(query, "id")
    if "message" not in query or "data" not in query:
        return Ignored(reason="a button that is not ours")
    message = _object(query["message"], "message")
    chat = _chat(message)
    if chat["type"] != "private":
        return GroupJoined(address=_address(chat))
    return ChoiceMade(
        address=_address(chat),
        choice=_string(query, "data"),
        external_id=str(_number(message, "message_id")),
    )


def _membership(change: Json) -> Event:
    chat = _chat(change)
    status = _string(_object(change.get("new_chat_member"), "new_chat_member"), "status")
    address = _address(chat)
    if chat["type"] != "private":
        return GroupJoined(address=address) if status in _PRESENT else Ignored(reason="out of a group")
    if status == "kicked":
        return ContactBlocked(address=address)
    return ContactReturned(address=address) if status == "member" else Ignored(reason="another membership")


def _human(message: Json) -> bool:
    """Whether a person wrote it: neither a bot nor a channel nor nobody."""
    if "from" not in message:
        return False
    return _object(message["from"], "from").get("is_bot") is not True


def _reply_to(message: Json) -> str | None:
    answered = message.get("reply_to_message")
    return str(_number(answered, "message_id")) if isinstance(answered, dict) else None


def _chat(holder: Json) -> Json:
    chat = _object(holder.get("chat"), "chat")
    _number(chat, "id")
    _string(chat, "type")
    return chat


def _address(chat: Json) -> str:
    return f"telegram:{chat['id']}"


def _object(value: object, name: str) -> Json:
    if not isinstance(value, dict):
        raise ValueError(f"{name} is not an object")
    return value


def _number(holder: Json, name: str) -> int:
    value = holder.get(name)
    # Telegram's ids have 52 bits at most, and databases 64.
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 1 << 63:
        raise ValueError(f"{name} is not an integer")
    return value


def _string(holder: Json, name: str) -> str:
    """A string that can be stored anywhere: lone surrogates and NUL are replaced."""
    value = holder.get(name)
    if not isinstance(value, str):
        raise ValueError(f"{name} is not a string")
    return value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
