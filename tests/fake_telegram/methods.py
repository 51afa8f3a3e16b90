"""The Bot API calls we make, in our own words: each parameter, what it must be, whether it must be there.

Only what we use is listed: anything else is a violation, so that a new parameter is added here knowingly.
Where Telegram leaves a parameter free that we promise to give (`allowed_updates`), it is required here.
"""

from dataclasses import dataclass
from typing import Literal

Simple = Literal["integer", "text", "flag", "chat", "file"]
"""`chat` is an id or an @name: we only ever use ids. `file` is uploaded with the call."""


@dataclass(frozen=True, slots=True)
class ListOf:
    item: "Kind"


@dataclass(frozen=True, slots=True)
class Shape:
    """An object; `official` is what Telegram's documentation calls it."""

    official: str
    fields: dict[str, "Parameter"]


Kind = Simple | ListOf | Shape


@dataclass(frozen=True, slots=True)
class Parameter:
    kind: Kind
    required: bool = False


def must(kind: Kind) -> Parameter:
    return Parameter(kind, required=True)


def may(kind: Kind) -> Parameter:
    return Parameter(kind)


ENTITY = Shape(
    "MessageEntity",
    {"type": must("text"), "offset": must("integer"), "length": must("integer"), "url": may("text")},
)
BUTTON = Shape("InlineKeyboardButton", {"text": must("text"), "callback_data": must("text")})
KEYBOARD = Shape("InlineKeyboardMarkup", {"inline_keyboard": must(ListOf(ListOf(BUTTON)))})
REPLY = Shape("ReplyParameters", {"message_id": must("integer"), "allow_sending_without_reply": may("flag")})
PREVIEW = Shape("LinkPreviewOptions", {"is_disabled": must("flag")})
COMMAND = Shape("BotCommand", {"command": must("text"), "description": must("text")})
SCOPE = Shape("BotCommandScopeChat", {"type": must("text"), "chat_id": may("integer")})

ARTICLE = Shape(
    "InlineQueryResultArticle",
    {
        "type": must("text"),
        "id": must("text"),
        "title": must("text"),
        "description": may("text"),
        "input_message_content": must(
            Shape(
                "InputTextMessageContent",
                {
                    "message_text": must("text"),
                    "entities": may(ListOf(ENTITY)),
                    "link_preview_options": may(PREVIEW),
                },
            )
        ),
    },
)
START_BUTTON = Shape("InlineQueryResultsButton", {"text": must("text"), "start_parameter": may("text")})

METHODS: dict[str, dict[str, Parameter]] = {
    "getMe": {},
    "getUpdates": {
        "offset": may("integer"),
        "limit": may("integer"),
        "timeout": may("integer"),
        "allowed_updates": must(ListOf("text")),
    },
    "setWebhook": {
        "url": must("text"),
        "secret_token": must("text"),
        "allowed_updates": must(ListOf("text")),
        "max_connections": may("integer"),
        "drop_pending_updates": may("flag"),
    },
    "deleteWebhook": {"drop_pending_updates": may("flag")},
    "getWebhookInfo": {},
    "sendMessage": {
        "chat_id": must("chat"),
        "text": must("text"),
        "entities": may(ListOf(ENTITY)),
        "link_preview_options": may(PREVIEW),
        "disable_notification": may("flag"),
        "protect_content": may("flag"),
        "reply_parameters": may(REPLY),
        "reply_markup": may(KEYBOARD),
    },
    "editMessageText": {
        "chat_id": must("chat"),
        "message_id": must("integer"),
        "text": must("text"),
        "entities": may(ListOf(ENTITY)),
        "link_preview_options": may(PREVIEW),
        "reply_markup": may(KEYBOARD),
    },
    "editMessageReplyMarkup": {
        "chat_id": must("chat"),
        "message_id": must("integer"),
        "reply_markup": may(KEYBOARD),
    },
    "copyMessage": {
        "chat_id": must("chat"),
        "from_chat_id": must("chat"),
        "message_id": must("integer"),
        "disable_notification": may("flag"),
        "protect_content": may("flag"),
        "reply_parameters": may(REPLY),
    },
    "sendDocument": {
        "chat_id": must("chat"),
        "document": must("file"),
        "caption": may("text"),
        "disable_notification": may("flag"),
        "protect_content": may("flag"),
        "reply_parameters": may(REPLY),
    },
    "sendPhoto": {
        "chat_id": must("chat"),
        "photo": must("file"),
        "caption": may("text"),
        "disable_notification": may("flag"),
        "protect_content": may("flag"),
        "reply_parameters": may(REPLY),
    },
    "getFile": {"file_id": must("text")},
    "deleteMessage": {"chat_id": must("chat"), "message_id": must("integer")},
    "answerCallbackQuery": {
        "callback_query_id": must("text"),
        "text": may("text"),
        "show_alert": may("flag"),
    },
    "answerInlineQuery": {
        "inline_query_id": must("text"),
        "results": must(ListOf(ARTICLE)),
        "cache_time": may("integer"),
        "is_personal": may("flag"),
        "button": may(START_BUTTON),
    },
    "sendChatAction": {"chat_id": must("chat"), "action": must("text")},
    "setMyCommands": {
        "commands": must(ListOf(COMMAND)),
        "scope": may(SCOPE),
        "language_code": may("text"),
    },
    "deleteMyCommands": {"scope": may(SCOPE), "language_code": may("text")},
    "leaveChat": {"chat_id": must("chat")},
}
