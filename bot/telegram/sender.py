"""Delivers one outbox item to Telegram: a `Receipt`, or a `DeliveryError` that says what to do about it.

Repeating a delivery is safe: the same item makes the same message, answering the same one.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import suppress
from typing import Any, Final, TypeVar

import structlog
from telegram import Bot, BotCommandScopeChat, LinkPreviewOptions, MessageEntity, ReplyParameters
from telegram.error import TelegramError

from bot.delivery import DeliveryError, Receipt, Refused, Uncertain, Unreachable
from bot.telegram.commands import menu_of
from bot.telegram.picture import draw
from bot.telegram.render import Rendered, buttons, caption, keyboard, plain, render
from bot.telegram.transport import AiohttpRequest, failure_of, raw_result
from bot.telegram.upload import Outgoing, Parts

log = structlog.get_logger(__name__)
T = TypeVar("T")

_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)
_ENTITIES_REFUSED = ("can't parse entities", "entity_", "entities_")
_NOTHING_TO_CHANGE = "message is not modified"
_GONE_ALREADY = ("message to delete not found", "message_id_invalid")
_CANNOT_EDIT = ("message to edit not found", "message can't be edited", "message_id_invalid")


class TelegramSender:
    """What the worker calls for the channel `telegram`; payloads as `handlers` queue them."""

    def __init__(self, bot: Bot, parts: Parts) -> None:
        self._bot = bot
        self._parts = parts

    async def deliver(self, lane: str, payload: dict[str, Any], *, repeated: bool) -> Receipt:
        """Sends `payload` to `telegram:<chat id>`; a repeated delivery doesn't ring a second time."""
        chat = _chat(lane)
        match payload.get("kind"):
            case "message":
                return await self._message(chat, payload, quiet=repeated)
            case "edit":
                return await self._edit(chat, payload, quiet=repeated)
            case "delete":
                return await self._delete(chat, payload)
            case "copy":
                return await self._copy(chat, payload, quiet=repeated)
            case "document":
                return await self._document(chat, payload, quiet=repeated)
            case "photo":
                return await self._photo(chat, payload, quiet=repeated)
            case "file":
                return await self._file(chat, payload, quiet=repeated)
            case "menu":
                return await self._menu(chat, payload.get("role"))
            case "leave":
                return await self._leave(chat)
            case kind:
                raise Refused(f"unknown kind of message: {kind!r}")

    async def _message(self, chat: int, payload: dict[str, Any], *, quiet: bool) -> Receipt:
        text, light = str(payload["text"]), bool(payload.get("markup"))
        try:
            return await self._send(chat, render(text, light), payload, quiet=quiet)
        except Refused as refused:
            if not _mentions(refused, *_ENTITIES_REFUSED):
                raise
            # The renderer's defect, not an author's: somebody who mends it must hear of it.
            log.error("layout_refused", message=payload.get("key"), reason=refused.reason)
            return await self._send(chat, plain(text, light), payload, quiet=quiet)

    async def _send(self, chat: int, message: Rendered, payload: dict[str, Any], *, quiet: bool) -> Receipt:
        # Most of what is sent: its answer is not made into objects, of which only the number is wanted.
        given: dict[str, Any] = {
            "chat_id": chat,
            "text": message.text,
            "entities": [_entity(entity) for entity in message.entities],
            "link_preview_options": {"is_disabled": True},
            "disable_notification": quiet,
        }
        if (answered := _reply(payload)) is not None:
            given["reply_parameters"] = answered.to_dict()
        if rows := buttons(payload.get("choices") or ()):
            given["reply_markup"] = {"inline_keyboard": rows}
        wanted = {name: value for name, value in given.items() if value}
        return _receipt(await raw_result(self._bot, "sendMessage", wanted))

    async def _edit(self, chat: int, payload: dict[str, Any], *, quiet: bool) -> Receipt:
        """Changes a message; where Telegram no longer allows it, says the new text in another one."""
        message_id = _number(payload.get("message_id"))
        if message_id is None:
            return await self._message(chat, payload, quiet=quiet)
        message = render(str(payload["text"]), bool(payload.get("markup")))
        try:
            await _outcome(
                self._bot.edit_message_text(
                    message.text,
                    chat_id=chat,
                    message_id=message_id,
                    entities=message.entities or None,
                    reply_markup=keyboard(payload.get("choices") or ()),
                    link_preview_options=_NO_PREVIEW,
                )
            )
        except Refused as refused:
            if _mentions(refused, *_CANNOT_EDIT, *_ENTITIES_REFUSED):
                return await self._message(chat, payload, quiet=quiet)
            if not _mentions(refused, _NOTHING_TO_CHANGE):
                raise
        return Receipt(str(message_id))

    async def _delete(self, chat: int, payload: dict[str, Any]) -> Receipt:
        """Takes a message back; one that is not there any more is what was wanted."""
        message_id = _number(payload.get("message_id"))
        if message_id is not None:
            try:
                await _outcome(self._bot.delete_message(chat, message_id))
            except Refused as refused:
                if not _mentions(refused, *_GONE_ALREADY):
                    raise
        return Receipt()

    async def _copy(self, chat: int, payload: dict[str, Any], *, quiet: bool) -> Receipt:
        source, message_id = _number(payload.get("from_chat")), _number(payload.get("message_id"))
        if source is None or message_id is None:
            raise Refused("a copy needs a chat and a message")
        try:
            copy = await _outcome(
                self._bot.copy_message(
                    chat,
                    from_chat_id=source,
                    message_id=message_id,
                    reply_parameters=_reply(payload),
                    disable_notification=quiet or None,
                )
            )
        except Unreachable as error:
            # "chat not found" may speak of the chat copied from: whoever should receive it is not to blame.
            if "not found" in error.reason.lower():
                raise Refused(error.reason, 400) from None
            raise
        return Receipt(str(copy.message_id))

    async def _document(self, chat: int, payload: dict[str, Any], *, quiet: bool) -> Receipt:
        content = str(payload["content"]).encode()
        sent = await _outcome(
            self._bot.send_document(
                chat, content, filename=str(payload["filename"]), disable_notification=quiet or None
            )
        )
        return Receipt(str(sent.message_id))

    async def _photo(self, chat: int, payload: dict[str, Any], *, quiet: bool) -> Receipt:
        """A picture that is drawn now, off the loop: figures are kept, not pixels."""
        picture = await asyncio.to_thread(draw, str(payload["title"]), payload["columns"], payload["bars"])
        sent = await _outcome(
            self._bot.send_photo(
                chat,
                picture,
                filename="semaine.png",
                caption=caption(str(payload["title"])),
                disable_notification=quiet or None,
            )
        )
        return Receipt(str(sent.message_id))

    async def _file(self, chat: int, payload: dict[str, Any], *, quiet: bool) -> Receipt:
        """A file that is kept here, streamed; one that was erased meanwhile is refused."""
        request, file_id = self._bot.request, int(payload["file"])
        if not await _there(self._parts(file_id)):
            raise Refused("the file was deleted")
        if not isinstance(request, AiohttpRequest):
            raise TypeError("make_bot was given another kind of request")
        file = Outgoing(
            name=str(payload["name"]),
            mime=str(payload["mime"]),
            size=int(payload["size"]),
            parts=lambda: self._parts(file_id),
        )
        fields = {"chat_id": str(chat), "caption": caption(str(payload.get("caption") or ""))}
        fields |= {"disable_notification": "true"} if quiet else {}
        sent = await request.upload(f"{self._bot.base_url}/sendDocument", fields, "document", file)
        return _receipt(sent)

    async def _menu(self, chat: int, role: object) -> Receipt:
        """Gives a chat the commands of a role, or (None) people's again."""
        scope = BotCommandScopeChat(chat)
        with suppress(Refused, Unreachable):  # they have not opened the chat yet, or have left it
            if role is None:
                await _outcome(self._bot.delete_my_commands(scope=scope))
            else:
                await _outcome(self._bot.set_my_commands(menu_of(str(role)), scope=scope))
        return Receipt()

    async def _leave(self, chat: int) -> Receipt:
        with suppress(Refused, Unreachable):  # not in there any more: what was wanted
            await _outcome(self._bot.leave_chat(chat))
        return Receipt()


