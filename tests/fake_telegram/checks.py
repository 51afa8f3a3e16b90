"""What the Bot API refuses whatever the chat: parameters of the wrong name or type, and limits."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from tests.fake_telegram.methods import METHODS, Kind, ListOf, Parameter, Shape

Parameters = dict[str, Any]

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
LARGEST_UPLOAD = 50 * 1024 * 1024
LARGEST_PHOTO = 10 * 1024 * 1024
LARGEST_SIDES = 10_000
PNG = b"\x89PNG\r\n\x1a\n"
DATA_BYTES = 64
ENTITY_TYPES = {"bold", "italic", "text_link", "underline", "strikethrough", "code", "pre"}
UPDATE_KINDS = {"message", "edited_message", "callback_query", "my_chat_member", "inline_query"}
ACTIONS = {"typing", "upload_document"}
SCOPES = {"default", "all_private_chats", "chat"}


def violations(method: str, parameters: Parameters) -> list[str]:
    """Every rule this call breaks, in words; none for a good call."""
    if method not in METHODS:
        return [f"{method} is not a method we use"]
    wrong = list(_fields(METHODS[method], parameters, method))
    return wrong or [f"{method}: {problem}" for problem in _LIMITS.get(method, _nothing)(parameters)]


def units(text: str) -> int:
    """Telegram counts in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def _fields(table: dict[str, Parameter], given: Parameters, where: str) -> Iterator[str]:
    for name in given.keys() - table.keys():
        yield f"{where}: unknown parameter {name}"
    for name, parameter in table.items():
        if name in given:
            yield from _kind(parameter.kind, given[name], f"{where}.{name}")
        elif parameter.required:
            yield f"{where}: {name} is missing"


def _kind(kind: Kind, value: object, where: str) -> Iterator[str]:
    match kind:
        case "integer" | "chat":
            if not isinstance(value, int) or isinstance(value, bool):
                yield f"{where} is no integer: {value!r}"
        case "text":
            if not isinstance(value, str):
                yield f"{where} is no text: {value!r}"
        case "flag":
            if not isinstance(value, bool):
                yield f"{where} is neither true nor false: {value!r}"
        case "file":
            if not (isinstance(value, dict) and value.keys() == {"file_name", "content"}):
                yield f"{where} is no uploaded file"
        case ListOf(item):
            if isinstance(value, list):
                for position, one in enumerate(value):
                    yield from _kind(item, one, f"{where}[{position}]")
            else:
                yield f"{where} is no list"
        case Shape():
            if isinstance(value, dict):
                yield from _fields(kind.fields, value, where)
            else:
                yield f"{where} is no object"


def _message(parameters: Parameters) -> Iterator[str]:
    text = parameters["text"]
    if not text.strip():
        yield "message text is empty"
    if units(text) > TEXT_UNITS:
        yield f"message is too long: {units(text)}"
    yield from _entities(text, parameters.get("entities", []))
    yield from _keyboard(parameters)
    if parameters["chat_id"] < 0 and "reply_markup" in parameters:
        yield "in a group we say goodbye, nothing else"


def _entities(text: str, entities: list[Parameters]) -> Iterator[str]:
    if entities and text != text.strip():
        yield "entities with blanks around the text: Telegram would shift them"
    if len(entities) > 100:
        yield "more than 100 entities"
    borders = {units(text[:position]) for position in range(len(text) + 1)} if entities else set()
    for entity in entities:
        start, end = entity["offset"], entity["offset"] + entity["length"]
        if entity["type"] not in ENTITY_TYPES:
            yield f"unknown entity {entity['type']}"
        if entity["length"] <= 0 or start not in borders or end not in borders:
            yield f"entity {start}-{end} is outside the text or inside a character"
        if (entity["type"] == "text_link") != ("url" in entity):
            yield "a link needs an URL, and only a link"


def _keyboard(parameters: Parameters) -> Iterator[str]:
    if "reply_markup" not in parameters:
        return
    rows = parameters["reply_markup"]["inline_keyboard"]
    if not rows or not all(rows):
        yield "a keyboard or one of its rows is empty"
    if len(rows) > 100 or any(len(row) > 8 for row in rows):
        yield "a keyboard is too large"
    for button in (button for row in rows for button in row):
        if not 1 <= len(button["callback_data"].encode()) <= DATA_BYTES:
            yield f"callback data of {len(button['callback_data'].encode())} bytes"
        if not button["text"].strip():
            yield "a button without a label"


