"""What each method does to the chats, once its parameters are good."""

from typing import TYPE_CHECKING, Any

from tests.fake_telegram.chats import BOT, Json, Refusal
from tests.fake_telegram.updates import Webhook

if TYPE_CHECKING:
    from tests.fake_telegram.server import FakeTelegram

_CONTENT = ("text", "entities", "photo", "voice", "video", "video_note", "document", "audio", "animation")


async def apply(telegram: "FakeTelegram", method: str, parameters: Json) -> Any:
    """The method's result; raises `Refusal`."""
    match method:
        case "getMe":
            return {**BOT, "can_join_groups": False, "can_read_all_group_messages": False}
        case "getUpdates":
            return await _get_updates(telegram, parameters)
        case "setWebhook" | "deleteWebhook":
            await telegram.use_webhook(parameters if method == "setWebhook" else None)
            return True
        case "getWebhookInfo":
            return _webhook_info(telegram.webhook, len(telegram.updates.waiting))
        case "sendMessage":
            return _send(telegram, parameters)
        case "editMessageText" | "editMessageReplyMarkup":
            return _edit(telegram, parameters)
        case "sendDocument":
            return _document(telegram, parameters)
        case "sendPhoto":
            return _photo(telegram, parameters)
        case "getFile":
            return _file(telegram, parameters["file_id"])
        case "copyMessage":
            return _copy(telegram, parameters)
        case "deleteMessage":
            chat = telegram.chats[parameters["chat_id"]]
            chat.message(parameters["message_id"], "message to delete not found")["deleted"] = True
            return True
        case "answerCallbackQuery":
            return _answer(telegram, parameters["callback_query_id"])
        case "answerInlineQuery":
            return _answer_inline(telegram, parameters)
        case "sendChatAction":
            telegram.chats[parameters["chat_id"]].expect_open()
            return True
        case "setMyCommands" | "deleteMyCommands":
            return _menu(telegram, parameters)
        case "leaveChat":
            return _leave(telegram, parameters["chat_id"])
    raise AssertionError(f"{method} is in the table and does nothing")


async def _get_updates(telegram: "FakeTelegram", parameters: Json) -> list[object]:
    if telegram.webhook is not None:
        raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active")
    return await telegram.updates.poll(
        offset=parameters.get("offset"),
        limit=parameters.get("limit", 100),
        timeout=parameters.get("timeout", 0),
    )


def _send(telegram: "FakeTelegram", parameters: Json) -> Json:
    chat = telegram.chats[parameters["chat_id"]]
    chat.expect_open()
    content = chat.answered(parameters.get("reply_parameters"))
    content["text"] = parameters["text"].strip()
    content |= {name: parameters[name] for name in ("entities", "reply_markup") if name in parameters}
    message = chat.add(BOT, telegram.now(), **content)
    telegram.sent()
    return message


def _edit(telegram: "FakeTelegram", parameters: Json) -> Json:
    chat = telegram.chats[parameters["chat_id"]]
    chat.expect_open()
    message = chat.message(parameters["message_id"], "message to edit not found")
    if message["from"] != BOT:
        raise Refusal(400, "Bad Request: message can't be edited")
    keys = ("text", "entities", "reply_markup") if "text" in parameters else ("reply_markup",)
    wanted = {name: parameters[name] for name in keys if name in parameters}
    if wanted == {name: message[name] for name in keys if name in message}:
        raise Refusal(400, "Bad Request: message is not modified: specified new message content is the same")
    for name in keys:
        message.pop(name, None)
    message.update(wanted, edit_date=telegram.now())
    telegram.sent()
    return message


def _copy(telegram: "FakeTelegram", parameters: Json) -> Json:
    chat = telegram.chats[parameters["chat_id"]]
    chat.expect_open()
    source = telegram.chats[parameters["from_chat_id"]]
    if source.state == "unknown":
        raise Refusal(400, "Bad Request: chat not found")
    original = source.message(parameters["message_id"], "message to copy not found")
    content = {name: original[name] for name in (*_CONTENT, "caption") if name in original}
    content |= chat.answered(parameters.get("reply_parameters"))
    message = chat.add(BOT, telegram.now(), **content)
    telegram.sent()
    return {"message_id": message["message_id"]}