async def _there(parts: AsyncIterator[bytes]) -> bool:
    async for _ in parts:
        return True
    return False


def _receipt(sent: object) -> Receipt:
    """What a raw message is called."""
    message_id = sent.get("message_id") if isinstance(sent, dict) else None
    if not isinstance(message_id, int):
        raise Uncertain("unreadable result")
    return Receipt(str(message_id))


def _entity(entity: MessageEntity) -> dict[str, Any]:
    """What Telegram takes, in a tenth of the time of the entity's own way to say it."""
    plain = {"type": entity.type, "offset": entity.offset, "length": entity.length}
    return plain if entity.url is None else {**plain, "url": entity.url}


async def _outcome(call: Coroutine[Any, Any, T]) -> T:
    """The call's result, or the `DeliveryError` it amounts to."""
    failure: DeliveryError
    try:
        return await call
    except TelegramError as error:
        failure = failure_of(error)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        # Telegram said ok, and PTB could not read what came with it.
        failure = Uncertain(f"unreadable result ({type(error).__name__})")
    raise failure


def _chat(lane: str) -> int:
    channel, _, chat = lane.partition(":")
    number = _number(chat)
    if channel != "telegram" or number is None:
        raise Unreachable(f"not a Telegram address: {channel}")
    return number


def _reply(payload: dict[str, Any]) -> ReplyParameters | None:
    message_id = _number(payload.get("reply_to"))
    # The message answered may be gone by now: what we say matters more.
    return ReplyParameters(message_id, allow_sending_without_reply=True) if message_id is not None else None


def _number(value: object) -> int | None:
    """Telegram's ids are numbers; the other doors' are not."""
    try:
        return int(str(value))
    except ValueError:
        return None


def _mentions(refused: Refused, *phrases: str) -> bool:
    return any(phrase in refused.reason.lower() for phrase in phrases)