def _updates(parameters: Parameters) -> Iterator[str]:
    if not 1 <= parameters.get("limit", 100) <= 100:
        yield "limit outside 1-100"
    if parameters.get("timeout", 0) < 0:
        yield "negative timeout"
    yield from _allowed(parameters)


def _allowed(parameters: Parameters) -> Iterator[str]:
    unknown = set(parameters["allowed_updates"]) - UPDATE_KINDS
    if unknown or not parameters["allowed_updates"]:
        yield f"allowed_updates must name what we handle: {sorted(unknown)}"


def _webhook(parameters: Parameters) -> Iterator[str]:
    yield from _allowed(parameters)
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", parameters["secret_token"]):
        yield "secret_token holds other than letters, digits, _ and -"
    if not re.match(r"https://|http://(127\.0\.0\.1|localhost)[:/]", parameters["url"]):
        yield "a webhook must be https"
    if parameters.get("drop_pending_updates"):
        yield "pending updates must never be dropped"


def _no_webhook(parameters: Parameters) -> Iterator[str]:
    if parameters.get("drop_pending_updates"):
        yield "pending updates must never be dropped"


def _commands(parameters: Parameters) -> Iterator[str]:
    if not 1 <= len(parameters["commands"]) <= 100:
        yield "1 to 100 commands"
    for command in parameters["commands"]:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
            yield f"bad command name {command['command']!r}"
        if not 1 <= len(command["description"]) <= 256:
            yield "a description has 1 to 256 characters"
    yield from _scope(parameters)


def _scope(parameters: Parameters) -> Iterator[str]:
    scope = parameters.get("scope", {"type": "default"})
    if scope["type"] not in SCOPES or (scope["type"] == "chat") != ("chat_id" in scope):
        yield f"bad scope {scope}"


def _inline(parameters: Parameters) -> Iterator[str]:
    results = parameters["results"]
    ids = [one["id"] for one in results]
    if len(results) > 50 or len(set(ids)) != len(ids):
        yield "more than 50 results, or two with one id"
    if not parameters.get("is_personal") or parameters.get("cache_time", 300) > 60:
        yield "answers differ from person to person and must not be kept for long"
    for one in results:
        if one["type"] != "article" or not 1 <= len(one["id"].encode()) <= 64 or not one["title"].strip():
            yield f"bad result {one['id']!r}"
        content = one["input_message_content"]
        if not content["message_text"].strip() or units(content["message_text"]) > TEXT_UNITS:
            yield "the text of a result is empty or too long"
        yield from _entities(content["message_text"], content.get("entities", []))
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", parameters.get("button", {}).get("start_parameter", "x")):
        yield "a bad start parameter"


def _document(parameters: Parameters) -> Iterator[str]:
    if units(parameters.get("caption", "")) > CAPTION_UNITS:
        yield f"caption is too long: {units(parameters['caption'])}"
    if len(parameters["document"]["content"]) > LARGEST_UPLOAD:
        yield "more than 50 MB"


def _photo(parameters: Parameters) -> Iterator[str]:
    if units(parameters.get("caption", "")) > CAPTION_UNITS:
        yield f"caption is too long: {units(parameters['caption'])}"
    content = parameters["photo"]["content"]
    if len(content) > LARGEST_PHOTO:
        yield "more than 10 MB"
    if not content.startswith(PNG):
        yield "no picture that we make"
    elif sum(int.from_bytes(content[at : at + 4], "big") for at in (16, 20)) > LARGEST_SIDES:
        yield "width and height are more than 10000 together"


def _action(parameters: Parameters) -> Iterator[str]:
    if parameters["action"] not in ACTIONS:
        yield f"unknown action {parameters['action']!r}"


def _nothing(parameters: Parameters) -> Iterator[str]:
    yield from ()


_LIMITS: dict[str, Callable[[Parameters], Iterator[str]]] = {
    "sendMessage": _message,
    "editMessageText": _message,
    "editMessageReplyMarkup": _keyboard,
    "getUpdates": _updates,
    "setWebhook": _webhook,
    "deleteWebhook": _no_webhook,
    "setMyCommands": _commands,
    "deleteMyCommands": _scope,
    "sendChatAction": _action,
    "sendDocument": _document,
    "sendPhoto": _photo,
    "answerInlineQuery": _inline,
}