LARGEST = 20 * 1024 * 1024
"""Bytes that a bot may fetch. Source: Bot API, getFile."""


def _file(telegram: "FakeTelegram", file_id: str) -> Json:
    content = telegram.files.get(file_id)
    if content is None:
        raise Refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
    if len(content) > LARGEST:
        raise Refusal(400, "Bad Request: file is too big")
    return {
        "file_id": file_id,
        "file_unique_id": file_id,
        "file_size": len(content),
        "file_path": f"files/{file_id}",
    }


def _document(telegram: "FakeTelegram", parameters: Json) -> Json:
    chat = telegram.chats[parameters["chat_id"]]
    chat.expect_open()
    content = chat.answered(parameters.get("reply_parameters"))
    file_id = f"document-{len(chat.messages) + 1}"
    telegram.files[file_id] = parameters["document"]["content"]
    card = {"file_id": file_id, "file_unique_id": file_id, "file_name": parameters["document"]["file_name"]}
    content |= {"caption": parameters["caption"]} if "caption" in parameters else {}
    message = chat.add(BOT, telegram.now(), document=card, **content)
    telegram.sent()
    return message


def _photo(telegram: "FakeTelegram", parameters: Json) -> Json:
    chat = telegram.chats[parameters["chat_id"]]
    chat.expect_open()
    content = chat.answered(parameters.get("reply_parameters"))
    file_id, picture = f"photo-{len(chat.messages) + 1}", parameters["photo"]["content"]
    telegram.files[file_id] = picture
    width, height = (int.from_bytes(picture[at : at + 4], "big") for at in (16, 20))
    size = {"file_id": file_id, "file_unique_id": file_id, "width": width, "height": height}
    content |= {"caption": parameters["caption"]} if "caption" in parameters else {}
    message = chat.add(BOT, telegram.now(), photo=[size], **content)
    telegram.sent()
    return message


def _answer(telegram: "FakeTelegram", query_id: str) -> bool:
    if query_id not in telegram.open_queries:
        raise Refusal(
            400, "Bad Request: query is too old and response timeout expired or query ID is invalid"
        )
    telegram.open_queries.discard(query_id)
    return True


def _answer_inline(telegram: "FakeTelegram", parameters: Json) -> bool:
    query_id = parameters["inline_query_id"]
    if query_id not in telegram.open_queries:
        raise Refusal(
            400, "Bad Request: query is too old and response timeout expired or query ID is invalid"
        )
    telegram.open_queries.discard(query_id)
    telegram.inline[query_id] = parameters
    telegram.sent()
    return True


def _menu(telegram: "FakeTelegram", parameters: Json) -> bool:
    scope = parameters.get("scope", {"type": "default"})
    if "chat_id" in scope and telegram.chats[scope["chat_id"]].state == "unknown":
        raise Refusal(400, "Bad Request: chat not found")
    names = [command["command"] for command in parameters.get("commands", [])]
    telegram.menus[str(scope.get("chat_id", scope["type"]))] = names
    return True


def _leave(telegram: "FakeTelegram", chat_id: int) -> bool:
    chat = telegram.chats[chat_id]
    if chat.type == "private":
        raise Refusal(400, "Bad Request: chat member status can't be changed in private chats")
    chat.expect_open()
    chat.left = True
    telegram.sent()
    return True


def _webhook_info(webhook: Webhook | None, waiting: int) -> Json:
    url = webhook.url if webhook else ""
    info: Json = {"url": url, "has_custom_certificate": False, "pending_update_count": waiting}
    failed = [status for status in webhook.statuses if not 200 <= status < 300] if webhook else []
    if failed:
        why = f"Wrong response from the webhook: {failed[-1]}"
        info |= {"last_error_date": 1_795_000_000, "last_error_message": why}
    return info
