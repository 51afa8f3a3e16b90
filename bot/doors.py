"""From an inbox payload to an event: one function for each door that writes to the inbox."""

import re
from collections.abc import Mapping
from typing import Any

from bot.telegram.translate import translate as translate_telegram
from bot.turning import Translate
from handlers.events import ChoiceMade, CommandGiven, Event, MediaReceived, MessageReceived, TimerDue

_COMMAND = re.compile(r"/([A-Za-z_]{1,32})(?:\s+(.*))?", re.DOTALL)


def _telegram(payload: dict[str, Any]) -> Event:
    return translate_telegram(payload["update"])


def _web(payload: dict[str, Any]) -> Event:
    if payload.get("choice") is not None:
        return ChoiceMade(address=payload["address"], choice=payload["choice"], external_id=payload["id"])
    if payload.get("piece") is not None:
        return MediaReceived(
            address=payload["address"],
            kind=payload["piece"],
            external_id=payload["id"],
            transcript_id=payload["row"],
        )
    command = _COMMAND.fullmatch(payload["text"])
    if command is not None:
        name, argument = command.group(1).lower(), command.group(2) or ""
        return CommandGiven(
            address=payload["address"], name=name, argument=argument, external_id=payload["id"]
        )
    return MessageReceived(
        address=payload["address"],
        text=payload["text"],
        external_id=payload["id"],
        transcript_id=payload["row"],
    )


def _timer(payload: dict[str, Any]) -> Event:
    return TimerDue(kind=payload["kind"], arguments=payload["arguments"])


TRANSLATIONS: Mapping[str, Translate] = {"telegram": _telegram, "web": _web, "timer": _timer}
